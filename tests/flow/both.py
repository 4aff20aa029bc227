"""A day whose owner stands in two chats at once: Telegram first, WeCom second; both fronts real, both worlds pretend."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.fronts.counter import Counter
from bot.fronts.telegram.front import Telegram
from bot.fronts.wecom.front import Wecom
from bot.notices import Notices
from bot.sandbox.telegram.world import TelegramWorld
from bot.sandbox.wecom import WecomWorld
from core.engine.front import Engine
from core.sandbox.world import World
from core.values.people import Actor, ChatKind
from tests.flow.people import Owner
from tests.flow.shop import Calendar, assert_right
from tests.flow.telegram import AtTelegram, TelegramDay
from tests.flow.wecom_counter import BOSS, CHAT, GROUP, SHORT, text_of, words_of


class AtBoth(AtTelegram):
    """Stands at both: Telegram's group is the first that alerts go to."""

    def beside(self, engine: Engine) -> Notices:  # type: ignore[override]
        config = self._day.config()
        fronts = [Telegram(config, engine), Wecom(config, engine, times=SHORT, settle_s=0.05)]
        self._day.counter = Counter(engine, config, fronts)
        return self._day.counter.notices


@dataclass
class BothDay(TelegramDay):
    """`wecom` is the second world; its people are known by their user ids."""

    wecom: WecomWorld = field(kw_only=True)

    async def until_connected(self) -> None:
        await self.until(lambda: self.wecom.gateway.line(self.wecom.bot_id), "the robot's connection")

    async def let_wecom_in(self) -> None:
        """The boss's second id, the group and the private chat, as /grant, /bind and a first word leave them."""
        await self.until_connected()
        boss = await self.engine.people.find(f"telegram:{self.boss}")
        assert boss is not None
        await self.engine.people.join(self._boss(), f"wecom:{BOSS}", boss.id)
        await self.engine.rooms.bind(GROUP, ChatKind.group, "小店")
        await self.engine.rooms.bind(f"wecom:{BOSS}", ChatKind.private)
        self.wecom.office.private(BOSS).spoken = True
        self.wecom.office.chat(CHAT).spoken = True

    def _boss(self) -> Actor:
        return Actor(who=f"telegram:{self.boss}", name="老板", chat=f"telegram:{self.group}", request="both:1")

    # -- what people do and see in WeCom

    async def write(self, words: str, who: str = BOSS, chat: str = CHAT) -> str:
        """Type in WeCom; all that is shown there next."""
        before = len(self.wecom.people.messages(chat))
        assert await self.wecom.people.type(chat, who, words)
        await self.until(lambda: len(self.wecom.people.messages(chat)) > before, f"an answer to {words}")
        return "\n".join(text_of(body) for body in self.wecom.people.messages(chat)[before:])

    async def read(self, pattern: str, chat: str = CHAT) -> str:
        """The newest message in WeCom that says it."""

        def look() -> str | None:
            texts = [text_of(body) for body in self.wecom.people.messages(chat)]
            return next((text for text in reversed(texts) if pattern in text), None)

        return str(await self.until(look, f"{pattern} in WeCom"))

    async def find_card(self, pattern: str, chat: str = CHAT) -> tuple[str, str, dict[str, str]]:
        """The newest card that says it: its chat, its task_id, and what its buttons ask, as they are now."""
        await self.read(pattern, chat)
        shown = next(one for one in reversed(self.wecom.people.cards(chat)) if pattern in words_of(one.card))
        return chat, shown.task_id, {button["text"]: button["key"] for button in shown.card["button_list"]}

    async def click(self, card: tuple[str, str, dict[str, str]], label: str, who: str = BOSS) -> str:
        """Press a button as it was when the card was seen; what the card then says to that person."""
        chat, task_id, keys = card
        before = len(self.wecom.office.noted("card_updated"))
        key = next(key for text, key in keys.items() if label in text)
        assert await self.wecom.people.forge_click(chat, task_id, key, who)
        await self.until(lambda: len(self.wecom.office.noted("card_updated")) > before, "an answer to the press")
        return words_of(self.wecom.people.card(task_id, who))


@asynccontextmanager
async def open_both(folder: Path, *, joined: bool = True, **options: Any) -> AsyncIterator[BothDay]:
    """A shop with both chats on; `joined` False leaves WeCom's group and people unknown."""
    clock = Calendar()
    async with World.open(clock=clock) as world, TelegramWorld.open() as tg, WecomWorld.open(clock=clock) as wecom:
        world.market.add_account("shop", None, merchant=False)
        wecom.office.add_group(CHAT)
        settings = {"telegram.token": tg.token, "telegram.api_url": tg.api_url}
        settings |= {"wecom.aibot.bot_id": wecom.bot_id, "wecom.aibot.secret": wecom.secret}
        settings |= {"wecom.aibot.ws_url": wecom.addresses["wecom_ws"]}
        day = BothDay(world, clock, folder, Owner(), settings, ("shop",), options, tg=tg, wecom=wecom)
        day.owner = AtBoth(day)
        day.gather_people()
        try:
            await day.open()
            await day.let_in()
            if joined:
                await day.let_wecom_in()
            yield day
        finally:
            await day.close()
        assert_right(folder)
