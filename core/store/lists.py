"""Lists of orders, and all about one: rows become values here."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from core.clock import from_ms, to_ms
from core.store.db import Reader, SqlValue
from core.store.fulfilments import fulfilment_of
from core.store.orders import order_of
from core.store.stock import like
from core.values.fulfilment import Fulfilment
from core.values.ids import OrderId
from core.values.orders import Order
from core.values.views import HistoryRow

NEWEST = 2**62
"""Before this id comes every order."""

GROUP = 200
"""How many orders are made into values at a time."""

STATE_OF_FILTER = {"unpaid": "pending_payment", "toship": "pending_ship"}
SHIPPING_OF_FILTER = {
    "risk": "awaiting_approval",
    "failed": "failed",
    "held": "held",
    "manual": "manual",
    "short": "short",
    "unknown": "unknown",
}
FILTERS = ("all", "today", *STATE_OF_FILTER, *SHIPPING_OF_FILTER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders: a filter, a word they hold, the order they come before (keyset), the accounts (None: all)."""

    chosen: str
    text: str = ""
    before: int | None = None
    accounts: Sequence[int] | None = None


def _these(accounts: Sequence[int] | None) -> str | None:
    """Some accounts as a statement takes them; None for all."""
    return None if accounts is None else orjson.dumps(accounts).decode()


async def list_ids(reader: Reader, wanted: Wanted, most: int, today: datetime) -> tuple[OrderId, ...]:
    """The newest orders that are wanted; `today` is when the shop's day began."""
    chosen, word = wanted.chosen, like(wanted.text) if wanted.text else None
    page: dict[str, SqlValue] = {"like": word, "before": wanted.before or NEWEST}
    facts = {**page, "most": most, "accounts": _these(wanted.accounts)}
    if chosen in STATE_OF_FILTER:
        rows = await reader.all("lists.in_state", **facts, state=STATE_OF_FILTER[chosen])
    elif chosen in SHIPPING_OF_FILTER:
        rows = await reader.all("lists.in_shipping", **facts, state=SHIPPING_OF_FILTER[chosen])
    elif chosen == "today":
        rows = await reader.all("lists.since", **facts, since=to_ms(today))
    else:
        return await _list_newest(reader, wanted.accounts, most, page)
    return tuple(OrderId(row["id"]) for row in rows)


async def _list_newest(
    reader: Reader, accounts: Sequence[int] | None, most: int, page: Mapping[str, SqlValue]
) -> tuple[OrderId, ...]:
    """Each account's newest by its own index, then the newest of these: a small account is not sought among all."""
    if accounts is None:
        rows = await reader.all("lists.all", most=most, **page)
    else:
        rows = [row for one in accounts for row in await reader.all("lists.of_account", account=one, most=most, **page)]
    return tuple(OrderId(number) for number in sorted((row["id"] for row in rows), reverse=True)[:most])


async def counts(reader: Reader, accounts: Sequence[int] | None = None) -> dict[str, int]:
    """Open orders by state, and fulfilments that wait, by state (awaiting_approval is "risk"): of all, or some."""
    if accounts is None:
        rows = await reader.all("lists.counts")
    else:
        rows = await reader.all("lists.counts_of", accounts=_these(accounts))
    return {row["name"]: row["n"] for row in rows}


async def read_orders(reader: Reader, ids: Sequence[int]) -> dict[int, Order]:
    """Some orders by id, with their lines and buyers; in groups, so that a long list never holds the event loop up."""
    found: dict[int, Order] = {}
    for start in range(0, len(ids), GROUP):
        found |= await _read_group(reader, ids[start : start + GROUP])
    return found


async def _read_group(reader: Reader, ids: Sequence[int]) -> dict[int, Order]:
    wanted = orjson.dumps(list(ids)).decode()
    lines: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for line in await reader.all("lists.lines", ids=wanted):
        lines[line["order_id"]].append(line)
    return {row["id"]: order_of(row, lines[row["id"]]) for row in await reader.all("lists.orders", ids=wanted)}


async def read_fulfilments(reader: Reader, ids: Sequence[int]) -> dict[int, Fulfilment]:
    """The fulfilments of some orders, by order."""
    rows = await reader.all("lists.fulfilments", ids=orjson.dumps(list(ids)).decode())
    return {row["order_id"]: fulfilment_of(row) for row in rows}


async def find_ids(reader: Reader, number: int | None, order_no: str, ending: str) -> tuple[OrderId, ...]:
    """Orders by short number, else by the platform's number, else by its last digits; at most two, to show a doubt."""
    rows = await reader.all("lists.has", id=number) if number is not None else []
    rows = rows or (await reader.all("lists.numbered", order_no=order_no) if order_no else [])
    rows = rows or (await reader.all("lists.ending", like=f"%{ending}") if ending else [])
    return tuple(OrderId(row["id"]) for row in rows)


async def list_history(reader: Reader, order_id: int, most: int) -> tuple[HistoryRow, ...]:
    """The newest steps of an order and its fulfilment, newest last."""
    rows = await reader.all("lists.history", id=order_id, most=most)
    return tuple(history_of(row) for row in reversed(rows))


async def account_state(reader: Reader, order_id: int) -> str:
    """The state of an order's account."""
    row = await reader.one("lists.account_state", id=order_id)
    return row["state"] if row else ""


def history_of(row: sqlite3.Row) -> HistoryRow:
    """A row of lists.history."""
    return HistoryRow(
        machine=row["machine"],
        at=from_ms(row["at"]),
        before=row["before"],
        after=row["after"],
        event=row["event"],
        actor=row["actor"],
        name=row["name"],
        detail=row["detail"],
    )
