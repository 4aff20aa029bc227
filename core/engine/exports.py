"""Tables people take away, read in small pieces so that the shop goes on meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time, timedelta

from core.engine.context import Shop
from core.errors import Refused
from core.moves import acts
from core.store import exports
from core.values.people import Actor
from core.values.views import ExportRow

WINDOW = 500
"""Short numbers looked through by one question to the file."""
PIECE = 50
"""Rows handed over at a time: a few milliseconds of work, then others have their turn."""


class Exports:
    """Orders of a span of shop days, as they stand now."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def orders(
        self, since: date, until: date, accounts: Sequence[int] | None = None
    ) -> AsyncIterator[tuple[ExportRow, ...]]:
        """The orders made on these shop days, both ends included, oldest first, a piece at a time; all, or some's."""
        reader = self._shop.store.people
        span = exports.Span(self._begin_of(since), self._begin_of(until + timedelta(days=1)), accounts)
        newest = await exports.newest(reader)
        for after in range(0, newest, WINDOW):
            rows = await exports.list_orders(reader, after, min(after + WINDOW, newest), span)
            for first in range(0, len(rows), PIECE):
                yield tuple(exports.row_of(row) for row in rows[first : first + PIECE])
                await asyncio.sleep(0)

    async def record(self, actor: Actor, since: date, until: date, rows: int, table: str, whose: str = "") -> None:
        """Keep who took what away, and whose (law 8); a request walked again is kept once."""
        what = f"{' '.join(filter(None, (table, whose)))} {since} to {until}, {rows} rows"
        cause = self._shop.cause(actor)
        try:
            await self._shop.store.write(lambda tx: acts.record(tx, cause, "export", table, 0, after=what))
        except Refused as error:
            if error.key != "done_before":
                raise

    def _begin_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._shop.zone)
