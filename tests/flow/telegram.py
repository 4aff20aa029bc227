"""A day whose owner stands in Telegram: the shop's real front against the pretend Bot API, people who type and press."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.fronts.counter import Counter
from bot.fronts.telegram.front import Telegram
from bot.notices import Notices
from bot.sandbox.telegram.things import Message, Press, Status
from bot.sandbox.telegram.world import TelegramWorld
from core.engine.front import Engine
from core.sandbox.world import World
from core.values.people import ChatKind, Role
from tests.flow.people import Owner
from tests.flow.shop import SPEED, Calendar, Day, assert_right


class AtTelegram(Owner):
    """Stands at this shop's counter: what the shop tells goes to Telegram."""

    def __init__(self, day: "TelegramDay") -> None:
        super().__init__()
        self._day = day

    def beside(self, engine: Engine) -> Notices:  # type: ignore[override]
        config = self._day.config()
        self._day.counter = Counter(engine, config, [Telegram(config, engine)])
        return self._day.counter.notices


@dataclass
class TelegramDay(Day):
    """`boss` is an owner, `zhang` an operator, `li` a viewer, all in `group`; `boss` also pressed start in private."""

    tg: TelegramWorld = field(kw_only=True)
    boss: int = 0
    zhang: int = 0
    li: int = 0
    group: int = 0
    counter: Counter = field(init=False, repr=False)

    async def open(self, **changed: Any) -> None:
        await self.build(**changed)
        await self.counter.open()
        await self.shop.start()
        for name, listen in self.counter.listeners():
            self.shop.keep(f"front-{name}", listen)
        if self.options.get("connected", True):
            await self.until_online()

    async def close(self) -> None:
        running = self._leave is not None
        await super().close()
        if running:
            await self.counter.close()

    def gather_people(self) -> None:
        """The people of the shop and their group, as Telegram knows them."""
        self.boss, self.zhang, self.li = (self.tg.people.user(name).id for name in ("老板", "张三", "李四"))
        self.group = self.tg.groups.create("小店", self.boss, members=[self.zhang, self.li]).id
        self.tg.groups.set_bot(self.group, Status.administrator)

    async def let_in(self) -> None:
        """Everybody is let in, as /bind, /grant and /start leave it."""
        people = ((self.boss, "老板", Role.owner), (self.zhang, "张三", Role.operator), (self.li, "李四", Role.viewer))
        for number, name, role in people:
            await self.engine.people.keep(f"telegram:{number}", name, role)
        await self.engine.rooms.bind(f"telegram:{self.group}", ChatKind.group, "小店")
        await self.engine.rooms.bind(f"telegram:{self.boss}", ChatKind.private)
        self.tg.people.start(self.boss)
        await self.until(lambda: self.tg.screen.from_bot(self.boss), "an answer to the owner's start")

    # -- what people do and see

    def type(self, words: str, who: int | None = None, **more: Any) -> Message:
        return self.tg.people.type(who or self.boss, more.pop("chat", self.group), words, **more)

    def press(self, card: Message, label: str, who: int | None = None) -> Press:
        return self.tg.people.press(who or self.boss, card.chat_id, card.id, label)

    async def see(self, pattern: str, chat: int | None = None, **more: Any) -> Message:
        return await self.tg.screen.see(chat or self.group, pattern, **more)

    async def becomes(self, card: Message, pattern: str) -> Message:
        return await self.tg.screen.see_edit(card, pattern)

    async def toast(self, press: Press) -> str:
        return str((await self.tg.screen.answer(press))["text"])


@asynccontextmanager
async def open_telegram_day(folder: Path, *, bound: bool = True, **options: Any) -> AsyncIterator[TelegramDay]:
    """A shop with one account and its owner in Telegram; `bound` False leaves the group and its people unknown.

    `speed` is how fast shop time runs.
    """
    clock = Calendar(options.pop("speed", SPEED))
    async with World.open(clock=clock) as world, TelegramWorld.open() as tg:
        world.market.add_account("shop", None, merchant=False)
        settings = {"telegram.token": tg.token, "telegram.api_url": tg.api_url, **options.pop("settings", {})}
        day = TelegramDay(world, clock, folder, Owner(), settings, ("shop",), options, tg=tg)
        day.owner = AtTelegram(day)
        day.gather_people()
        try:
            await day.open()
            if bound:
                await day.let_in()
            yield day
        finally:
            await day.close()
        assert_right(folder)


def labels(card: Message) -> list[str]:
    """The words of a card's buttons."""
    rows = (card.markup or {}).get("inline_keyboard", [])
    return [str(button["text"]) for row in rows for button in row]
