"""What people did (law 8): pages of it, and all of a span to take away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta

from core.engine.context import Shop
from core.store import acts
from core.values.acts import Act, ActPage, Sought

PIECE = 200
"""Acts read at a time for a table: others have their turn between."""


class Acts:
    """The record of acts; it is only read here."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self, sought: Sought, before: int | None = None, limit: int = 8) -> ActPage:
        """A page, newest first; `before` is the last number of the page before."""
        first = acts.NEWEST if before is None else before
        rows = await acts.list_acts(self._shop.store.people, sought, first, limit + 1)
        return ActPage(rows=rows[:limit], more=len(rows) > limit)

    async def within(self, since: date, until: date) -> AsyncIterator[tuple[Act, ...]]:
        """The acts of these shop days, both ends included, newest first, a piece at a time."""
        sought, before = self.of_days(since, until), acts.NEWEST
        while rows := await acts.list_acts(self._shop.store.people, sought, before, PIECE):
            yield rows
            before = rows[-1].id
            await asyncio.sleep(0)

    def of_days(self, since: date, until: date) -> Sought:
        """The acts of these shop days, both ends included."""
        return Sought(since=self._begin_of(since), until=self._begin_of(until + timedelta(days=1)))

    def _begin_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._shop.zone)
