"""How the robot stands in WeCom and what the owner must do about it: shown in /health, the worst told at once."""

import logging

from bot.fronts.wecom.faults import Code
from bot.fronts.wecom.updates import NAME, PUSH_CHAT
from core.engine.front import Engine
from core.values.counter import Room
from core.values.people import ChatKind, Role

LOG = logging.getLogger("zhanggui.wecom")
REMARKS = {Code.down: "unreachable", Code.kicked: "kicked", Code.credentials: "secret_refused"}
"""How the connection is → the key of what /health says of it."""
TOLD = frozenset({Code.kicked, Code.credentials})
"""What no waiting cures: the owner is told by whatever chat still works."""


class Standing:
    """Says what is amiss."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def changed(self, code: Code, detail: str = "") -> None:
        """How the connection is now."""
        health = self._engine.health
        if code is Code.up:
            health.hear(NAME)
            for key in REMARKS.values():
                health.clear(NAME, key)
            await self.look()
            return
        health.note(NAME, REMARKS[code], detail=detail)
        if code in TOLD:
            await health.alert(NAME, REMARKS[code])

    async def look(self) -> None:
        """Note who and what is missing."""
        for key, about in (await self.missing()).items():
            self._say(key, about)

    async def missing(self) -> dict[str, set[str]]:
        """What the owner must still do, and for whom; empty sets when it is done."""
        rooms = [room for room in await self._engine.rooms.list() if room.is_open and room.front == NAME]
        members = await self._engine.people.list()
        owners = [one for one in members if one.role is Role.owner and one.who.startswith(f"{NAME}:")]
        spoken = {room.chat for room in rooms}
        return {
            "no_group": set() if has_group(rooms) else {""},
            "no_word": {one.name or one.who for one in owners if one.who not in spoken},
        }

    def _say(self, key: str, about: set[str]) -> None:
        known = {remark.about for remark in self._engine.health.remarks if (remark.front, remark.key) == (NAME, key)}
        for gone in known - about:
            self._engine.health.clear(NAME, key, gone)
        for one in about - known:
            self._engine.health.note(NAME, key, one)


def has_group(rooms: list[Room]) -> bool:
    """Whether the robot itself was let into a group."""
    return any(room.kind is ChatKind.group and room.chat != PUSH_CHAT for room in rooms)
