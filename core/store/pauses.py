"""Pauses: rows become values here."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from core.clock import from_ms, to_ms
from core.store import queries
from core.store.db import Reader, Tx
from core.store.rows import at
from core.store.writer import connect
from core.values.backups import RESTORE
from core.values.views import Pause


def stop_restored(path: Path, made_at: datetime) -> None:
    """The file of a backup begins with the emergency stop, whatever its schema; `made_at`: when it was made."""
    row = {"scope": "stop", "entity_id": None, "until_at": None, "by": RESTORE, "reason": made_at.isoformat()}
    connection = connect(path)
    try:
        connection.execute(queries.load()["pauses.add"], {**row, "now": to_ms(datetime.now(UTC))})
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def list_active(tx: Tx, now: datetime) -> tuple[Pause, ...]:
    """What is paused now, oldest first."""
    return tuple(pause_of(row) for row in tx.all("pauses.active", now=to_ms(now)))


async def read_active(reader: Reader, now: datetime) -> tuple[Pause, ...]:
    """The same outside a transaction."""
    return tuple(pause_of(row) for row in await reader.all("pauses.active", now=to_ms(now)))


async def find(reader: Reader, pause_id: int) -> Pause | None:
    """One pause, on or over."""
    row = await reader.one("pauses.find", id=pause_id)
    return pause_of(row) if row else None


async def due_waiting(reader: Reader, now: datetime) -> int:
    """How many shipments are due and not taken; 1000 means that many or more."""
    row = await reader.one("pauses.due_waiting", now=to_ms(now))
    return int(row["n"]) if row else 0


def pause_of(row: sqlite3.Row) -> Pause:
    """A row of pauses.active."""
    return Pause(
        id=row["id"],
        scope=row["scope"],
        entity_id=row["entity_id"],
        until_at=at(row["until_at"]),
        by=row["by"],
        at=from_ms(row["at"]),
        reason=row["reason"],
    )
