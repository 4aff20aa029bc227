"""The owner's chats: where the shop may speak, and where alerts go first."""

from collections.abc import Callable
from typing import TypeVar

from core.clock import to_ms
from core.engine.context import Shop
from core.moves import rooms as moves
from core.moves.cause import Cause
from core.store import rooms
from core.store.db import Tx
from core.values.counter import Room
from core.values.people import PLATFORM, Actor, ChatKind, Role

T = TypeVar("T")


class Rooms:
    """Groups, private chats and the terminal in which the shop may speak."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def find(self, chat: str) -> Room | None:
        """One chat ("telegram:-1001"), also one the shop had to leave or that moved; None when it was never let in."""
        return await rooms.find(self._shop.store.people, chat)

    async def enter(self, chat: str) -> Room | None:
        """The room a message of a chat belongs to: one that moved is the new one."""
        found = await self.find(chat)
        return await self.find(found.moved_to) if found is not None and found.moved_to else found

    async def is_bound(self, chat: str) -> bool:
        """Whether the shop may speak in a chat."""
        found = await self.find(chat)
        return found is not None and found.is_open

    async def list_homes(self, front: str | None = None) -> tuple[Room, ...]:
        """Where alerts go: the groups (and the terminal) the shop is in, of one front or all, first bound first."""
        homes = (room for room in await self.list() if room.kind is not ChatKind.private and room.is_open)
        return tuple(room for room in homes if front in (None, room.front))

    async def list_private(self, role: Role = Role.owner) -> tuple[Room, ...]:
        """The private chats of the people with a role, where the shop may speak: where urgent things go next."""
        return await rooms.list_private(self._shop.store.people, role)

    async def list(self) -> tuple[Room, ...]:
        """Every chat, also those the shop had to leave, first bound first."""
        return await rooms.list_all(self._shop.store.people)

    async def bind(self, chat: str, kind: ChatKind, title: str = "") -> None:
        """Let the shop speak in a chat; a title that is empty changes nothing."""
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: rooms.bind(tx, chat, kind, title, now_ms))

    async def unbind(self, actor: Actor, chat: str) -> None:
        """Speak there no more. NotFound("no_such_room")."""
        await self._act(actor, lambda tx, cause: moves.unbind(tx, cause, chat))

    async def speak(self, actor: Actor, chat: str, locale: str | None) -> None:
        """The language of a room; None for each person's own. NotFound("no_such_room")."""
        await self._act(actor, lambda tx, cause: moves.speak(tx, cause, chat, locale))

    async def serve(self, actor: Actor, chat: str, shop: str | None) -> None:
        """The shop whose alerts go to a room first; None for every shop's. NotFound("no_such_room")."""
        await self._act(actor, lambda tx, cause: moves.serve(tx, cause, chat, shop))

    async def move(self, old: str, new: str) -> bool:
        """A group became another chat: room, buttons and waiting notices follow, in one transaction.

        False when `old` is no room or followed before. Requests that still come from `old` count as from `new`
        (`enter`). The cards that stand in the old chat are forgotten: their messages cannot be edited any more.
        """
        return await self._act(PLATFORM, lambda tx, cause: moves.move(tx, cause, old, new))

    async def leave(self, chat: str) -> bool:
        """The shop was thrown out of a chat, or blocked by a person; False when it was not in there."""
        return await self._act(PLATFORM, lambda tx, cause: moves.leave(tx, cause, chat))

    async def back(self, chat: str) -> bool:
        """The shop was let in again where it had to leave; False when that was no room of its own."""
        return await self._act(PLATFORM, lambda tx, cause: moves.back(tx, cause, chat))

    async def rename(self, chat: str, title: str) -> bool:
        """A chat has another title; False when nothing changed."""
        return await self._shop.store.write(lambda tx: tx.run("rooms.rename", chat=chat, title=title) == 1)

    async def _act(self, actor: Actor, work: Callable[[Tx, Cause], T]) -> T:
        cause = self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: work(tx, cause))
