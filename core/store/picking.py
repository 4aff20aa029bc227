"""What waiting parcels need from the shelf: rows become values here."""

import sqlite3
from datetime import datetime, timedelta

from core.clock import from_ms
from core.config import Shipping
from core.rules.shipping import ship_by_at
from core.store.db import Reader
from core.values.ids import OrderId
from core.values.picking import Pick


async def list_waiting(reader: Reader, most: int, shipping: Shipping, now: datetime) -> tuple[Pick, ...]:
    """The positions of waiting parcels, those paid first, with their deadlines by the settings."""
    pressing_by = now + timedelta(hours=shipping.escalate_before_hours)
    rows = await reader.all("picking.waiting", most=most)
    return tuple(_pick(row, shipping, pressing_by) for row in rows)


def _pick(row: sqlite3.Row, shipping: Shipping, pressing_by: datetime) -> Pick:
    due_at = ship_by_at(from_ms(row["paid_at"]), shipping)
    return Pick(
        order_id=OrderId(row["id"]),
        account=row["account"],
        title=row["title"] or row["item_id"],
        spec=row["spec"],
        quantity=row["quantity"],
        location=row["location"],
        fragile=bool(row["fragile"]),
        ship_by_at=due_at,
        pressing=due_at <= pressing_by,
    )
