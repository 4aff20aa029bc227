"""Units kept for somebody who is no order of a platform."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.engine.context import Shop
from core.errors import BadArgument
from core.moves import keeps as moves
from core.store import keeps
from core.store import stock as shelf
from core.store.db import Tx
from core.values.keeps import Keep, Want
from core.values.people import Actor

MOST_LINES = 12
MOST_UNITS = 1_000_000
LONGEST_NOTE = 60


class Keeps:
    """What is kept, and what became of it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def usual(self) -> timedelta:
        """How long units are kept when nobody says otherwise."""
        return timedelta(minutes=self._shop.config.stock.keep_minutes)

    async def show(self, keep_id: int) -> Keep:
        """One, kept or over; NotFound("no_such_keep")."""
        return await keeps.read(self._shop.store.people, keep_id)

    async def list(self, accounts: Sequence[int] | None = None) -> tuple[Keep, ...]:
        """What is kept now, the first to end first; of all accounts, or of what some of them sell."""
        reader = self._shop.store.people
        found = await keeps.list_kept(reader)
        sold = None if accounts is None else await shelf.products_of_accounts(reader, accounts)
        return tuple(one for one in found if sold is None or any(line.product_id in sold for line in one.lines))

    async def of_request(self, request: str) -> Keep | None:
        """What a request kept, or decided about."""
        keep_id = await keeps.of_request(self._shop.store.people, request)
        return await self.show(keep_id) if keep_id is not None else None

    async def keep(self, actor: Actor, wants: Sequence[Want], until: datetime | None = None, note: str = "") -> Keep:
        """Keep units until an instant (default: for the usual time), all lines or none.

        Raises BadArgument, NotFound and OutOfStock("keep_unavailable", lines) with how it stands with each line.
        """
        cause, told = self._shop.cause(actor), " ".join(note.split())
        end = cause.now + self.usual if until is None else until
        _check(wants, told)
        if end <= cause.now:
            raise BadArgument("time_is_past")
        keep_id = await self._shop.store.write(lambda tx: moves.keep(tx, cause, wants, end, told))
        return await self.show(keep_id)

    async def put_back(self, actor: Actor, keep_id: int, version: int | None = None) -> Keep:
        """Kept units go back on the shelf, and so do collected ones that were brought back."""
        cause, terms = self._shop.cause(actor), self._shop.terms
        return await self._change(keep_id, lambda tx: moves.put_back(tx, cause, terms, keep_id, version))

    async def collect(self, actor: Actor, keep_id: int, version: int | None = None) -> Keep:
        """Kept units were taken away: sold."""
        cause, terms = self._shop.cause(actor), self._shop.terms
        return await self._change(keep_id, lambda tx: moves.collect(tx, cause, terms, keep_id, version))

    async def extend(
        self, actor: Actor, keep_id: int, more: timedelta | None = None, version: int | None = None
    ) -> Keep:
        """Keep them for longer than until now, by default for the usual time."""
        cause, length = self._shop.cause(actor), self.usual if more is None else more
        return await self._change(keep_id, lambda tx: moves.extend(tx, cause, keep_id, length, version))

    async def _change(self, keep_id: int, work: Callable[[Tx], None]) -> Keep:
        await self._shop.store.write(work)
        return await self.show(keep_id)


def _check(wants: Sequence[Want], note: str) -> None:
    if not 0 < len(wants) <= MOST_LINES:
        raise BadArgument("bad_number", field="keep_lines", value=len(wants), least=1, most=MOST_LINES)
    for want in wants:
        if not 0 < want.quantity <= MOST_UNITS:
            raise BadArgument("bad_number", field="keep_units", value=want.quantity, least=1, most=MOST_UNITS)
    if len(note) > LONGEST_NOTE:
        raise BadArgument("bad_length", field="keep_note", least=0, most=LONGEST_NOTE)
