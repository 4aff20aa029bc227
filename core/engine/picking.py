"""What to take from the shelf."""

from core.engine.context import Shop
from core.rules.picking import walk_key
from core.store import picking
from core.values.picking import PickList

MOST = 1000
"""So many positions of those paid first are listed."""


class Picking:
    """Looking along the shelf."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> PickList:
        """What paid parcels wait for, in the order of a walk along the shelf: by place, then by deadline."""
        shop = self._shop
        found = await picking.list_waiting(shop.store.people, MOST + 1, shop.config.shipping, shop.now())
        return PickList(picks=tuple(sorted(found[:MOST], key=walk_key)), more=len(found) > MOST)
