"""A shop at a counter in the pretend Telegram: a real engine on a real file, the real front, real sockets on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.cards.card import Draft, Fronts
from bot.cards.seal import seal
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.telegram.front import Telegram
from bot.fronts.telegram.intake import PATIENCE_S
from bot.fronts.telegram.updates import id_of
from bot.fronts.telegram.wire import Wire
from bot.notices import Notices
from bot.sandbox.telegram.things import Message, Press, Status
from bot.sandbox.telegram.world import TelegramWorld
from bot.scans.scanning import Scanner
from core.clock import ManualClock, SeededChance
from core.config import Config
from core.config import Settings as Live
from core.config.connections import Telegram as Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.store.db import Store, Tx
from core.values.fulfilment import FulfilmentState
from core.values.orders import PlatformStatus
from core.values.people import ChatKind, Role
from tests import stockroom


@dataclass
class Street:
    """The pretend Telegram with the shop's group in it, and who is who by number."""

    world: TelegramWorld
    boss: int
    clerk: int
    viewer: int
    stranger: int
    group: int

    async def type(self, text: str, who: int | None = None, **more: Any) -> Message:
        """Write in the group; the message."""
        return self.world.people.type(who or self.boss, self.group, text, **more)

    async def ask(self, text: str, pattern: str, who: int | None = None, **more: Any) -> Message:
        """Write in the group, and wait for the answer."""
        asked = await self.type(text, who, **more)
        return await self.world.screen.see(self.group, pattern, after=asked.id)

    async def press(self, message: Message, label: str, who: int | None = None) -> Press:
        """Press a button under a message of the bot."""
        return self.world.people.press(who or self.boss, message.chat_id, message.id, label)

    async def toast(self, press: Press) -> str:
        """What the presser was told."""
        return str((await self.world.screen.answer(press)).get("text", ""))

    def sent(self, kind: str = "sent") -> list[dict[str, Any]]:
        """What the record says really happened."""
        return [one for one in self.world.record.entries if one["kind"] == kind]


@asynccontextmanager
async def open_street(**more: Any) -> AsyncIterator[Street]:
    """A world with the group "小店", its people, and the bot as an admin; the boss pressed start."""
    async with TelegramWorld.open(seed=3, **more) as world:
        boss, *others = [world.people.user(name).id for name in ("老板", "张三", "李四", "路人")]
        group = world.groups.create("小店", boss, members=others, bot=Status.administrator)
        world.people.start(boss)
        world.updates.waiting.clear()
        clerk, viewer, stranger = others
        yield Street(world, boss, clerk, viewer, stranger, group.id)


@dataclass
class Post:
    """The shop's side: everything a test holds. `listening` is the front at work."""

    street: Street
    store: Store
    clock: ManualClock
    engine: Engine
    front: Telegram
    desk: Desk
    notices: Notices
    listening: asyncio.Task[None] | None = field(default=None)

    async def order(self, n: int = 1, quantity: int = 6) -> int:
        """A paid order; of six units it waits for approval."""

        def work(tx: Tx) -> int:
            account = stockroom.open_account(tx)
            stockroom.add_product(tx, account, f"90000{n}", auto_ship="on", text="好的", price="50", max_quantity="2")
            record = stockroom.record(n, f"90000{n}", PlatformStatus.pending_ship, quantity)
            return stockroom.learn(tx, account, record)

        return await self.store.write(work)

    async def state(self, order_id: int) -> FulfilmentState | None:
        task = (await self.engine.orders.show(order_id)).fulfilment
        return task.state if task else None

    async def tell(self, title: str, chat: int | None = None, *, topic: str | None = None, **more: Any) -> str:
        """Send a card nobody asked for."""
        name = id_of(chat or self.street.group)
        card = await seal(Draft(**{"entity": "said", "title": title, **more}), self.engine, name)
        return await self.front.send(name, card, topic=topic)

    def later(self, **span: float) -> None:
        self.clock.advance(timedelta(**span).total_seconds())

    async def quiet(self) -> None:
        """Until everything that came is acknowledged and served."""
        await until(lambda: not self.street.world.updates.waiting and not self.front._lanes._last)


async def until(holds: Callable[[], Any], wait_s: float = 10.0) -> Any:
    """Look until something is so."""
    async with asyncio.timeout(wait_s):
        while not (found := holds()):  # noqa: ASYNC110 - the shop's own tasks go on meanwhile
            await asyncio.sleep(0.005)
        return found


def settings_of(street: Street, **more: Any) -> Config:
    telegram = Settings(token=street.world.token, api_url=street.world.api_url)
    return Config(telegram=telegram, **more)


@asynccontextmanager
async def open_post(
    street: Street,
    folder: Path,
    *,
    listen: bool = True,
    resume: bool = True,
    bound: bool = True,
    wire: Wire | None = None,
    steps: Any = None,
    file_s: float = PATIENCE_S,
) -> AsyncIterator[Post]:
    """The shop on a file; opened again on the same folder it is the shop after a restart."""
    store = await Store.open(folder)
    clock = ManualClock(stockroom.NOW)
    more = {"steps": steps} if steps is not None else {}
    config = settings_of(street)
    engine = Engine(Shop(store, Live(config), clock, stockroom.ZONE, SeededChance(1), **more))
    front = Telegram(config, engine, wire, file_s=file_s)
    fronts = Fronts({front.name: front})
    if bound:
        await bind(engine, street)
    desk = Desk(engine, fronts, TABLE, scanning=Scanner())
    post = Post(street, store, clock, engine, front, desk, Notices(engine, fronts))
    if resume:
        await desk.resume()
    if listen:
        post.listening = asyncio.create_task(front.listen(desk))
    try:
        yield post
    finally:
        await _leave(post)


async def bind(engine: Engine, street: Street) -> None:
    await engine.rooms.bind(id_of(street.group), ChatKind.group, "小店")
    await engine.rooms.bind(id_of(street.boss), ChatKind.private)
    people = {
        street.boss: ("老板", Role.owner),
        street.clerk: ("张三", Role.operator),
        street.viewer: ("李四", Role.viewer),
    }
    for who, (name, role) in people.items():
        await engine.people.keep(id_of(who), name, role)


async def _leave(post: Post) -> None:
    if post.listening is not None:
        post.listening.cancel()
        await asyncio.gather(post.listening, return_exceptions=True)
    await post.front.close()
    await post.store.close()
