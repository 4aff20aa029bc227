"""What the five figures are made of, counted in the transaction of what it counts (KPI-001 to KPI-005)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import from_ms
from core.moves.cause import Cause
from core.rules.indicators import bucket
from core.store.db import SqlValue, Tx

AUTO_FAILED = "auto_failed"
LATE = "late"
CALL = "call:"
"""Before the name of a call of the marketplace."""


def took(tx: Tx, cause: Cause, name: str, took_ms: float, account_id: int) -> None:
    """Count a length of time, for the shop and for the account."""
    where: dict[str, SqlValue] = {"day": cause.day, "name": name, "upto_ms": bucket(took_ms)}
    tx.add_up("indicators.add_duration", 1, **where)
    tx.add_up("indicators.add_duration_of_account", 1, account_id=account_id, **where)


def auto_failed(tx: Tx, cause: Cause, account_id: int) -> None:
    """A shipment that began by itself came to need a person."""
    took(tx, cause, AUTO_FAILED, 0, account_id)


def seen(tx: Tx, now: datetime, zone: ZoneInfo, longest_s: float, *, starting: bool) -> None:
    """Count the time since the last sign of life, before this one is written: there, or away, by shop days.

    Away is what lies before a start, and a gap over `longest_s` (a machine that slept). Instants are wall-clock time.
    """
    row = tx.one("indicators.beat_at")
    since = from_ms(row["at"]) if row else now
    away = starting or (now - since).total_seconds() > longest_s
    while since < now:
        here = since.astimezone(zone)
        midnight = datetime.combine(here.date() + timedelta(days=1), time(), zone)
        until = min(now, midnight.astimezone(now.tzinfo))
        length = round((until - since).total_seconds() * 1000)
        tx.run(
            "indicators.add_presence",
            day=here.date().isoformat(),
            up_ms=0 if away else length,
            down_ms=length if away else 0,
        )
        since = until
