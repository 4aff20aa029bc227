"""A counter in WeCom for tests: a real engine and front, the pretend gateway, and people who type and press there."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.cards.card import Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.wecom.doorway import Doorway
from bot.fronts.wecom.front import Wecom
from bot.fronts.wecom.link import Times
from bot.fronts.wecom.listener import Listener
from bot.notices import Notices
from bot.sandbox.wecom import WecomWorld
from bot.scans.scanning import Scanner
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.config.wecom import Wecom as WecomSettings
from core.config.wecom import WecomAibot, WecomWebhook
from core.engine.context import Shop
from core.engine.front import Engine
from core.store.db import Store
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests import stockroom

CHAT = "wrkPretendGROUP"
GROUP = f"wecom:{CHAT}"
TOLD = {"now": 0, "outcome": "told", "chat": GROUP}
BOSS, ZHANG, LI, NOBODY = "Boss", "ZhangSan", "LiSi", "WangWu"
NAMES = {BOSS: ("老板", Role.owner), ZHANG: ("张三", Role.operator), LI: ("李四", Role.viewer)}
SHORT = Times(ack_s=0.4, ping_s=0.2, first_s=0.05, last_s=0.2, kicked_s=0.4, open_s=1, conflict_s=(0.02, 0.05))


@dataclass
class WecomCounter:
    """Everything a test at the counter in WeCom holds. `connected` is set while the front listens."""

    world: WecomWorld
    store: Store
    clock: ManualClock
    engine: Engine
    front: Wecom
    desk: Desk
    notices: Notices
    listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def type(self, words: str, who: str = ZHANG, chat: str = CHAT, **more: str) -> dict:
        """Type, @-ing the robot in a group; the next thing the robot shows there."""
        before = len(self.shown(chat))
        assert await self.world.people.type(chat, who, words, **more)
        return await self.next(before, chat)

    async def press(self, label: str, who: str = ZHANG, chat: str = CHAT) -> str:
        """Press the newest button whose word holds `label`; the card's task_id."""
        for shown in reversed(self.world.people.cards(chat)):
            for button in self.world.people.card(shown.task_id, who).get("button_list", []):
                if label in button["text"]:
                    assert await self.world.people.click(shown.task_id, button["key"], who)
                    return shown.task_id
        raise AssertionError(f"no button {label} in {chat}")

    async def until_copied(self, ref: str, chat: str = CHAT) -> None:
        """Wait until the shop noted that a thing's card stands in a chat: that comes after the platform took it."""
        async with asyncio.timeout(3):
            while await self.engine.notices.find_shown(f"wecom:{chat}", ref) is None:  # noqa: ASYNC110 - asked anew
                await asyncio.sleep(0.01)

    def shown(self, chat: str = CHAT) -> list[dict]:
        """What the robot put into a chat."""
        return self.world.people.messages(chat)

    async def next(self, before: int, chat: str = CHAT, wait_s: float = 3.0) -> dict:
        """The newest message once there are more than `before`."""
        await self.until(lambda: len(self.shown(chat)) > before, wait_s)
        return self.shown(chat)[-1]

    async def until(self, done, wait_s: float = 3.0) -> None:
        """Wait until something is so; the wire runs in real time."""
        async with asyncio.timeout(wait_s):
            while not done():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def updated(self, count: int) -> dict:
        """The card of the newest update once there are so many."""
        await self.until(lambda: len(self.world.office.noted("card_updated")) >= count)
        return self.world.office.noted("card_updated")[-1]

    async def tell(self, most: int = 100) -> int:
        """Show waiting notices until the chat takes no more; how many were shown. What it raises is the chat's."""
        rows = await self.store.people.all("notices.due", now=2**62, most=most)
        for row in rows:
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.notices.show(row["id"], Way(chat=row["chat"] or GROUP))
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))
        return len(rows)

    async def connect(self) -> None:
        """Let the front listen and wait until the gateway has it."""
        before = len(self.world.office.noted("subscribed"))
        self.listening.append(asyncio.create_task(self.front.listen(self.desk)))
        await self.until(lambda: len(self.world.office.noted("subscribed")) > before)
        await self.until(lambda: self.front._connection.is_up)
        await asyncio.sleep(0.02)

    async def hang_up(self) -> None:
        """Stop listening."""
        for task in self.listening:
            task.cancel()
        await asyncio.gather(*self.listening, return_exceptions=True)
        self.listening.clear()


