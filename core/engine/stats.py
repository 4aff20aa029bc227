"""How the shop did."""

from core.engine.context import Shop
from core.store.figures import Figures


class Stats(Figures):
    """Numbers of shop days and their hours, as of now."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop.store.people, shop.now, shop.zone)
