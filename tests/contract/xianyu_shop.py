"""An account listening to the pretend world, and a listener that keeps what it was told."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from core.clock import SeededChance, SystemClock
from core.outside.xianyu.identity import new_link
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.times import Addresses, WireTimes
from core.values.market import EventKind

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TOKEN_CALL = "mtop.taobao.idlemessage.pc.login.token"
DETAIL_CALL = "mtop.idle.web.trade.order.detail"
QUICK = WireTimes(
    connect_s=2,
    answer_s=0.5,
    http_s=0.5,
    settle_s=0,
    heartbeat_s=5,
    dead_s=10,
    backoff_first_s=0.02,
    backoff_last_s=0.1,
    busy_s=0.1,
    rest_first_s=0.2,
    rest_last_s=0.8,
    most_short=1000,
)


class Keeper:
    """A listener that stores in memory. With `open_store` cleared nothing gets durable."""

    def __init__(self):
        self.records = []
        self.links = []
        self.alerts = []
        self.checks = []
        self.connections = 0
        self.mendings = 0
        self.endings = []
        self.largest_batch = 0
        self.store_is_open = asyncio.Event()
        self.store_is_open.set()
        self.arriving = 0

    async def arrived(self, account, records):
        self.arriving += 1
        await self.store_is_open.wait()
        self.largest_batch = max(self.largest_batch, len(records))
        self.records.extend(records)

    async def connected(self, account, user_id):
        self.connections += 1

    async def disconnected(self, account, reason):
        self.endings.append(reason)

    async def login_checked(self, account, *, alive, ends_at):
        self.checks.append((alive, ends_at))

    async def mended(self, account):
        self.mendings += 1

    async def needs_owner(self, account, error):
        self.alerts.append(error)

    async def keep_link(self, account, link):
        self.links.append(link)

    @property
    def events(self):
        return [record.event for record in self.records]

    def of(self, *kinds):
        return [event for event in self.events if event.event in kinds]

    def texts(self):
        return [event.text for event in self.of(EventKind.chat_text)]


async def until(what, timeout_s=5):
    """Wait for something to become true; returns it."""
    async with asyncio.timeout(timeout_s):
        while not (found := what()):  # noqa: ASYNC110 - the world is another party: it cannot set our event
            await asyncio.sleep(0.005)
    return found


def market_of(world, cookie, *, name="shop", times=QUICK, clock=None, link=None, ws_url=None, **more):
    at = world.addresses
    addresses = Addresses(
        ws_url=ws_url or at["market_ws"],
        api_url=at["market_api"],
        passport_url=at["passport"],
        upload_url=at["upload"],
    )
    chance = SeededChance()
    link = link or new_link(cookie, chance)
    clock = clock or SystemClock()
    return XianyuMarket(name, link, clock=clock, chance=chance, addresses=addresses, times=times, **more)


@asynccontextmanager
async def listening(market, keeper, *, connected=True):
    """The market with its connection loop running."""
    async with market:
        task = asyncio.create_task(market.listen(keeper))
        try:
            if connected:
                await until(lambda: keeper.connections)
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def paid_order(world, item, **more):
    buyer = await world.control.buyer("小鱼")
    order = await world.control.order(buyer, item, **more)
    await world.control.pay(order["order_id"])
    return order["order_id"], buyer, order["chat_id"]


async def calls(world, api):
    return (await world.control.get("/state"))["api_calls"].get(api, 0)


async def shipped(world):
    return [
        (entry["how"], entry.get("tracking_no"), entry.get("company"))
        for entry in await world.control.record("shipped")
    ]
