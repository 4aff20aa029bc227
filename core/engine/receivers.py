"""Whom parcels go to."""

from core.engine.context import Shop
from core.store import receivers
from core.values.receivers import Receiver


class Receivers:
    """Looking at addresses; fronts decide how much of them is shown where."""

    def __init__(self, shop: Shop) -> None:
        self._reader = shop.store.people

    async def show(self, order_id: int) -> Receiver | None:
        """Whom an order's parcel goes to; None when the platform told nothing."""
        return await receivers.read(self._reader, order_id)
