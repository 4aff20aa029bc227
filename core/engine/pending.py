"""What waits for a person."""

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

from core.clock import from_ms
from core.engine.context import Shop
from core.store import lists
from core.store.rows import at
from core.values.fulfilment import FulfilmentState
from core.values.ids import ChatId
from core.values.orders import Order
from core.values.views import PendingRow

MOST = 1000


class Pending:
    """The owner's own to-do list."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._reader = shop.store.people

    async def list(self) -> tuple[PendingRow, ...]:
        """Everything that waits for a person, oldest first: at most a thousand orders, all chats, all accounts."""
        tasks = await self._reader.all("lists.pending", most=MOST)
        orders = await lists.read_orders(self._reader, [row["order_id"] for row in tasks])
        rows = [self._order(row, orders) for row in tasks]
        rows += [_chat(row) for row in await self._reader.all("lists.pending_chats")]
        rows += [_account(row) for row in await self._reader.all("lists.pending_accounts")]
        return tuple(sorted(rows, key=lambda row: row.since_at))

    def _order(self, row: sqlite3.Row, orders: Mapping[int, Order]) -> PendingRow:
        order = orders[row["order_id"]]
        deadline_at = at(row["expires_at"])
        if row["state"] == FulfilmentState.manual and order.paid_at:
            deadline_at = order.paid_at + timedelta(hours=self._shop.config.shipping.deadline_hours)
        return PendingRow(
            kind=row["state"],
            order=order,
            buyer=order.buyer.nick if order.buyer else "",
            account=order.account,
            since_at=from_ms(row["updated_at"]),
            deadline_at=deadline_at,
            reason=row["reason"] or "",
        )


def _chat(row: sqlite3.Row) -> PendingRow:
    return PendingRow(
        kind=row["kind"],
        chat_id=ChatId(row["id"]),
        buyer=row["nick"],
        account=row["account"],
        since_at=from_ms(row["since_at"]),
        deadline_at=at(row["human_until"]),
    )


def _account(row: sqlite3.Row) -> PendingRow:
    return PendingRow(kind="account", account=row["name"], since_at=from_ms(row["changed_at"]), reason=row["reason"])
