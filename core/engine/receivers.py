"""Whom parcels go to."""

from core.engine.context import Shop
from core.rules.receivers import masked
from core.store import receivers
from core.values.receivers import Receiver


class Receivers:
    """Looking at addresses."""

    def __init__(self, shop: Shop) -> None:
        self._reader = shop.store.people

    async def show(self, order_id: int, *, whole: bool) -> Receiver | None:
        """Whom an order's parcel goes to, masked unless `whole`; None when the platform told nothing."""
        found = await receivers.read(self._reader, order_id)
        return found if found is None or whole else masked(found)
