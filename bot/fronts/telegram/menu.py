"""The command menu people see beside the box they type in, made from the table."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.auth import may
from bot.commands.command import Command, Table
from bot.commands.table import TABLE
from bot.fronts.telegram.faults import Migrated, Rejected
from bot.fronts.telegram.updates import NAME, number_of
from bot.fronts.telegram.wire import Wire
from bot.texts import load
from core.errors import Transient
from core.values.counter import Member, Room
from core.values.people import ChatKind, Role

LOG = logging.getLogger("zhanggui.telegram")
LANGUAGES = {"": "en", "zh": "zh"}
"""Telegram's language code (two letters, or empty for all others) → our locale."""
EVERYBODY = ("bind", "start", "whoami", "help")
"""What a chat that is not the shop's is shown, as far as the table has it."""
LEAST = (None, Role.viewer)
"""In a group those the shop does not know one by one see what the least role sees."""
MAX_DESCRIPTION = 256


class Spot(NamedTuple):
    """Where a menu is shown: in a chat (None: everywhere else), and there to one person alone, or to all others."""

    chat: int | None
    person: int | None = None


@dataclass(frozen=True)
class Menu:
    """The commands of one spot in one language; without rows there is none any more."""

    spot: Spot
    language: str
    rows: tuple[tuple[str, str], ...] = ()


class Menus:
    """Keeps the menus registered; after a start they are registered anew."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._registered: dict[tuple[Spot, str], Menu] = {}

    async def register(self, rooms: Sequence[Room], members: Sequence[Member]) -> None:
        """Register each menu that is not registered as it should be; one that cannot be now is tried again later."""
        wanted = {(menu.spot, menu.language): menu for menu in menus(TABLE, rooms, members)}
        gone = {key: Menu(*key) for key, menu in self._registered.items() if key not in wanted and menu.rows}
        for key, menu in (gone | wanted).items():
            if self._registered.get(key) != menu:
                await self._register(menu)

    async def _register(self, menu: Menu) -> None:
        try:
            await self._wire.set_menu(menu.rows, menu.spot.chat, menu.language, menu.spot.person)
        except (Transient, Rejected, Migrated) as error:
            LOG.info("the menu of %s is not registered: %s", menu.spot, error)
            if menu.spot.person is None or isinstance(error, Transient):
                return  # a person who is not in that group is not asked about again and again
        self._registered[(menu.spot, menu.language)] = menu


def menus(table: Table, rooms: Sequence[Room], members: Sequence[Member]) -> tuple[Menu, ...]:
    """Every menu there should be: for strangers, for each person by their role, and none for whoever was shut out."""
    ours = [room for room in rooms if room.front == NAME]
    groups = [number_of(room.chat) for room in ours if room.kind is ChatKind.group and room.is_open]
    rows: dict[Spot, list[Command]] = {Spot(None): [row for row in table.rows if row.name in EVERYBODY]}
    for room in ours:
        if room.kind is ChatKind.private and not room.is_open:
            rows |= {spot: [] for spot in _spots(number_of(room.chat), groups)}
    rows |= {Spot(chat): [row for row in table.rows if row.in_menu and row.role in LEAST] for chat in groups}
    private = {room.chat for room in ours if room.is_open}
    for member in (one for one in members if one.who.startswith(f"{NAME}:")):
        theirs = [row for row in table.rows if row.in_menu and may(member, row.role)]
        spots = _spots(number_of(member.who), groups)
        rows |= dict.fromkeys(spots if member.who in private else spots[1:], theirs)
    return tuple(
        Menu(spot, language, _rows(found, locale))
        for spot, found in rows.items()
        for language, locale in LANGUAGES.items()
    )


def _spots(person: int, groups: Sequence[int]) -> list[Spot]:
    """A person's private chat, and their place in every group."""
    return [Spot(person), *(Spot(group, person) for group in groups)]


def _rows(rows: Sequence[Command], locale: str) -> tuple[tuple[str, str], ...]:
    texts = load(locale)
    return tuple((row.name, texts(f"help.{row.name}")[:MAX_DESCRIPTION]) for row in rows)
