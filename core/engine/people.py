"""Who may act here."""

from collections.abc import Callable
from typing import TypeVar

from core.clock import to_ms
from core.engine.context import Shop
from core.errors import NotFound, Refused
from core.moves import people as moves
from core.moves.cause import Cause
from core.moves.people import TERMINAL
from core.store import people, rooms
from core.store.db import Tx
from core.values.counter import Member, Person
from core.values.people import Actor, Role

T = TypeVar("T")


class People:
    """The people of the shop: one person, however many ids."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, who: str) -> Member | None:
        """The person with a stable platform user id ("terminal:owner"), or None."""
        return await people.find(self._shop.store.people, who)

    async def list(self) -> tuple[Member, ...]:
        """Everybody who may do anything, longest here first; a person with two ids stands there twice."""
        return await people.list_all(self._shop.store.people)

    async def list_persons(self) -> tuple[Person, ...]:
        """The same, each person once with every id and what they did last."""
        return await people.list_persons(self._shop.store.people)

    async def list_unreachable(self, role: Role = Role.owner) -> tuple[Person, ...]:
        """People with a role and an id of a chat platform whom the shop cannot write in private: none pressed start."""
        private = {room.chat for room in await rooms.list_private(self._shop.store.people, role)}
        persons = (person for person in await self.list_persons() if person.role is role)
        return tuple(p for p in persons if any(not i.startswith(TERMINAL) for i in p.ids) and not private & {*p.ids})

    async def choose(self, word: str, front: str = "") -> Person:
        """A person by "m3", an id ("telegram:123", or "123" of `front`), or their whole name when only one has it.

        Raises NotFound("no_such_member") and Refused("ambiguous_member").
        """
        persons = await self.list_persons()
        for is_meant in (
            lambda p: word == f"m{p.id}",
            lambda p: word in p.ids or f"{front}:{word}" in p.ids,
            lambda p: word.casefold() == p.name.casefold(),
        ):
            found = [person for person in persons if is_meant(person)]
            if len(found) > 1:
                raise Refused("ambiguous_member", word=word)
            if found:
                return found[0]
        raise NotFound("no_such_member", word=word)

    async def keep(self, who: str, name: str, role: Role) -> None:
        """Add a person, or change their name and role: the terminal's own, whom nobody has to let in."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: people.keep(tx, who, name, role, now_ms))

    async def grant(self, actor: Actor, who: str, role: Role, name: str = "", tags: moves.Change = ((), ())) -> Person:
        """Give a person a role, and tags. NotAllowed when the actor is no owner (any more), Refused("last_owner")."""
        number = await self._act(actor, lambda tx, cause: moves.grant(tx, cause, who, role, name, tags))
        return await self.choose(f"m{number}")

    async def join(self, actor: Actor, who: str, member_id: int) -> Person:
        """Let a second id be the same person. NotFound("no_such_member"), Refused("other_person")."""
        await self._act(actor, lambda tx, cause: moves.join(tx, cause, who, member_id))
        return await self.choose(f"m{member_id}")

    async def revoke(self, actor: Actor, member_id: int) -> str:
        """Shut a person out; their name. NotFound("no_such_member"), Refused("last_owner"), NotAllowed."""
        return await self._act(actor, lambda tx, cause: moves.revoke(tx, cause, member_id))

    async def speak(self, actor: Actor, member: Member, locale: str | None) -> None:
        """The person's own language; None for whatever the chat speaks."""
        await self._act(actor, lambda tx, cause: moves.speak(tx, cause, member, locale))

    async def _act(self, actor: Actor, work: Callable[[Tx, Cause], T]) -> T:
        cause = self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: work(tx, cause))
