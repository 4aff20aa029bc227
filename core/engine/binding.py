"""Binding: the one-time code that is printed at the host makes whoever types it the owner."""

import logging
import secrets
import unicodedata
from collections import deque
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from core.engine.context import Shop
from core.errors import Busy, NotFound
from core.moves import binding as moves
from core.store import people, rooms
from core.values.people import SHOP, Actor, ChatKind, Role

LOG = logging.getLogger("zhanggui.binding")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two signs nobody mixes up when reading them aloud: no 0, O, 1, I."""
LENGTH = 8
"""40 bits: at the rate below ten thousand people who guess day and night would need two hundred years."""
GOOD_FOR = timedelta(hours=24)
WINDOW = timedelta(minutes=10)
WRONG_OF_ONE = 5
"""Wrong codes of one person within the window before theirs are not looked at any more; the others' are."""
MOST_REMEMBERED = 10_000
"""Wrong codes that are remembered at most: ids cost a flood nothing."""


class Binding:
    """Issues codes and takes them."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._wrong: deque[tuple[datetime, str]] = deque(maxlen=MOST_REMEMBERED)

    async def list_needing(
        self, fronts: Iterable[str], deaf: Collection[str] = (), alone: Collection[str] = ()
    ) -> tuple[str, ...]:
        """The fronts where nobody can tell the shop anything yet.

        That is where it stands in no group, but for those where it hears nobody (`deaf`), and of those that hear people
        1:1 alone (`alone`) where no owner is known.
        """
        rooms_known = await rooms.list_all(self._shop.store.people)
        members = await people.list_all(self._shop.store.people)
        heard = {r.front for r in rooms_known if r.kind is ChatKind.group and r.is_open and r.chat not in deaf}
        owned = {one.who.partition(":")[0] for one in members if one.role is Role.owner}
        return tuple(front for front in fronts if front not in (owned if front in alone else heard))

    async def issue(self) -> str:
        """A new code, "K7QF-M3ZP", good for 24 hours and once; whatever was printed before is good no longer."""
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        cause = self._shop.cause(SHOP)
        await self._shop.store.write(lambda tx: moves.issue(tx, cause, code, GOOD_FOR))
        return f"{code[:4]}-{code[4:]}"

    async def bind(self, actor: Actor, kind: ChatKind, title: str = "") -> None:
        """Let the shop into the chat the actor, an owner, speaks in."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.bind(tx, cause, kind, title))

    async def bind_with_code(self, actor: Actor, code: str, kind: ChatKind, title: str = "") -> None:
        """Make the actor an owner and their chat a room. NotFound("wrong_code"); Busy after many wrong ones."""
        cause = self._shop.cause(actor)
        self._check_rate(actor.who, cause.now)
        try:
            await self._shop.store.write(lambda tx: moves.bind_with_code(tx, cause, read_code(code), kind, title))
        except NotFound:
            self._wrong.append((cause.now, actor.who))
            LOG.warning("a wrong binding code from %s in %s", actor.who, actor.chat)
            raise

    def _check_rate(self, who: str, now: datetime) -> None:
        mine = [at for at, guesser in self._wrong if guesser == who and now - at < WINDOW]
        if len(mine) >= WRONG_OF_ONE:
            raise Busy("too_fast", retry_after_s=WINDOW.total_seconds())


def read_code(typed: str) -> str:
    """The code in what a person typed: case, dashes, blanks and full-width signs do not matter."""
    return "".join(char for char in unicodedata.normalize("NFKC", typed[:100]).upper() if char.isalnum())
