"""How the shop did."""

from datetime import timedelta

from core.engine.context import Shop
from core.store import stats
from core.values.views import DayNumbers


class Stats:
    """Numbers of whole shop days, read from the roll-ups alone."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def numbers(self, days: int) -> DayNumbers:
        """The last `days` shop days, today included (1 = today)."""
        until = self._shop.now().astimezone(self._shop.zone).date()
        return await stats.numbers(self._shop.store.people, until - timedelta(days=max(1, days) - 1), until)
