"""What both sides know at the end of a soaked day."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.demo.soak.counter import ShopChild
from bot.demo.soak.plan import GOODS
from bot.demo.soak.pocketwatch import PocketWatch
from bot.demo.stage import Stage
from core.engine.front import Engine
from core.errors import NotFound
from core.run import open_shop
from core.sandbox.things import Json, Order
from core.tools.verify import Verdict, verify
from core.values.acts import Act, Sought
from core.values.health import Health
from core.values.ids import ChatId, OrderId
from core.values.products import Product
from core.values.views import ChatView, OrderView

PAGE, MOST_LINES, MOST_ACTS = 100, 1000, 10_000
LINES = 15


class Evidence(BaseModel):
    """Both sides at the end of the day. `orders` are the platform's; `views` the shop's, by the platform's number."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    orders: dict[str, Order]
    texts: frozenset[str]
    """Items whose goods are a text."""
    record: list[Json]
    views: dict[str, OrderView]
    told: list[Json]
    acts: tuple[Act, ...]
    health: Health
    verdict: Verdict
    exit_code: int | None
    errors: tuple[str, ...]
    """Lines of the shop's log that tell of a bug."""
    shelves: dict[str, Product]
    """The shop's counted products, by the item that they are on the platform."""
    chats: dict[str, ChatView]
    """The shop's conversations, whole, by the platform's number."""


async def look_at(stage: Stage, watch: PocketWatch, shop: ShopChild, exit_code: int | None) -> Evidence:
    """Both sides, the shop having ended."""
    market, zone = stage.world.market, ZoneInfo(stage.config.shop.timezone)
    verdict = await asyncio.to_thread(verify, stage.config.shop.data_dir, zone)
    async with open_shop(stage.config, clock=watch) as closed:
        engine = closed.engine
        views = [await engine.orders.show(order_id) for order_id in await _order_ids(engine)]
        chats, shelves = await _chats(engine), await _shelves(engine, stage)
        acts = (await engine.acts.list(Sought(), limit=MOST_ACTS)).rows
        health = await engine.health.show()
    return Evidence(
        orders=market.orders,
        texts=frozenset(stage.items[good.name] for good in GOODS if "text" in dict(good.fields)),
        record=market.record.entries,
        views={view.order.order_no: view for view in views},
        told=shop.told,
        acts=acts,
        health=health,
        verdict=verdict,
        exit_code=exit_code,
        errors=_errors(stage.folder / "shop.log"),
        chats=chats,
        shelves=shelves,
    )


async def _order_ids(engine: Engine) -> list[OrderId]:
    """Every order the shop has."""
    page = await engine.orders.list(limit=PAGE)
    ids = [row.order.id for row in page.rows]
    while page.more:
        page = await engine.orders.list(before=ids[-1], limit=PAGE)
        ids += [row.order.id for row in page.rows]
    return ids


async def _shelves(engine: Engine, stage: Stage) -> dict[str, Product]:
    """By their titles, of which no two are alike."""
    products = {row.product.title: row.product for row in await engine.stock.list()}
    found = {stage.items[good.name]: products[good.title] for good in GOODS}
    return {item: product for item, product in found.items() if product.counted}


async def _chats(engine: Engine) -> dict[str, ChatView]:
    """Every conversation: their short numbers have no gaps."""
    found: dict[str, ChatView] = {}
    with suppress(NotFound):
        for number in count(1):
            chat = await engine.chats.show(ChatId(number), limit=MOST_LINES)
            found[chat.chat_no] = chat
    return found


def last_lines(log: Path) -> tuple[str, ...]:
    """How the shop's log ends."""
    return tuple(log.read_text("utf-8", "replace").splitlines()[-LINES:]) if log.exists() else ()


def _errors(log: Path) -> tuple[str, ...]:
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    at = [n for n, line in enumerate(lines) if re.match(r"\d{4}-\S+ \S+ (ERROR|CRITICAL) ", line)]
    return tuple("\n".join(lines[n : n + 40]) for n in at)


def count_facts(seen: Evidence) -> dict[str, int]:
    """What happened in numbers."""
    kinds = Counter(entry["kind"] for entry in seen.record)
    told = {"orders": len(seen.orders), "messages": kinds["buyer_said"], "shipped": kinds["shipped"]}
    return {**told, "said by the shop": kinds["sent"], "told": len(seen.told), "acts": len(seen.acts)}
