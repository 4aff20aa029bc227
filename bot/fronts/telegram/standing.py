"""How the bot stands: in which chats, with which rights, and what the owner must do about it (shown in /health)."""

import asyncio
import logging

from bot.fronts.telegram.faults import Migrated, Rejected
from bot.fronts.telegram.updates import NAME, Came, Left, Me, Moved, Renamed, number_of
from bot.fronts.telegram.wire import Wire
from core.engine.front import Engine
from core.errors import Transient
from core.values.counter import Room
from core.values.people import ChatKind, Role

LOG = logging.getLogger("zhanggui.telegram")
LOOK_S = 60.0
"""Real seconds between two looks; whoever comes or goes is seen at once."""
OVER_S = 600.0
"""A rest Telegram asked for stands in /health so long."""


class Standing:
    """Keeps the rooms true to what happens in Telegram, and says what is amiss."""

    def __init__(self, wire: Wire, engine: Engine) -> None:
        self._wire = wire
        self._engine = engine
        self._changed = asyncio.Event()

    async def happened(self, found: Left | Came | Moved | Renamed) -> None:
        """Something happened to a chat; the same again changes nothing."""
        LOG.info("%s: %s", type(found).__name__, found.chat)
        match found:
            case Left():
                await self._engine.rooms.leave(found.chat)
            case Came():
                await self._engine.rooms.back(found.chat)
            case Moved():
                await self._engine.rooms.move(found.chat, found.new)
            case Renamed():
                await self._engine.rooms.rename(found.chat, found.title)
        self._changed.set()

    def limited(self, chat: int, wait_s: float) -> None:
        """Telegram asked for a rest (429)."""
        self._engine.health.note(NAME, "limited", detail=f"{wait_s:.0f}")
        asyncio.get_running_loop().call_later(OVER_S, self._engine.health.clear, NAME, "limited")
        LOG.debug("chat %s is to rest", chat)

    async def keep(self, me: Me) -> None:
        """Look again and again, for as long as the front listens."""
        while True:
            await self.look(me)
            self._changed.clear()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def look(self, me: Me) -> None:
        """Note what is amiss now."""
        rooms = [room for room in await self._engine.rooms.list() if room.chat.startswith(f"{NAME}:")]
        groups = [room for room in rooms if room.kind is ChatKind.group and room.left_at is None]
        self._say("not_bound", {""} if not groups else set())
        self._say("privacy", {room.title or room.chat for room in groups if not await self._sees_all(me, room)})
        started = {room.chat for room in rooms if room.left_at is None}
        members = await self._engine.people.list()
        owners = [one for one in members if one.role is Role.owner and one.who.startswith(f"{NAME}:")]
        self._say("no_private", {one.name or one.who for one in owners if one.who not in started})

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
