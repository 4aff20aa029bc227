"""The counter in WeCom, measured at the front: a press until its card has changed, and the way back when cut off."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.sandbox.wecom import WecomWorld
from core.config import load
from core.run import open_shop
from core.values.people import ChatKind, Role
from tests.bench import past
from tests.bench.chat import THUMB_OF_REST, figure, talk
from tests.bench.figures import Run
from tests.bench.measures import Size, template, unpaced
from tests.bench.processes import opened, started

GROUPS = 20
"""WeCom takes 30 messages a minute in each chat: many groups, so that the budget is not what is measured."""
OWNER = "Boss"


def settings_of(world: WecomWorld) -> dict[str, str]:
    """The front's settings."""
    return {
        "WECOM__AIBOT__BOT_ID": world.bot_id,
        "WECOM__AIBOT__SECRET": world.secret,
        "WECOM__AIBOT__WS_URL": world.addresses["wecom_ws"],
        "LIMITS__COMMANDS_PER_MINUTE": "6000",
    }


async def let_in(world: WecomWorld, settings: dict[str, str]) -> list[str]:
    """Many groups of the owner's, bound before the shop starts."""
    groups = [world.office.add_group(f"wrkGROUP{n}") for n in range(GROUPS)]
    async with open_shop(load(None, {**os.environ, **settings})) as shop:
        for group in groups:
            world.office.chat(group).spoken = True
            await shop.engine.rooms.bind(f"wecom:{group}", ChatKind.group)
        await shop.engine.people.keep(f"wecom:{OWNER}", "老板", Role.owner)
    return groups


@asynccontextmanager
async def busy_shop(folder: Path, size: Size) -> AsyncIterator[tuple[WecomWorld, list[str]]]:
    """`zhanggui run` with a long past and WeCom on, while buyers in many chats are answered by the model."""
    now_ms = round(time.time() * 1000)
    await template(folder, f"old-{size.old_orders}", lambda at: past.build(at, now_ms, size.old_orders, waiting=False))
    async with WecomWorld.open() as world, opened(folder) as place:
        settings = await place.settings(**unpaced(place), **settings_of(world))
        groups = await let_in(world, settings)
        async with started("-m", "bot", "run", "--headless", **settings):
            await place.registered()
            await until(lambda: world.people.messages(groups[0]), 60)
            talking = asyncio.create_task(talk(place, size))
            yield world, groups
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)


async def press_wecom(folder: Path, size: Size) -> Run:
    """A pressed button until its card has changed, while the model is asked."""
    async with busy_shop(folder, size) as (world, groups):
        await asyncio.sleep(size.rest_s / 20)
        waits_ms = []
        for group in groups:
            await world.people.type(group, OWNER, "健康")
            await until(partial(refresh_of, world, group))
            for _ in range(4):
                await asyncio.sleep(size.rest_s * THUMB_OF_REST)
                waits_ms.append(await pressed_ms(world, group))
        return figure(waits_ms)


async def pressed_ms(world: WecomWorld, group: str) -> float:
    """Press 刷新 on its card."""
    task_id, key = refresh_of(world, group)[-1]
    before, began_s = len(world.office.noted("card_updated")), time.perf_counter()
    await world.people.click(task_id, key, OWNER)
    await until(lambda: len(world.office.noted("card_updated")) > before)
    return (time.perf_counter() - began_s) * 1000


def refresh_of(world: WecomWorld, group: str) -> list[tuple[str, str]]:
    """The buttons 刷新 that stand in a group: task_id and key."""
    cards = world.people.cards(group)
    return [(card.task_id, b["key"]) for card in cards for b in card.card.get("button_list", []) if "刷新" in b["text"]]


async def reconnect_wecom(folder: Path, size: Size) -> Run:
    """The gateway closes cleanly, once: until the robot is subscribed again. Closed again and again it waits longer."""
    async with busy_shop(folder, size) as (world, _):
        await asyncio.sleep(size.rest_s / 20)
        line = world.gateway.line(world.bot_id)
        assert line is not None
        before, began_s = len(world.office.noted("subscribed")), time.perf_counter()
        await line.ws.close(1000)
        await until(lambda: len(world.office.noted("subscribed")) > before, 30)
        return Run(time.perf_counter() - began_s)


async def until(done: Callable[[], object], wait_s: float = 10.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(wait_s):
        while not done():  # noqa: ASYNC110 - the shop is another process
            await asyncio.sleep(0.002)


WECOM = {"press_wecom": press_wecom, "reconnect_wecom": reconnect_wecom}
