"""Tags of people, and which of them alerts call."""

from collections.abc import Sequence

from core.engine.context import Shop
from core.engine.people import People
from core.moves import tags as moves
from core.rules.tags import tags_of
from core.store import tags
from core.values.counter import Called, Person
from core.values.notices import Notice, NoticeKind
from core.values.people import Actor


class Tags:
    """Who goes by which tag, and who is called by what."""

    def __init__(self, shop: Shop, people: People) -> None:
        self._shop, self._people = shop, people

    async def change(self, actor: Actor, member_id: int, add: Sequence[str], drop: Sequence[str]) -> Person:
        """Give a person tags and take some away. NotFound, Refused("too_many_tags"), BadArgument("no_tag")."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.change(tx, cause, member_id, add, drop))
        return await self._people.choose(f"m{member_id}")

    async def call(self, actor: Actor, word: str, tag: str) -> None:
        """Let an event or a kind of notice call a tag; empty: nobody."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.call(tx, cause, word, tag))

    async def called_by(self, notice: Notice) -> tuple[Called, ...]:
        """Whom a notice calls; nobody while nobody has its tag."""
        reader = self._shop.store.people
        words = tags_of(notice.kind, notice.detail, await tags.calls(reader))
        found = [one for word in words for one in await tags.list_called(reader, word)]
        return tuple({one.ids: one for one in found}.values())

    async def by_kind(self) -> dict[NoticeKind, tuple[str, ...]]:
        """The tags each kind of notice calls, of those that call any: the same word in several languages."""
        chosen = await tags.calls(self._shop.store.people)
        return {kind: words for kind in NoticeKind if (words := tags_of(kind, "", chosen))}
