"""Which fronts a configuration asks for; their modules are loaded in a thread, for a first import stalls a loop."""

import asyncio
import importlib
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from bot.fronts.keyboard import is_screen
from core.config import Config

if TYPE_CHECKING:
    from bot.cards.card import Front
    from core.engine.front import Engine

Opener: TypeAlias = "Callable[[Engine], Front]"
"""Builds a front for a shop; its module was loaded before."""

COMMAND_LINE = "httpx._main"
"""A part of Telegram's HTTP client that nobody uses here; it would load 4 MB of rich and pygments."""


async def load_fronts(config: Config, *, headless: bool = False) -> list[Opener]:
    """The chats that are configured; without any, the terminal, unless the shop is to run `headless`."""
    found: list[Opener] = []
    if config.telegram.is_on:
        sys.modules.setdefault(COMMAND_LINE, None)  # type: ignore[arg-type] # None: it is not to be imported
        module = await asyncio.to_thread(importlib.import_module, "bot.fronts.telegram.front")
        found.append(lambda engine: module.Telegram(config, engine))
    listener = None
    if config.wecom.app.is_on or config.wecom.aibot.by_url:
        listening = await asyncio.to_thread(importlib.import_module, "bot.fronts.wecom.listener")
        listener = listening.Listener(config.wecom.http.host, config.wecom.http.port)
    door = None
    if listener is not None and config.wecom.aibot.by_url:
        doorway = await asyncio.to_thread(importlib.import_module, "bot.fronts.wecom.doorway")
        door = partial(doorway.Doorway, config, listener)
    if config.wecom.is_on:
        wecom = await asyncio.to_thread(importlib.import_module, "bot.fronts.wecom.front")
        found.append(lambda engine: wecom.Wecom(config, engine, door=door))
    if config.wecom.app.is_on:
        app = await asyncio.to_thread(importlib.import_module, "bot.fronts.wecom.app")
        found.append(lambda engine: app.App(config, engine, listener=listener))
    if not found and not headless:
        terminal = await asyncio.to_thread(importlib.import_module, "bot.fronts.terminal")
        files = config.shop.data_dir / "files"
        found.append(lambda engine: terminal.Terminal(engine.now, screen=is_screen(), files=files))
    return found
