"""The standing check: does every row of the file keep the laws? (laws.md, law 7 and the invariants)

Each check is one query that gives the first row that is wrong, in words that stay the same while it is wrong. A light
check looks at what is open and at the newest rows, so that a running shop is not held up; a whole one at every row.
Lateness is measured against the last sign of life: while nobody is there, nothing is late.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import from_ms, to_ms
from core.rules.fulfilment import FULFILMENTS, FulfilmentEvent
from core.rules.machine import Machine
from core.rules.orders import ORDERS, OrderEvent
from core.store import queries
from core.store.db import Reader
from core.values.findings import Finding
from core.values.fulfilment import FulfilmentState
from core.values.orders import OrderState

WINDOW = 2000
"""How many of the newest rows a light check looks at."""
LATE_MS = 10 * 60 * 1000
"""What is due for so long, with the shop alive, is late."""


@dataclass(frozen=True, slots=True)
class Check:
    """A law, the query that finds its first wrong row, and whether only a whole check runs it."""

    law: int
    name: str
    whole: bool = False


CHECKS = (
    Check(5, "dangling", whole=True),
    Check(7, "stock_sum", whole=True),
    Check(7, "stock_last"),
    Check(7, "ledger_step"),
    Check(7, "stock_reserved"),
    Check(7, "stock_sold", whole=True),
    Check(7, "held_for_nothing"),
    Check(7, "keys_shelf"),
    Check(7, "keys_held"),
    Check(7, "key_owner"),
    Check(7, "key_twice", whole=True),
    Check(7, "number_over"),
    Check(7, "number_lost"),
    Check(7, "hours", whole=True),
    Check(5, "order_life"),
    Check(5, "order_unborn"),
    Check(5, "fulfilment_life"),
    Check(5, "fulfilment_unborn"),
    Check(5, "life_broken"),
    Check(5, "shipping_closed"),
    Check(5, "scheduled_closed", whole=True),
    Check(1, "paid_forgotten"),
    Check(3, "executing_alone"),
    Check(3, "unknown_alone"),
    Check(4, "shipped_unread"),
    Check(2, "shipped_twice"),
    Check(2, "said_twice"),
    Check(2, "heard_twice"),
    Check(9, "approval_alone"),
    Check(9, "unasked"),
    Check(9, "approved_by_nobody"),
    Check(8, "unrecorded"),
    Check(9, "approval_overdue"),
    Check(12, "keep_overdue"),
    Check(12, "outbox_late"),
    Check(12, "outbox_held"),
    Check(12, "outbox_dead_end"),
    Check(12, "shipment_late"),
    Check(1, "inbox_late"),
    Check(10, "notice_late"),
)

RECOUNTED = (
    "orders",
    "paid",
    "cancelled",
    "refunds",
    "shipped_auto",
    "shipped_by_hand",
    "ship_failed",
    "approvals_asked",
    "approved",
    "rejected",
    "expired",
    "messages",
)
MACHINES: dict[str, Machine[OrderState, OrderEvent] | Machine[FulfilmentState, FulfilmentEvent]] = {
    "order": ORDERS,
    "fulfilment": FULFILMENTS,
}


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as it stands now, for reading only."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


async def check(reader: Reader, now: datetime) -> list[Finding]:
    """The light check of a running shop: the first wrong row of each law, among what is open and what is newest."""
    beat = await reader.one("health.heartbeat")
    newest = dict((await reader.all("books.edges"))[0])
    facts = _facts(beat, {name: max(0, edge - WINDOW) for name, edge in newest.items()}, to_ms(now))
    found = []
    for one in CHECKS:
        if not one.whole:
            found += [_finding(one, row) for row in await reader.all(f"books.{one.name}", **facts)]
    return found + _illegal_steps(await reader.all("books.steps", **facts))


def check_file(path: Path, zone: ZoneInfo) -> list[Finding]:
    """The whole check of a file as it stands now: the first wrong row of each law. Blocks.

    A file that SQLite cannot read gives one finding, with SQLite's words.
    """
    try:
        with snapshot(path) as connection:
            return _torn(connection) or find_wrong(connection, zone)
    except sqlite3.DatabaseError as error:
        return [Finding(law=1, check="integrity", row=str(error))]


def find_wrong(connection: sqlite3.Connection, zone: ZoneInfo) -> list[Finding]:
    """The same on an open connection."""
    beat = connection.execute(queries.load()["health.heartbeat"]).fetchone()
    facts = _facts(beat, dict.fromkeys(dict(_rows(connection, "edges", {})[0]), 0))
    found = [_finding(one, row) for one in CHECKS for row in _rows(connection, one.name, facts)]
    found += _illegal_steps(_rows(connection, "steps", facts))
    return [*found, *_wrong_days(connection, zone), *_wrong_totals(connection)]


def count_rows(path: Path) -> dict[str, int]:
    """How many rows a whole check looks at, by table."""
    with snapshot(path) as connection:
        return dict(_rows(connection, "counted", {})[0])


def _rows(connection: sqlite3.Connection, name: str, facts: dict[str, int]) -> list[sqlite3.Row]:
    return connection.execute(queries.load()[f"books.{name}"], facts).fetchall()


def _torn(connection: sqlite3.Connection) -> list[Finding]:
    """What SQLite itself finds wrong with the file: no other check means anything then."""
    return [Finding(law=1, check="integrity", row=row["row"]) for row in _rows(connection, "integrity", {})]


def _finding(one: Check, row: sqlite3.Row) -> Finding:
    return Finding(law=one.law, check=one.name, row=row["row"])


def _facts(beat: sqlite3.Row | None, since: dict[str, int], now_ms: int | None = None) -> dict[str, int]:
    """Where to look from, and since when something is late; a shop that never ran is never late."""
    at = beat["at"] if beat else 0
    alive_at = at if now_ms is None else min(at, now_ms)
    return {**since, "late_before": alive_at - LATE_MS, "up_since": beat["started_at"] if beat else 0}


def _illegal_steps(steps: Sequence[sqlite3.Row]) -> list[Finding]:
    """Steps that no machine's table has."""
    for row in steps:
        if not _is_legal(row):
            words = f"no {row['machine']} goes from {row['before']} to {row['after']} by {row['event']}"
            return [Finding(law=5, check="steps", row=f"history {row['id']}: {words}")]
    return []


