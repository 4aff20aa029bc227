"""What waits for a person."""

from collections.abc import Sequence
from datetime import timedelta

from core.engine.context import Shop
from core.store import pending
from core.store.accounts import list_sellers as sellers
from core.values.ids import AccountId
from core.values.views import PendingRow

MOST = 1000


class Pending:
    """The owner's own to-do list."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self, accounts: Sequence[AccountId] | None = None) -> tuple[PendingRow, ...]:
        """Everything that waits for a person, oldest first: at most a thousand orders, all chats, all logins.

        Of all accounts, or of some.
        """
        reader = self._shop.store.people
        ship_within = timedelta(hours=self._shop.config.shipping.deadline_hours)
        rows = [
            *await pending.list_orders(reader, MOST, ship_within),
            *await pending.list_chats(reader),
            *await pending.list_accounts(reader),
        ]
        names = {row.name for row in (await sellers(reader)).every if accounts is None or row.id in accounts}
        return tuple(sorted((row for row in rows if row.account in names), key=lambda row: row.since_at))
