"""What waits for a person."""

from datetime import timedelta

from core.engine.context import Shop
from core.store import pending
from core.values.views import PendingRow

MOST = 1000


class Pending:
    """The owner's own to-do list."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> tuple[PendingRow, ...]:
        """Everything that waits for a person, oldest first: at most a thousand orders, all chats, all accounts."""
        reader = self._shop.store.people
        ship_within = timedelta(hours=self._shop.config.shipping.deadline_hours)
        rows = [
            *await pending.list_orders(reader, MOST, ship_within),
            *await pending.list_chats(reader),
            *await pending.list_accounts(reader),
        ]
        return tuple(sorted(rows, key=lambda row: row.since_at))
