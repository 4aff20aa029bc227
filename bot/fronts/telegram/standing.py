"""How the bot stands: in which chats, with which rights, and what the owner must do about it (shown in /health)."""

import asyncio
import logging

from bot.fronts.telegram.faults import Migrated, Rejected
from bot.fronts.telegram.menu import Menus
from bot.fronts.telegram.updates import NAME, Came, Left, Me, Moved, Renamed, number_of
from bot.fronts.telegram.wire import Wire
from core.engine.front import Engine
from core.errors import Transient
from core.values.counter import Member, Person, Room
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.telegram")
LOOK_S = 60.0
"""Real seconds between two looks; a change of rooms or people is seen at once."""
OVER_S = 600.0
"""A rest Telegram asked for stands in /health so long."""


Seen = tuple[tuple[Room, ...], tuple[Member, ...]]


class Standing:
    """Keeps the rooms true to what happens in Telegram, and says what is amiss."""

    def __init__(self, wire: Wire, engine: Engine) -> None:
        self._wire = wire
        self._engine = engine
        self._changed = asyncio.Event()
        self._seen: Seen = ((), ())

    async def happened(self, found: Left | Came | Moved | Renamed) -> None:
        """Something happened to a chat; the same again changes nothing."""
        LOG.debug("%s: %s", type(found).__name__, found.chat)
        match found:
            case Left():
                await self._engine.rooms.leave(found.chat)
            case Came():
                await self._engine.rooms.back(found.chat)
            case Moved():
                await self._engine.rooms.move(found.chat, found.new)
            case Renamed():
                await self._engine.rooms.rename(found.chat, found.title)
        self._seen = ((), ())
        self._changed.set()

    def limited(self, chat: int, wait_s: float) -> None:
        """Telegram asked for a rest (429)."""
        self._engine.health.note(NAME, "limited", detail=f"{wait_s:.0f}")
        asyncio.get_running_loop().call_later(OVER_S, self._engine.health.clear, NAME, "limited")
        LOG.debug("chat %s is to rest", chat)

    def look_again(self) -> None:
        """Something was done that may have changed rooms or people."""
        self._changed.set()

    async def keep(self, me: Me, menus: Menus) -> None:
        """Look again and again, for as long as the front listens; the menus follow rooms and people too."""
        while True:
            self._changed.clear()  # before the look: what changes while it lasts is looked at again
            await self.look(me, menus)
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wait_for_change()
            except TimeoutError:
                continue

    async def _wait_for_change(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if await self._read() != self._seen:
                return

    async def _read(self) -> Seen:
        return await self._engine.rooms.list(), await self._engine.people.list()

    async def look(self, me: Me, menus: Menus | None = None) -> None:
        """Note what is amiss now, and register the menus there should be."""
        self._seen = await self._read()
        for key, about in (await self.missing(me)).items():
            self._say(key, about)
        if menus is not None:
            await menus.register(*self._seen)

    async def missing(self, me: Me) -> dict[str, set[str]]:
        """What the owner must still do, and for whom or where; empty sets when it is done."""
        rooms = await self._engine.rooms.list()
        groups = [room for room in rooms if room.front == NAME and room.is_open and room.kind is ChatKind.group]
        silent = [one for one in await self._engine.people.list_unreachable() if _has_id(one)]
        return {
            "not_bound": {""} if not groups else set(),
            "privacy": {room.title or room.chat for room in groups if not await self._sees_all(me, room)},
            "no_private": {one.name or one.ids[0] for one in silent},
        }

    def _say(self, key: str, about: set[str]) -> None:
        known = {remark.about for remark in self._engine.health.remarks if (remark.front, remark.key) == (NAME, key)}
        for gone in known - about:
            self._engine.health.clear(NAME, key, gone)
        for one in about - known:
            self._engine.health.note(NAME, key, one)

    async def _sees_all(self, me: Me, room: Room) -> bool:
        """Whether plain words reach the bot; what cannot be asked now is not complained of."""
        try:
            return me.reads_all or await self._wire.is_admin(number_of(room.chat), me.id)
        except (Transient, Rejected, Migrated):
            return True


def _has_id(person: Person) -> bool:
    return any(who.startswith(f"{NAME}:") for who in person.ids)
