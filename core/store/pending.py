"""What waits for a person: rows become values here."""

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

from core.clock import from_ms
from core.store.db import Reader
from core.store.lists import read_orders
from core.store.rows import at
from core.values.fulfilment import FulfilmentState
from core.values.ids import ChatId
from core.values.orders import Order
from core.values.views import PendingRow


async def list_orders(reader: Reader, most: int, ship_within: timedelta) -> tuple[PendingRow, ...]:
    """Orders that wait for a person, the longest first; what is shipped by hand is due `ship_within` of payment."""
    tasks = await reader.all("pending.tasks", most=most)
    orders = await read_orders(reader, [row["order_id"] for row in tasks])
    return tuple(_order(row, orders, ship_within) for row in tasks)


async def list_chats(reader: Reader) -> tuple[PendingRow, ...]:
    """Conversations a person speaks in, and those with a text nobody knows the fate of."""
    return tuple(
        PendingRow(
            kind=row["kind"],
            chat_id=ChatId(row["id"]),
            buyer=row["nick"],
            account=row["account"],
            since_at=from_ms(row["since_at"]),
            deadline_at=at(row["human_until"]),
        )
        for row in await reader.all("pending.chats")
    )


async def list_accounts(reader: Reader) -> tuple[PendingRow, ...]:
    """Accounts only a person can bring back."""
    return tuple(
        PendingRow(
            kind=row["state"],
            account=row["name"],
            since_at=from_ms(row["changed_at"]),
            reason=row["reason"],
        )
        for row in await reader.all("pending.accounts")
    )


def _order(row: sqlite3.Row, orders: Mapping[int, Order], ship_within: timedelta) -> PendingRow:
    order = orders[row["order_id"]]
    deadline_at = at(row["expires_at"])
    if row["state"] == FulfilmentState.manual and order.paid_at:
        deadline_at = order.paid_at + ship_within
    return PendingRow(
        kind=row["state"],
        order=order,
        buyer=order.buyer.nick if order.buyer else "",
        account=order.account,
        since_at=from_ms(row["updated_at"]),
        deadline_at=deadline_at,
        reason=row["reason"] or "",
    )