def text_of(body: dict) -> str:
    """The words of a message: of markdown, a finished stream or a card."""
    kind = body["msgtype"]
    if kind == "template_card":
        card = body["template_card"]
        return words_of(card)
    return body[kind]["content"] if kind in ("markdown", "stream", "text") else ""


def words_of(card: dict) -> str:
    """Everything a person reads on a template card."""
    lines = [f"{line['keyname']} {line['value']}" for line in card.get("horizontal_content_list", [])]
    title = card["main_title"]
    return "\n".join([title["title"], title.get("desc", ""), card.get("sub_title_text", ""), *lines])


def rows(folder: Path, sql: str) -> list:
    """The first column of what stands in the shop's file."""
    with closing(sqlite3.connect(folder / "shop.db")) as file:
        return [row[0] for row in file.execute(sql)]


def settings(world: WecomWorld, *, webhook: bool = False, aibot: bool = True) -> Config:
    """The shop's configuration in this world."""
    robot = WecomAibot(bot_id=world.bot_id, secret=SecretStr(world.secret), ws_url=world.addresses["wecom_ws"])
    push = WecomWebhook(url=SecretStr(world.addresses["wecom_webhook"]) if webhook else SecretStr(""))
    return Config(wecom=WecomSettings(aibot=robot if aibot else WecomAibot(), webhook=push))


@asynccontextmanager
async def open_wecom(
    folder: Path,
    *,
    bound: bool = True,
    webhook: bool = False,
    aibot: bool = True,
    patience_s: tuple[float, float] = (1, 1),
) -> AsyncIterator[WecomCounter]:
    """A shop whose group is in the pretend WeCom; with `bound` its people are known and have spoken there."""
    clock = ManualClock(stockroom.NOW)
    async with WecomWorld.open(clock=clock) as world:
        world.office.add_group(CHAT)
        async with open_shop(
            folder, world, clock, settings(world, webhook=webhook, aibot=aibot), patience_s
        ) as counter:
            if bound:
                await counter.engine.rooms.bind(GROUP, ChatKind.group)
                for who, (name, role) in NAMES.items():
                    await counter.engine.people.keep(f"wecom:{who}", name, role)
                world.office.chat(CHAT).spoken = True
            yield counter


@asynccontextmanager
async def open_shop(
    folder: Path,
    world: WecomWorld,
    clock: ManualClock,
    config: Config,
    patience_s: tuple[float, float] = (1, 1),
    listener: Listener | None = None,
) -> AsyncIterator[WecomCounter]:
    """The shop beside a world; opened again on the same folder it is the shop after a restart."""
    store = await Store.open(folder)
    engine = Engine(Shop(store, Settings(config), clock, stockroom.ZONE, SeededChance(1)))
    front = Wecom(
        config,
        engine,
        times=SHORT,
        door=partial(Doorway, config, listener) if listener else None,
        patience_s=patience_s,
        settle_s=0.05,
        late_s=0.1,
    )
    fronts = Fronts({front.name: front})
    desk = Desk(engine, fronts, TABLE, scanning=Scanner())
    counter = WecomCounter(world, store, clock, engine, front, desk, Notices(engine, fronts))
    try:
        if listener is not None:
            counter.listening.append(asyncio.create_task(front.listen(desk)))
            await counter.until(lambda: listener.port)
        elif config.wecom.aibot.is_on:
            await counter.connect()
        yield counter
    finally:
        await counter.hang_up()
        await front.close()
        await store.close()
