"""Reports that were told, and the alarms they wait for."""

from datetime import date, datetime
from typing import NamedTuple

from core.clock import from_ms, to_ms
from core.store.db import Reader, Tx

DAILY = "daily"
"""The name of the evening's report and of its alarm."""


class Alarm(NamedTuple):
    """Since when it is set, and when it is next due."""

    since_at: datetime
    due_at: datetime


async def find_alarm(reader: Reader) -> Alarm | None:
    """The evening's alarm, if it is set."""
    row = await reader.one("reports.alarm", name=DAILY)
    return Alarm(from_ms(row["since_at"]), from_ms(row["due_at"])) if row else None


def set_alarm(tx: Tx, alarm: Alarm) -> None:
    """Set it, or move it; since when it is set is kept."""
    tx.run("reports.set_alarm", name=DAILY, since_at=to_ms(alarm.since_at), due_at=to_ms(alarm.due_at))


def drop_alarm(tx: Tx) -> None:
    """Turn it off."""
    tx.run("reports.drop_alarm", name=DAILY)


def add(tx: Tx, day: date, hours: int, now_ms: int) -> bool:
    """A day's report is told now and covers so many of its hours; False when it was told before."""
    return tx.run("reports.add", name=DAILY, day=day.isoformat(), hours=hours, now=now_ms) == 1


async def hours_told(reader: Reader, day: date) -> int | None:
    """How much of a day its report covers; None when none was told."""
    row = await reader.one("reports.hours_told", name=DAILY, day=day.isoformat())
    return int(row["hours"]) if row else None
