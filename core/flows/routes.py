"""Where waiting notices go now: read once a pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.flows.work import Work
from core.outside.ports import OwnerDesk
from core.rules import reach
from core.rules.reach import Standing
from core.rules.telling import ALSO_PRIVATE
from core.store import rooms
from core.store.db import Row
from core.values.counter import Room
from core.values.people import ChatKind, Role

FIRST = (ChatKind.group, ChatKind.terminal)
"""Alerts go to a group rather than to the host's own screen."""


@dataclass(frozen=True)
class Routes:
    """The chats the shop may speak in. An alert goes to one of `homes`, else to one of `owners` in private."""

    rooms: frozenset[str]
    homes: tuple[str, ...]
    owners: tuple[str, ...]

    @classmethod
    async def read(cls, work: Work, owner: OwnerDesk) -> "Routes":
        """As it is now; a chat whose front does not run here is none."""
        found = await rooms.list_all(work.store.flows)
        here = [room for room in found if room.left_at is None and owner.reaches(room.chat)]
        private = await rooms.list_private(work.store.flows, Role.owner)
        return cls(
            rooms=frozenset(room.chat for room in here),
            homes=_homes(here),
            owners=tuple(room.chat for room in private if owner.reaches(room.chat)),
        )

    def target(self, row: Row, standings: Mapping[str, Standing], now: datetime) -> str | None:
        """The chat a row of notices.due goes to; None when there is none for it now."""
        if row["chat"] is not None:
            return str(row["chat"])
        private = () if row["kind"] in ALSO_PRIVATE else self.owners
        return reach.choose((*self.homes, *private), standings, now)

    def is_gone(self, row: Row) -> bool:
        """Whether a row is meant for a chat it may not stand in (any more), or its twin stands in the only chat."""
        if row["chat"] is None:
            return row["kind"] in ALSO_PRIVATE and not self.homes and bool(self.owners)
        if row["kind"] in ALSO_PRIVATE:
            return row["chat"] not in self.owners
        return row["chat"] not in self.rooms


def _homes(here: Sequence[Room]) -> tuple[str, ...]:
    return tuple(room.chat for kind in FIRST for room in here if room.kind is kind)
