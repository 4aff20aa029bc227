"""The stage of the demo: the pretend world on loopback, a data folder, and a shop configured before the day begins."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo.goods import GOODS, Good
from core.clock import Clock, SystemClock
from core.config import Config, load
from core.engine.front import Engine
from core.run import open_shop
from core.sandbox.market import FIRST_ACCOUNT
from core.sandbox.world import World
from core.values.ids import ProductId
from core.values.people import Actor, Role
from core.values.products import Product

OWNER = Actor(who="terminal:owner", name="老板", chat="terminal")
CONFIG = """\
[shop]
data_dir = "{data_dir}"
locale = "{locale}"

{accounts}
[ai]
base_url = "{model}"
api_key = "demo"
model = "pretend"

[clock]
speed = {speed}
since = {since}

[wire]
answer_s = 1.5
http_s = 1.5
settle_s = 0
reconnect_min_s = 0.2
reconnect_max_s = 1
rest_min_s = 0.2
rest_max_s = 1
short_connections = 1000

[limits]
command_stale_minutes = 60

[replies]
stale_minutes = 120

[shipping]
undo_s = {undo_s}

[report]
on = {report}
"""
ACCOUNT = """\
[[accounts]]
name = "{name}"
ws_url = "{market_ws}"
api_url = "{market_api}"
passport_url = "{passport}"
upload_url = "{upload}"
cookie_file = "{cookie_file}"
"""
ONE = {FIRST_ACCOUNT: False}
"""A plain seller's account; True stands for a 鱼小铺."""


class Stage:
    """The world, its items by name, and the shop's configuration file."""

    def __init__(self, world: World, folder: Path, config_file: Path, items: dict[str, str]) -> None:
        self.world = world
        self.folder = folder
        self.config_file = config_file
        self.items = items

    @property
    def config(self) -> Config:
        """The shop's configuration."""
        return load(self.config_file, {})


@asynccontextmanager
async def open_stage(
    seed: int,
    speed: float,
    undo_s: float = 10,
    *,
    report: bool = True,
    goods: tuple[Good, ...] = GOODS,
    accounts: Mapping[str, bool] = ONE,
    locale: str = "zh",
) -> AsyncIterator[Stage]:
    """Build the world and configure the shop in it; everything is gone afterwards. `undo_s` is shop time."""
    clock = SystemClock(speed, datetime.now(UTC))
    with TemporaryDirectory(prefix="zhanggui-demo-") as name:
        folder = Path(name)
        async with World.open(clock=clock, seed=seed, record=folder / "world.jsonl") as world:
            facts = {"speed": speed, "since": clock.since.isoformat(), "undo_s": undo_s, "locale": locale}
            facts["report"] = str(report).lower()
            stage = await set_up(world, folder, goods, accounts, CONFIG, facts)
            await configure(stage, seed, goods)
            yield stage


async def set_up(
    world: World,
    folder: Path,
    goods: tuple[Good, ...],
    accounts: Mapping[str, bool],
    config: str,
    facts: Mapping[str, object],
) -> Stage:
    """The sellers, what they offer, and the shop's configuration file: `config` with its `facts` filled in."""
    sections = [await _join(world, folder, name, merchant=merchant) for name, merchant in accounts.items()]
    items = {good.name: await _offer(world, good) for good in goods}
    config_file = folder / "config.toml"
    text = config.format(data_dir=folder / "data", accounts="\n".join(sections), **facts, **world.addresses)
    await asyncio.to_thread(config_file.write_text, text, "utf-8")
    return Stage(world, folder, config_file, items)


async def _join(world: World, folder: Path, name: str, *, merchant: bool) -> str:
    """A seller of the pretend market; its section of the configuration."""
    account = await world.control.account(name, merchant=merchant)
    cookie_file = folder / f"{name}.cookie.txt"
    await asyncio.to_thread(cookie_file.write_text, account["cookie"], "utf-8")
    return ACCOUNT.format(name=name, cookie_file=cookie_file, **world.addresses)


async def _offer(world: World, good: Good) -> str:
    return await world.control.item(
        good.title, good.price_fen, account=good.account, virtual=not good.postage, desc=good.about, quantity=99
    )


async def configure(stage: Stage, seed: int, goods: tuple[Good, ...], clock: Clock | None = None) -> None:
    """What the owner did the evening before: fields, keys and stock, by the engine calls of /item and /setstock."""
    dice = random.Random(f"keys {seed}")
    async with open_shop(stage.config, clock=clock) as shop:
        await shop.engine.people.keep(OWNER.who, OWNER.name, Role.owner)
        await shop.start()
        products = await _wait_for_products(shop.engine, len(goods))
        for good in goods:
            product = next(product for product in products if product.title == good.title)
            await _configure_one(shop.engine, good, product.id, dice)
        await shop.stop()


async def _wait_for_products(engine: Engine, count: int) -> tuple[Product, ...]:
    async with asyncio.timeout(20):
        while len(rows := await engine.items.list()) < count:  # noqa: ASYNC110 - they come by the wire
            await asyncio.sleep(0.02)
    return tuple(row.product for row in rows)


async def _configure_one(engine: Engine, good: Good, product_id: ProductId, dice: random.Random) -> None:
    def actor(what: str) -> Actor:
        return OWNER.model_copy(update={"request": f"stage:{good.name}:{what}"})

    if good.fields:
        await engine.items.change(actor("facts"), product_id, "facts", good.about)
    for field, value in good.fields:
        await engine.items.change(actor(field), product_id, field, value)
    if good.keys:
        keys = [f"{good.name.upper()}-{dice.randrange(16**8):08X}" for _ in range(good.keys)]
        await engine.stock.add_keys(actor("keys"), product_id, keys)
    if good.stock is not None:
        await engine.stock.set_free(actor("stock"), product_id, good.stock)
