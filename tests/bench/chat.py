"""The counter in Telegram, measured at the front: from a person's thumb to what they see."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from statistics import quantiles

from bot.sandbox.telegram.things import Message
from core.config import load
from core.run import open_shop
from core.values.people import ChatKind, Role
from tests.bench import past
from tests.bench.figures import Run
from tests.bench.measures import Size, answered, rss_mb, template, unpaced
from tests.bench.processes import Place, opened, started
from tests.telegram_shop import Street, open_street

GROUPS = 20
"""Telegram's 20 messages a minute hold for each group: many groups, so that the budget is not what is measured."""
THUMB_OF_REST = 0.01
"""A thumb takes a moment to the next button: 0.6 s of a full run."""
ASKED = ("订单", "查单 42", "库存", "待办")
"""Words that are answered by a card; a picture takes its own time."""


def telegram(street: Street) -> dict[str, str]:
    """The front's settings."""
    world = street.world
    return {
        "TELEGRAM__TOKEN": world.token,
        "TELEGRAM__API_URL": world.api_url,
        "LIMITS__COMMANDS_PER_MINUTE": "6000",
    }


async def let_in(street: Street, settings: dict[str, str]) -> list[int]:
    """Many groups of the owner's, bound before the shop starts."""
    groups = [street.world.groups.create(f"群{n}", street.boss).id for n in range(GROUPS)]
    async with open_shop(load(None, {**os.environ, **settings})) as shop:
        for group in groups:
            await shop.engine.rooms.bind(f"telegram:{group}", ChatKind.group)
        await shop.engine.people.keep(f"telegram:{street.boss}", "老板", Role.owner)
    return groups


@asynccontextmanager
async def busy_shop(folder: Path, size: Size) -> AsyncIterator[tuple[Street, list[int]]]:
    """`zhanggui run` with a long past and Telegram on, while buyers in many chats are answered by the model."""
    now_ms = round(time.time() * 1000)
    await template(folder, f"old-{size.old_orders}", lambda at: past.build(at, now_ms, size.old_orders, waiting=False))
    async with open_street() as street, opened(folder) as place:
        settings = await place.settings(**unpaced(place), **telegram(street))
        groups = await let_in(street, settings)
        async with started("-m", "bot", "run", "--headless", **settings):
            await place.registered()
            await street.world.screen.see(groups[0], "就绪", wait_s=60)
            talking = asyncio.create_task(talk(place, size))
            yield street, groups
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)


async def talk(place: Place, size: Size) -> None:
    """Buyers who speak again as soon as the model has answered, for as long as the figures are taken."""
    item = await place.control.item("past", 1000, virtual=True, desc="说明书齐全。")
    buyers = [await place.control.buyer() for _ in range(size.chats)]
    for buyer in buyers:
        await place.control.talk(buyer, item, "你好")
    await answered(place, size.chats)
    await place.control.post("/model", delay_ms=300)
    await place.world.ask(converse={"item_id": item, "buyers": buyers, "count": 1_000_000, "wait_s": 600})


async def took_ms(call: Awaitable[object]) -> float:
    began_s = time.perf_counter()
    await call
    return (time.perf_counter() - began_s) * 1000


async def press(folder: Path, size: Size) -> Run:
    """A pressed button until the phone shows that it was heard."""
    async with busy_shop(folder, size) as (street, groups):
        await asyncio.sleep(size.rest_s / 20)
        waits_ms = []
        for group in groups:
            card = await ask(street, group, "健康")
            for _ in range(4):
                await asyncio.sleep(size.rest_s * THUMB_OF_REST)
                pressed = street.world.people.press(street.boss, group, card, "刷新")
                waits_ms.append(await took_ms(street.world.screen.answer(pressed)))
        return figure(waits_ms)


async def card(folder: Path, size: Size) -> Run:
    """A typed command until its card stands in the chat."""
    async with busy_shop(folder, size) as (street, groups):
        await asyncio.sleep(size.rest_s / 20)
        waits_ms = []
        for group, words in product(groups, ASKED):
            await asyncio.sleep(size.rest_s * THUMB_OF_REST)
            waits_ms.append(await took_ms(ask(street, group, words)))
        return figure(waits_ms)


async def ask(street: Street, group: int, words: str) -> int:
    """Type, and see the answer; its message."""
    asked = street.world.people.type(street.boss, group, words)
    return (await street.world.screen.until(lambda: shown(street, group, asked.id), 30)).id


def shown(street: Street, group: int, asked: int) -> Message | None:
    """The bot's answer to a message, when it stands there."""
    return next((one for one in street.world.screen.from_bot(group) if one.reply_to == asked), None)


def figure(waits_ms: list[float]) -> Run:
    cuts = quantiles(waits_ms, n=100)
    return Run(cuts[98], None, {"p50 ms": cuts[49], "max ms": max(waits_ms), "asked": float(len(waits_ms))})


async def memory_telegram(folder: Path, size: Size) -> Run:
    """`zhanggui run --headless` with Telegram on, left alone."""
    async with open_street() as street, opened(folder) as place:
        settings = await place.settings(**telegram(street))
        groups = await let_in(street, settings)
        async with started("-m", "bot", "run", "--headless", **settings) as shop:
            await place.registered()
            await street.world.screen.see(groups[0], "就绪", wait_s=60)
            await asyncio.sleep(size.rest_s)
            return Run(rss_mb(shop.process.pid), notes={"after s": size.rest_s})


CHAT = {"press": press, "card": card, "memory_telegram": memory_telegram}
