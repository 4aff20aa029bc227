"""Orders, their lines and refunds: rows become values here."""

import sqlite3
from collections.abc import Sequence

from core.clock import from_ms
from core.errors import NotFound
from core.store.db import Reader, Tx
from core.store.rows import at, flag
from core.values.ids import AccountId, BuyerId, ChatNo, ItemId, OrderId, OrderNo, ProductId, UserId
from core.values.money import Fen
from core.values.orders import Buyer, Line, Order, OrderState


def find(tx: Tx, order_id: int) -> Order:
    """An order with its lines and buyer; NotFound."""
    row = tx.one("orders.find", id=order_id)
    if row is None:
        raise NotFound("no_such_order", order=order_id)
    return order_of(row, tx.all("orders.lines", id=order_id))


async def read(reader: Reader, order_id: int) -> Order:
    """The same outside a transaction."""
    row = await reader.one("orders.find", id=order_id)
    if row is None:
        raise NotFound("no_such_order", order=order_id)
    return order_of(row, await reader.all("orders.lines", id=order_id))


async def view_version(reader: Reader, order_id: int) -> int:
    """The version of an order's card."""
    row = await reader.one("orders.view_version", id=order_id)
    return int(row["version"]) if row else 0


def order_of(row: sqlite3.Row, lines: Sequence[sqlite3.Row] = ()) -> Order:
    """A row of orders.find."""
    return Order(
        id=OrderId(row["id"]),
        account_id=AccountId(row["account_id"]),
        account=row["account"],
        order_no=OrderNo(row["order_no"]),
        chat_no=ChatNo(row["chat_no"]) if row["chat_no"] else None,
        buyer=_buyer_of(row) if row["buyer_id"] else None,
        item_id=ItemId(row["item_id"]) if row["item_id"] else None,
        state=OrderState(row["state"]),
        version=row["version"],
        platform_status=row["platform_status"],
        lines=tuple(line_of(line) for line in lines),
        amount_fen=row["amount_fen"],
        needs_postage=flag(row["needs_postage"]),
        created_at=from_ms(row["created_at"]),
        paid_at=at(row["paid_at"]),
        shipped_at=at(row["shipped_at"]),
        closed_at=at(row["closed_at"]),
        reminded_at=at(row["reminded_at"]),
        ship_method=row["ship_method"],
        carrier=row["carrier"],
        tracking_no=row["tracking_no"],
        updated_at=from_ms(row["updated_at"]),
    )


def _buyer_of(row: sqlite3.Row) -> Buyer:
    return Buyer(
        id=BuyerId(row["buyer_id"]),
        user_id=UserId(row["buyer_user_id"]),
        nick=row["nick"],
        first_seen_at=from_ms(row["first_seen_at"]),
        orders=row["orders"],
        paid_orders=row["paid_orders"],
        blocked_reason=row["blocked_reason"],
    )


def line_of(row: sqlite3.Row) -> Line:
    """A row of orders.lines."""
    return Line(
        line_no=row["line_no"],
        product_id=ProductId(row["product_id"]) if row["product_id"] else None,
        item_id=ItemId(row["item_id"]),
        title=row["title"],
        spec=row["spec"],
        quantity=row["quantity"],
        unit_price_fen=None if row["unit_price_fen"] is None else Fen(row["unit_price_fen"]),
        total_fen=None if row["total_fen"] is None else Fen(row["total_fen"]),
    )