def _is_legal(row: sqlite3.Row) -> bool:
    machine = MACHINES[row["machine"]]
    if row["before"] is None:
        return row["after"] in machine.born
    return any(
        state == row["before"]
        and any(event == row["event"] and after == row["after"] for event, after in moves.items())
        for state, moves in machine.moves.items()
    )


def _wrong_days(connection: sqlite3.Connection, zone: ZoneInfo) -> list[Finding]:
    """Roll-ups that differ from a recount, day by day."""
    told = {(row["day"], row["name"]): row["value"] for row in _rows(connection, "days", {})}
    counted: dict[tuple[str, str], int] = {}
    for row in _rows(connection, "quarters", {}):
        day = from_ms(row["quarter"] * 900_000).astimezone(zone).date().isoformat()
        counted[day, row["name"]] = counted.get((day, row["name"]), 0) + row["value"]
    keys = sorted(key for key in told.keys() | counted.keys() if key[1] in RECOUNTED)
    return [
        Finding(
            law=7,
            check="days",
            row=f"{day}: {name} is {told.get((day, name), 0)}, a recount says {counted.get((day, name), 0)}",
        )
        for day, name in keys
        if told.get((day, name), 0) != counted.get((day, name), 0)
    ][:1]


def _wrong_totals(connection: sqlite3.Connection) -> list[Finding]:
    """Money in the roll-ups that differs from a recount."""
    told: dict[str, int] = {}
    for row in _rows(connection, "days", {}):
        told[row["name"]] = told.get(row["name"], 0) + row["value"]
    return [
        Finding(
            law=7, check="totals", row=f"{row['name']} is {told.get(row['name'], 0)}, a recount says {row['value']}"
        )
        for row in _rows(connection, "totals", {})
        if told.get(row["name"], 0) != row["value"]
    ][:1]
