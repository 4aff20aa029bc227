"""The pool of tracking numbers bought beforehand: looked at, filled, put away."""

from collections import Counter
from collections.abc import Sequence

from core.engine.context import Shop
from core.errors import BadArgument
from core.moves import waybills as moves
from core.rules.carriers import find_carrier
from core.rules.number_lists import read_list
from core.store import waybills
from core.values.parcels import NumbersLeft, NumbersPreview
from core.values.people import Actor


class Numbers:
    """Each number goes to one order, in the order they were imported."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> tuple[NumbersLeft, ...]:
        """The pool by carrier."""
        return await waybills.read_counts(self._shop.store.people)

    async def list_free(self) -> tuple[tuple[str, int], ...]:
        """How many are left, by carrier, the most first."""
        return await waybills.read_free(self._shop.store.people)

    async def preview(self, carrier: str | None, lines: Sequence[str]) -> NumbersPreview:
        """What an import would do; nothing is written. BadArgument("unknown_carrier")."""
        listed = read_list(lines, _code_of(carrier))
        reader = self._shop.store.people
        prints = {reader.vault.fingerprint(number): code for code, number in listed.good}
        known = await waybills.known_prints(reader, list(prints))
        new = Counter(code for name, code in prints.items() if name not in known)
        return NumbersPreview(new=tuple(new.most_common()), known=len(known), listed=listed)

    async def add(self, actor: Actor, carrier: str | None, lines: Sequence[str]) -> int:
        """Put the good lines into the pool; how many are new."""
        cause, listed = self._shop.cause(actor), read_list(lines, _code_of(carrier))
        return await self._shop.store.write(lambda tx: moves.add(tx, cause, listed.good))

    async def put_away(self, actor: Actor, carrier: str) -> int:
        """Set aside what is left of a carrier; how many. BadArgument("unknown_carrier")."""
        cause, code = self._shop.cause(actor), _code_of(carrier)
        return await self._shop.store.write(lambda tx: moves.put_away(tx, cause, code or ""))


def _code_of(words: str | None) -> str | None:
    if not words:
        return None
    carrier = find_carrier(words)
    if carrier is None:
        raise BadArgument("unknown_carrier", carrier=words[:40])
    return carrier.code
