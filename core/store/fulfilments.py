"""Fulfilments: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.store.rows import at
from core.values.fulfilment import ErrorClass, Fulfilment, FulfilmentState, ShipMode
from core.values.ids import OrderId


def find(tx: Tx, order_id: int) -> Fulfilment | None:
    """The shipping task of an order, if it has one."""
    row = tx.one("fulfilments.find", id=order_id)
    return fulfilment_of(row) if row else None


async def read(reader: Reader, order_id: int) -> Fulfilment | None:
    """The same outside a transaction."""
    row = await reader.one("fulfilments.find", id=order_id)
    return fulfilment_of(row) if row else None


async def read_user_of_number(reader: Reader, tracking_no: str, other_than: int | None) -> OrderId | None:
    """The newest order that has a parcel's number, but for one."""
    row = await reader.one("fulfilments.with_number", tracking_no=tracking_no, other_than=other_than)
    return OrderId(row["order_id"]) if row else None


def fulfilment_of(row: sqlite3.Row) -> Fulfilment:
    """A row of fulfilments.find."""
    return Fulfilment(
        order_id=OrderId(row["order_id"]),
        state=FulfilmentState(row["state"]),
        version=row["version"],
        mode=ShipMode(row["mode"]),
        due_at=at(row["due_at"]),
        planned_at=at(row["planned_at"]),
        reason=row["reason"],
        attempts=row["attempts"],
        error_class=ErrorClass(row["error_class"]) if row["error_class"] else None,
        error=row["error"],
        carrier=row["carrier"],
        tracking_no=row["tracking_no"],
        text_sent=bool(row["text_sent"]),
        by_hand=bool(row["by_hand"]),
        remind_at=at(row["remind_at"]),
        reminders=row["reminders"],
        created_at=from_ms(row["created_at"]),
        executed_at=at(row["executed_at"]),
        done_at=at(row["done_at"]),
        updated_at=from_ms(row["updated_at"]),
    )
