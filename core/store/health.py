"""Signs of life and what is late: rows become values here."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from core.clock import from_ms, to_ms
from core.store.db import Reader, Tx
from core.store.rows import at
from core.values.ids import AccountId, UserId
from core.values.views import AccountHealth
from core.values.vitals import LineState, Vitals


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a running shop."""

    at: datetime
    started_at: datetime
    pid: int
    version: str
    vitals: Vitals


def beat(tx: Tx, now: datetime, started_at: datetime, pid: int, version: str, vitals: Vitals) -> None:
    """Write a sign of life."""
    tx.run(
        "health.beat",
        now=to_ms(now),
        started_at=to_ms(started_at),
        pid=pid,
        version=version,
        vitals=vitals.model_dump_json(),
    )


async def heartbeat(reader: Reader) -> Heartbeat | None:
    """The last sign of life; None when the shop never ran."""
    row = await reader.one("health.heartbeat")
    if row is None:
        return None
    vitals = Vitals.model_validate_json(row["health"])
    return Heartbeat(from_ms(row["at"]), from_ms(row["started_at"]), row["pid"], row["version"], vitals)


async def list_accounts(reader: Reader) -> tuple[AccountHealth, ...]:
    """Every account's link."""
    return tuple(account_of(row) for row in await reader.all("health.accounts"))


async def list_lines(reader: Reader, vitals: Vitals, now: datetime) -> tuple[AccountHealth, ...]:
    """The same, with how their calls are by the last sign of life, and how much is due."""
    due = {row["account_id"]: row["n"] for row in await reader.all("health.due_by_account", now=to_ms(now))}
    rows = await list_accounts(reader)
    none = LineState()
    return tuple(
        row.model_copy(update={"line": vitals.lines.get(row.name, none), "due": due.get(row.id, 0)}) for row in rows
    )


async def find_account(reader: Reader, account_id: int) -> AccountHealth | None:
    """One account's link."""
    row = await reader.one("health.account", id=account_id)
    return account_of(row) if row else None


async def backlog(reader: Reader, name: str, now: datetime) -> tuple[int, float | None]:
    """How much waits in a queue (chats, records, notices, outbox, unknown), and for how many seconds the oldest."""
    row = await reader.one(f"health.{name}", now=to_ms(now))
    assert row is not None
    oldest = row["due_at"] if "due_at" in row.keys() else None  # noqa: SIM118 - a Row iterates over its values
    return row["n"], None if oldest is None else (to_ms(now) - oldest) / 1000


async def counts(reader: Reader, name: str, now: datetime) -> dict[str, int]:
    """A row of numbers (odd, away)."""
    row = await reader.one(f"health.{name}", now=to_ms(now))
    return dict(row) if row else {}


def account_of(row: sqlite3.Row) -> AccountHealth:
    """A row of health.accounts."""
    return AccountHealth(
        id=AccountId(row["id"]),
        name=row["name"],
        user_id=UserId(row["user_id"]) if row["user_id"] else None,
        state=row["state"],
        reason=row["reason"],
        since_at=at(row["changed_at"]),
        first_connected_at=at(row["first_connected_at"]),
        last_frame_at=at(row["last_frame_at"]),
        caught_up_at=at(row["caught_up_at"]),
        logged_in_at=at(row["logged_in_at"]),
        login_ends_at=at(row["login_ends_at"]),
    )
