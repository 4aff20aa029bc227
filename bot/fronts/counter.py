"""The counter of one process: the desk, the notices and the fronts around one engine."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol, runtime_checkable

from bot.cards.capabilities import CAPABILITIES, Can
from bot.cards.card import Front, Fronts
from bot.cards.seal import CONFIRM_S
from bot.charts.drawing import FONTS, Workers
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.checks import Probing
from bot.fronts.terminal import CHAT, WHO
from bot.notices import Notices
from bot.scans.scanning import Scanner
from bot.texts import LOCALES, load
from core.config import Config
from core.engine.front import Engine
from core.values.checks import CheckLine, Part
from core.values.people import ChatKind, Role


@runtime_checkable
class Listener(Front, Protocol):
    """A front of a chat platform: it listens until it is cancelled."""

    async def listen(self, desk: Desk) -> None:
        """Take what people write and press, and hand it to the desk; an error that ends it is tried again."""
        ...

    async def close(self) -> None:
        """Leave the platform's connections."""
        ...


@runtime_checkable
class PartlyDeaf(Protocol):
    """A front that speaks in groups where it hears nobody, which therefore bind no one."""

    deaf: frozenset[str]


class Counter:
    """What `open_shop` needs of us (`notices`) and what a front needs of the shop (`desk`)."""

    def __init__(self, engine: Engine, config: Config, fronts: Sequence[Front]) -> None:
        self.engine = engine
        self.fronts = Fronts({front.name: front for front in fronts})
        drawing = Workers(config.shop.data_dir / FONTS)
        self.notices = Notices(engine, self.fronts, locale=config.shop.locale, drawing=drawing)
        self.desk = Desk(
            engine,
            self.fronts,
            TABLE,
            locale=config.shop.locale,
            stale_s=config.limits.command_stale_minutes * 60 * config.clock.speed,
            confirm_s=CONFIRM_S * config.clock.speed,
            drawing=drawing,
            scanning=Scanner(),
        )
        self._owner_name = load(config.shop.locale)("people.owner")

    async def open(self) -> None:
        """Know the terminal's person, then finish what a crash left; call it before any front listens."""
        if CHAT in self.fronts.by_name:
            await self.engine.people.keep(WHO, self._owner_name, Role.owner)
            await self.engine.rooms.bind(CHAT, ChatKind.terminal)
        await self.desk.resume(later=[front.name for front in self._listening()])

    async def invitation(self, *, asked: bool = False) -> str | None:
        """What to print so that a group can be bound: a one-time code, in every language.

        None when every chat platform has its group, and an owner where people are heard 1:1 alone, unless a code was
        `asked` for.
        """
        chats = [name for name in self.fronts.by_name if name != CHAT]
        if not chats:
            return _in_every_language("run.no_chat") if asked else None
        alone = {name for name in chats if Can.group not in CAPABILITIES.get(name, frozenset(Can))}
        needing = await self.engine.binding.list_needing(chats, self._deaf(), alone)
        if not asked and not needing:
            return None
        key = "run.bind_again" if asked else "run.bind" if set(needing) - alone else "run.bind_alone"
        return _in_every_language(key, code=await self.engine.binding.issue())

    def _deaf(self) -> set[str]:
        return {chat for front in self.fronts.by_name.values() if isinstance(front, PartlyDeaf) for chat in front.deaf}

    def listeners(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        """The fronts that listen by themselves, each with its name; the terminal is served by whoever sits there."""
        return [(front.name, partial(front.listen, self.desk)) for front in self._listening()]

    async def close(self) -> None:
        """Leave every platform."""
        for front in self._listening():
            await front.close()

    async def probe(self) -> list[CheckLine]:
        """How every chat is; without any but the terminal that is said."""
        probing = [front for front in self.fronts.by_name.values() if isinstance(front, Probing)]
        if not probing:
            return [CheckLine(part=Part.chats, key="check.no_chat", ok=True)]
        return [line for lines in await asyncio.gather(*(front.probe() for front in probing)) for line in lines]

    def _listening(self) -> list[Listener]:
        return [front for front in self.fronts.by_name.values() if isinstance(front, Listener)]


def _in_every_language(key: str, **facts: object) -> str:
    return "\n".join(load(locale)(key, **facts) for locale in LOCALES)
