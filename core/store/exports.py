"""Tables people take away: rows become values here."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from core.clock import from_ms, to_ms
from core.store.db import Reader
from core.store.rows import at
from core.values.fulfilment import FulfilmentState
from core.values.ids import OrderId
from core.values.orders import OrderState
from core.values.views import ExportRow


async def newest(reader: Reader) -> int:
    """The newest order's short number; 0 when there is none."""
    row = await reader.one("exports.newest")
    return int(row["id"] or 0) if row else 0


@dataclass(frozen=True, slots=True)
class Span:
    """Orders made from `since` to before `until`, of some accounts or of all."""

    since: datetime
    until: datetime
    accounts: Sequence[int] | None = None


async def list_orders(reader: Reader, after: int, last: int, span: Span) -> list[sqlite3.Row]:
    """The lines of a span's orders with short numbers over `after` and up to `last`."""
    accounts = None if span.accounts is None else orjson.dumps([*span.accounts]).decode()
    when = {"since": to_ms(span.since), "until": to_ms(span.until)}
    return await reader.all("exports.orders", after=after, last=last, accounts=accounts, **when)


def row_of(row: sqlite3.Row) -> ExportRow:
    """A row of exports.orders."""
    return ExportRow(
        id=OrderId(row["id"]),
        account=row["account"],
        order_no=row["order_no"],
        created_at=from_ms(row["created_at"]),
        paid_at=at(row["paid_at"]),
        shipped_at=at(row["shipped_at"]),
        closed_at=at(row["closed_at"]),
        state=OrderState(row["state"]),
        ship_state=None if row["ship_state"] is None else FulfilmentState(row["ship_state"]),
        by_hand=bool(row["by_hand"]),
        title=row["title"] or "",
        spec=row["spec"] or "",
        quantity=row["quantity"],
        unit_price_fen=row["unit_price_fen"],
        amount_fen=row["amount_fen"],
        refund_fen=row["refund_fen"],
        nick=row["nick"] or "",
        carrier=row["carrier"] or "",
        tracking_no=row["tracking_no"] or "",
    )
