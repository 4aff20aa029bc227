"""The chatroom of `demo --open`: a pretend Telegram with the shop's group in it, bound, and its page in a browser."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.demo.stage import Stage
from bot.sandbox.telegram import TelegramWorld
from core.engine.front import Engine
from core.run import open_shop
from core.values.people import ChatKind, Role

CONFIG = """
[telegram]
token = "{token}"
api_url = "{api_url}"
"""
GROUP = "掌柜小店"
OWNER, CLERK, STRANGER = "老板", "小二", "路人"
"""Whoever sits at the page can be any of them: the owner, an operator, and somebody nobody let in."""


@asynccontextmanager
async def open_chatroom(stage: Stage, seed: int) -> AsyncIterator[TelegramWorld]:
    """Serve it beside the marketplace of a stage, and configure the stage's shop with it."""
    market = stage.world
    async with TelegramWorld.open(
        clock=market.market.clock, seed=seed, market=market.addresses["control"], record=stage.folder / "telegram.jsonl"
    ) as telegram:
        owner, clerk, stranger = (telegram.people.user(name).id for name in (OWNER, CLERK, STRANGER))
        group = telegram.groups.create(GROUP, owner, members=[clerk, stranger]).id
        telegram.people.start(owner)
        text = CONFIG.format(token=telegram.token, api_url=telegram.api_url)
        with stage.config_file.open("a", encoding="utf-8") as file:
            file.write(text)
        async with open_shop(stage.config) as shop:
            await _bind(shop.engine, group, owner, clerk)
        yield telegram


async def _bind(engine: Engine, group: int, owner: int, clerk: int) -> None:
    """What `/bind` and `/grant` would have done."""
    await engine.people.keep(f"telegram:{owner}", OWNER, Role.owner)
    await engine.people.keep(f"telegram:{clerk}", CLERK, Role.operator)
    await engine.rooms.bind(f"telegram:{group}", ChatKind.group, GROUP)
    await engine.rooms.bind(f"telegram:{owner}", ChatKind.private, OWNER)


async def show(address: str) -> bool:
    """Open the address in a browser that has a window of its own; False when there is none."""
    windows = sys.platform in ("darwin", "win32") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
    return windows and await asyncio.to_thread(webbrowser.open, address)
