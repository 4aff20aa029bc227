"""The one object people's fronts get: the shop's topics, each with its questions and acts."""

from datetime import datetime

from core.engine.context import Shop
from core.engine.people import People
from core.engine.stats import Stats


class Engine:
    """The front door. Questions read; acts take the actor and are recorded (law 8)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.zone = shop.zone
        self.people = People(shop)
        self.stats = Stats(shop)

    def now(self) -> datetime:
        """Shop time, aware UTC."""
        return self._shop.now()
