"""What people did, and what they did not get (law 8): pages of it, and all of a span to take away."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from enum import Enum

from core.engine.context import Shop
from core.errors import Refused, ShopError
from core.moves import acts as moves
from core.store import acts
from core.values.acts import Act, ActPage, Sought
from core.values.people import Actor

PIECE = 200
"""Acts read at a time for a table: others have their turn between."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
A_MINUTE, A_DAY = 5, 200
"""Refusals of one person, or of all strangers together, that are written down within a minute and a day."""
STRANGERS = "strangers"


class Refusals(Enum):
    """What to do with one more refusal."""

    one = "one"
    last = "last"
    """Only that there were more."""
    enough = "enough"


class Counted:
    """How many refusals of a person are on record within a minute and a day."""

    def __init__(self) -> None:
        self._at: dict[str, deque[datetime]] = {}

    def add(self, who: str, now: datetime) -> Refusals:
        """Count one more; what is to be written of it."""
        times = self._at.setdefault(who, deque())
        while times and now - times[0] >= DAY:
            times.popleft()
        minute = sum(now - at < MINUTE for at in times)
        if minute > A_MINUTE or len(times) > A_DAY:
            return Refusals.enough
        times.append(now)
        return Refusals.last if minute == A_MINUTE or len(times) > A_DAY else Refusals.one


class Acts:
    """The record of acts; what was refused is added to it here."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._counts = Counted()

    async def refuse(self, actor: Actor, known: bool, verb: str, thing: tuple[str, int], error: ShopError) -> None:
        """Put a refusal on record; of a flood only its beginning, and that there was more, or it would fill the disk.

        `known`: the actor is a person of the shop; all others share what is left to strangers.
        """
        cause = self._shop.cause(actor)
        more = self._counts.add(actor.who if known else STRANGERS, cause.now)
        if more is not Refusals.enough:
            told = error if more is Refusals.one else Refused("more_refused")
            await self._shop.store.write(lambda tx: moves.refuse(tx, cause, verb, *thing, told))

    async def list(self, sought: Sought, before: int | None = None, limit: int = 8) -> ActPage:
        """A page, newest first; `before` is the last number of the page before."""
        first = acts.NEWEST if before is None else before
        rows = await acts.list_tries(self._shop.store.people, sought, first, limit + 1)
        return ActPage(rows=rows[:limit], more=len(rows) > limit)

    async def within(self, since: date, until: date) -> AsyncIterator[tuple[Act, ...]]:
        """The acts of these shop days, both ends included, newest first, a piece at a time."""
        sought, before = self.of_days(since, until), acts.NEWEST
        while rows := await acts.list_tries(self._shop.store.people, sought, before, PIECE):
            yield rows
            before = rows[-1].id
            await asyncio.sleep(0)

    def of_days(self, since: date, until: date) -> Sought:
        """The acts of these shop days, both ends included."""
        return Sought(since=self._begin_of(since), until=self._begin_of(until + timedelta(days=1)))

    def _begin_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._shop.zone)
