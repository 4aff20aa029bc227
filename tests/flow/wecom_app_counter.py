"""A self-built app's counter for tests: the pretend platform calls in, the shop calls out."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.cards.card import Card, Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.wecom.app import App
from bot.notices import Notices
from bot.sandbox.wecom import WecomWorld
from bot.sandbox.wecom.api import AGENT, CORP
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.config.wecom import Wecom, WecomApp, WecomHttp
from core.engine.context import Shop
from core.engine.front import Engine
from core.store.db import Store
from core.values.notices import Urgency
from core.values.people import ChatKind, Role
from core.values.telling import Way
from tests import stockroom
from tests.flow.wecom_counter import TOLD

BOSS, ZHANG = "Boss", "ZhangSan"
CHAT = f"wecomapp:{ZHANG}"
PEOPLE = {BOSS: Role.owner, ZHANG: Role.operator}


class AppCounter:
    def __init__(self, world, store, clock, engine, front, desk, notices):
        self.world, self.store, self.clock, self.engine = world, store, clock, engine
        self.front, self.desk, self.notices = front, desk, notices

    def shown(self, chat=ZHANG):
        return self.world.people.messages(chat)

    async def until(self, done, wait_s=4.0):
        async with asyncio.timeout(wait_s):
            while not done():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def type(self, words, who=ZHANG):
        before = len(self.shown(who))
        assert await self.world.app.type(who, words) == 200
        await self.until(lambda: len(self.shown(who)) > before)
        return self.shown(who)[-1]

    async def tell(self, chat=CHAT):
        for row in await self.store.people.all("notices.due", now=2**62, most=100):
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.notices.show(row["id"], Way(chat=row["chat"] or chat))
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))


def settings(world, **changes):
    facts = {
        "corp_id": CORP,
        "agent_id": AGENT,
        "secret": SecretStr(world.app.secret),
        "token": SecretStr(world.app.seal.token),
        "aes_key": SecretStr(world.app.seal.aes_key),
        "api_url": world.addresses["wecom_api"],
        "chat": world.app.group,
    }
    return Config(wecom=Wecom(app=WecomApp(**{**facts, **changes}), http=WecomHttp(port=0)))


@asynccontextmanager
async def open_app(folder: Path, people=PEOPLE):
    clock = ManualClock(stockroom.NOW)
    async with WecomWorld.open(clock=clock) as world:
        config, store = settings(world), await Store.open(folder)
        engine = Engine(Shop(store, Settings(config), clock, stockroom.ZONE, SeededChance(1)))
        front = App(config, engine, settle_s=0.05, late_s=0.1)
        fronts = Fronts({front.name: front})
        desk = Desk(engine, fronts, TABLE)
        counter = AppCounter(world, store, clock, engine, front, desk, Notices(engine, fronts))
        for who, role in people.items():
            await engine.people.keep(f"wecomapp:{who}", who, role)
            await engine.rooms.bind(f"wecomapp:{who}", ChatKind.private)
        listening = asyncio.create_task(front.listen(desk))
        try:
            await counter.until(lambda: front.listener.port)
            world.app.url = f"http://127.0.0.1:{front.listener.port}/wecom/callback"
            yield counter
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await front.close()
            await store.close()


def card(**facts):
    return Card.model_validate(
        {"ref": "shop:1", "version": 0, "urgency": Urgency.normal, "title": "掌柜已就绪", **facts}
    )
