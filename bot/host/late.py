"""The host's front of a running shop, loaded when the shell first asks for it.

The desk with its commands, cards and texts costs several megabytes: a shop without a chat whose host types nothing does
without them. They are loaded in a thread, for a first import stalls a loop.
"""

import asyncio
import importlib
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.engine.front import Engine
    from core.tools.control import Line, Verb

VERBS = ("do", "account", "login")
"""What `bot.fronts.host.Host` understands."""


class LateHost:
    """Answers the control socket as `Host` does, which it builds at the first line."""

    def __init__(self, engine: "Engine", locale: str) -> None:
        self._engine = engine
        self._locale = locale
        self._verbs: Mapping[str, Verb] = {}

    @property
    def verbs(self) -> "Mapping[str, Verb]":
        """What the control socket understands."""
        return {name: partial(self._answer, name) for name in VERBS}

    async def _answer(self, name: str, line: "Line") -> "Line":
        module = await asyncio.to_thread(importlib.import_module, "bot.fronts.host")
        self._verbs = self._verbs or module.Host(self._engine, self._locale).verbs
        return await self._verbs[name](line)
