"""The command menu people see beside the box they type in, made from the table."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.auth import may
from bot.commands.command import Command, Table
from bot.commands.table import TABLE
from bot.fronts.telegram.faults import Migrated, Rejected
from bot.fronts.telegram.updates import NAME, number_of
from bot.fronts.telegram.wire import Wire
from bot.texts import load
from core.errors import Transient
from core.values.counter import Member, Room
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.telegram")
LANGUAGES = {"": "en", "zh": "zh"}
"""Telegram's language code (two letters, or empty for all others) → our locale."""
EVERYBODY = ("bind", "start", "whoami", "help")
"""What a chat that is not the shop's is shown, as far as the table has it."""
MAX_DESCRIPTION = 256


@dataclass(frozen=True)
class Menu:
    """The commands of one chat (None: everywhere else) in one language."""

    chat: int | None
    language: str
    rows: tuple[tuple[str, str], ...]


class Menus:
    """Keeps the menus registered; after a start they are registered anew."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._registered: dict[tuple[int | None, str], Menu] = {}

    async def register(self, rooms: Iterable[Room], members: Sequence[Member]) -> None:
        """Register each menu that is not registered as it should be; one that cannot be now is tried again later."""
        for menu in menus(TABLE, rooms, members):
            if self._registered.get((menu.chat, menu.language)) != menu:
                await self._register(menu)

    async def _register(self, menu: Menu) -> None:
        try:
            await self._wire.set_menu(menu.rows, menu.chat, menu.language)
        except (Transient, Rejected, Migrated) as error:
            LOG.info("the menu of chat %s is not registered: %s", menu.chat, error)
            return
        self._registered[(menu.chat, menu.language)] = menu


def menus(table: Table, rooms: Iterable[Room], members: Sequence[Member]) -> tuple[Menu, ...]:
    """Every menu there should be: one for strangers, one for each group, one for each person by their role."""
    shown: dict[int | None, list[Command]] = {None: [row for row in table.rows if row.name in EVERYBODY]}
    by_who = {member.who: member for member in members}
    for room in rooms:
        if room.front == NAME and room.is_open:
            member = by_who.get(room.chat)
            shown[number_of(room.chat)] = [row for row in table.rows if _is_shown(row, room, member)]
    return tuple(
        Menu(chat, language, _rows(rows, locale))
        for chat, rows in shown.items()
        for language, locale in LANGUAGES.items()
        if rows
    )


def _is_shown(row: Command, room: Room, member: Member | None) -> bool:
    return row.in_menu and (room.kind is ChatKind.group or may(member, row.role))


def _rows(rows: Sequence[Command], locale: str) -> tuple[tuple[str, str], ...]:
    texts = load(locale)
    return tuple((row.name, texts(f"help.{row.name}")[:MAX_DESCRIPTION]) for row in rows)
