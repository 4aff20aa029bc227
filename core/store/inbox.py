"""The inbox: rows become values here.

What waits together is written by one statement: while SQLite works the event loop runs, but for each return from it the
writer's thread must wait for its turn, so that a statement a record would cost the loop's whole time in a rush.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.values import Value
from core.values.ids import InboxId


class WaitingRecord(Value):
    """A record that was stored and not acted on."""

    id: InboxId
    account: str
    raw: bytes


class ParkedRecord(WaitingRecord):
    """A record that was stored and set aside."""

    parked_at: datetime


class Arrival(NamedTuple):
    """A record of a market on its way into the inbox; `keys` name it for ever."""

    account_id: int
    keys: tuple[str, ...]
    kind: str
    state: str

    def row(self) -> tuple[int, str, str | None, str, str]:
        """As the statement takes it. Two accounts may see the same record; SQLite ends a text at a NUL."""
        keys = [f"{self.account_id}:{key}".replace("\0", "\ufffd") for key in self.keys]
        return self.account_id, keys[0], keys[1] if len(keys) > 1 else None, self.kind, self.state


def add_all(tx: Tx, arrivals: Sequence[Arrival], now_ms: int) -> list[int | None]:
    """The new row's id for each; None for what was seen before (by either key)."""
    rows = [arrival.row() for arrival in arrivals]
    last = tx.one("inbox.last")
    assert last is not None
    tx.run("inbox.add_all", rows=orjson.dumps(rows).decode(), now=now_ms)
    found = tx.one("inbox.added", last=last["id"])
    assert found is not None
    added = deque(orjson.loads(found["added"]))
    return [added.popleft()[1] if added and added[0][0] == row[1] else None for row in rows]


def keep_payloads(tx: Tx, raws: Iterable[tuple[int, bytes]]) -> None:
    """Seal and keep what the rows were."""
    rows = [(inbox_id, tx.vault.seal(raw).decode()) for inbox_id, raw in raws]
    if rows:
        tx.run("inbox.keep_payloads", rows=orjson.dumps(rows).decode())


def reread(tx: Tx, inbox_id: int, arrival: Arrival, now_ms: int) -> bool:
    """A record that was kept turned out to be something; False when that, by its names, is known by now."""
    _, key, second_key, kind, state = arrival.row()
    done_at = None if state == "waiting" else now_ms
    names = {"key": key, "second_key": second_key}
    return tx.run("inbox.reread", id=inbox_id, kind=kind, state=state, done_at=done_at, **names) == 1


async def list_parked(reader: Reader, kind: str, after: int, most: int) -> list[ParkedRecord]:
    """The next records of a kind that wait to be understood, oldest first."""
    rows = await reader.all("inbox.parked", kind=kind, after=after, most=most)
    return [_parked(row, reader) for row in rows]


async def list_quarantined(reader: Reader, after: int, most: int) -> list[ParkedRecord]:
    """The next records that were set aside by an error, oldest first."""
    rows = await reader.all("inbox.quarantined", after=after, most=most)
    return [_parked(row, reader) for row in rows]


def _parked(row: sqlite3.Row, reader: Reader) -> ParkedRecord:
    return ParkedRecord(
        id=InboxId(row["id"]),
        account=row["account"],
        raw=reader.vault.open(row["raw"]),
        parked_at=from_ms(row["parked_at"]),
    )


async def list_waiting(reader: Reader, after: int, most: int) -> list[WaitingRecord]:
    """The next records to act on, oldest first."""
    rows = await reader.all("inbox.waiting_records", after=after, most=most)
    return [
        WaitingRecord(id=InboxId(row["id"]), account=row["account"], raw=reader.vault.open(row["raw"])) for row in rows
    ]
