"""Where waiting notices go now, how loudly, and which are counted instead of shown: read once a pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.flows.work import Work
from core.outside.ports import OwnerDesk
from core.rules import reach
from core.rules import telling as rules
from core.rules.reach import Standing
from core.store import rooms, telling
from core.store.db import Row
from core.values.counter import Room
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role
from core.values.telling import Choices, Level, Mute, Route, Way

FIRST = (ChatKind.group, ChatKind.terminal)
"""Alerts go to a group rather than to the host's own screen."""


@dataclass(frozen=True)
class Routes:
    """The chats the shop may speak in. An alert goes to one of `homes`, else to one of `owners` in private."""

    rooms: frozenset[str]
    homes: tuple[str, ...]
    shops: Mapping[str, str]
    """The shop a home is for, where it is for one."""
    owners: tuple[str, ...]
    chosen: Choices

    @classmethod
    async def read(cls, work: Work, owner: OwnerDesk) -> "Routes":
        """As it is now; a chat whose front does not run here is none."""
        reader = work.store.flows
        found = await rooms.list_all(reader)
        here = [room for room in found if room.left_at is None and owner.reaches(room.chat)]
        private = await rooms.list_private(reader, Role.owner)
        return cls(
            rooms=frozenset(room.chat for room in here),
            homes=_homes(here),
            shops={room.chat: room.shop for room in here if room.shop is not None},
            owners=tuple(room.chat for room in private if owner.reaches(room.chat)),
            chosen=await telling.choices(reader),
        )

    def target(self, row: Row, standings: Mapping[str, Standing], now: datetime) -> str | None:
        """The chat a row of notices.due goes to; None when there is none for it now."""
        if row["chat"] is not None:
            return str(row["chat"])
        route = self._route(row)
        first = (route.chat,) if route is not None and route.chat in self.rooms else ()
        private = () if row["kind"] in rules.ALSO_PRIVATE else self.owners
        return reach.choose((*first, *self._homes_of(row["shop"]), *private), standings, now)

    def _homes_of(self, shop: str | None) -> tuple[str, ...]:
        """The homes in the order they are tried: those for the shop, those for every shop, then the others."""
        rank = {chat: 1 if chat not in self.shops else 0 if self.shops[chat] == shop else 2 for chat in self.homes}
        return tuple(sorted(self.homes, key=lambda chat: rank[chat]))

    def is_gone(self, row: Row) -> bool:
        """Whether a row is meant for a chat it may not stand in (any more), or its twin stands in the only chat."""
        if row["chat"] is None:
            return row["kind"] in rules.ALSO_PRIVATE and not self.homes and bool(self.owners)
        if row["kind"] in rules.ALSO_PRIVATE:
            return row["chat"] not in self.owners
        return row["chat"] not in self.rooms

    def is_off(self, row: Row) -> bool:
        """Whether the owner does not want to see it."""
        return self._level(row) is Level.off and row["kind"] not in rules.OWN_WAY

    def way(self, work: Work, row: Row, chat: str, mute: Mute | None) -> Way:
        """How a row is told in a chat; what is muted and may not be missed makes no sound."""
        route, kind = self._route(row), NoticeKind(row["kind"])
        quiet = rules.is_quiet(self.chosen.quiet, work.now(), work.zone) and not rules.is_heard(kind, row["detail"])
        silent = mute is not None or quiet or self._level(row) is not Level.on
        topic = route.topic if route is not None and route.chat == chat else None
        return Way(chat=chat, topic=topic, silent=silent)

    async def mute_of(self, work: Work, row: Row) -> Mute | None:
        """The mute that covers a row, if one does."""
        mutes = self.chosen.mutes
        if not mutes or row["kind"] in rules.OWN_WAY:
            return None
        things: dict[str, set[int]] = {row["entity"]: {row["entity_id"]}}
        if row["entity"] == "order" and any(mute.scope in ("product", "chat") for mute in mutes):
            things |= await telling.things_of_order(work.store.flows, row["entity_id"])
        return next((mute for mute in mutes if rules.covers(mute, NoticeKind(row["kind"]), things)), None)

    def _level(self, row: Row) -> Level:
        kind, detail = NoticeKind(row["kind"]), row["detail"]
        if kind in rules.OWN_WAY:
            return self.chosen.levels.get(rules.event_of(kind, detail).value, rules.natural_level(kind))
        return rules.level_of(kind, self.chosen.levels)

    def _route(self, row: Row) -> Route | None:
        return self.chosen.routes.get(rules.event_of(NoticeKind(row["kind"]), row["detail"]).value)


def _homes(here: Sequence[Room]) -> tuple[str, ...]:
    return tuple(room.chat for kind in FIRST for room in here if room.kind is kind)
