"""Pressed buttons: each is answered exactly once, at the latest after most of a second, or the phone shows a clock."""

import asyncio
import logging
from dataclasses import dataclass

from bot.fronts.telegram.faults import Rejected
from bot.fronts.telegram.wire import Wire
from core.errors import Transient

LOG = logging.getLogger("zhanggui.telegram")
PATIENCE_S = 0.8
LONG = 60
"""A longer text stays until it is closed: nobody reads it in the two seconds of a toast."""


@dataclass
class Press:
    """One press that waits for its answer."""

    query: str
    timer: asyncio.Task[None] | None = None
    answered: bool = False


class Presses:
    """The presses being served, by the key of their update."""

    def __init__(self, wire: Wire, patience_s: float = PATIENCE_S) -> None:
        self._wire = wire
        self._patience_s = patience_s
        self._open: dict[str, Press] = {}

    def open(self, key: str, query: str, waiting: str) -> None:
        """A press came; `waiting` is shown when its answer takes longer. The same press again is one press."""
        if key in self._open:
            return
        press = self._open[key] = Press(query)
        press.timer = asyncio.create_task(self._lose_patience(press, waiting))

    async def show(self, key: str, text: str = "") -> bool:
        """Answer a press, in words for whoever pressed; False when they cannot see them any more."""
        press = self._open.get(key)
        return press is not None and await self._answer(press, text)

    async def close(self, key: str) -> None:
        """Nothing more comes: a press that was not answered gets its answer without words."""
        press = self._open.pop(key, None)
        if press is not None:
            await self._answer(press, "")
            if press.timer is not None:
                press.timer.cancel()

    async def close_all(self) -> None:
        """The front ends; nobody is answered any more."""
        timers = [press.timer for press in self._open.values() if press.timer is not None]
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)
        self._open.clear()

    async def _lose_patience(self, press: Press, waiting: str) -> None:
        await asyncio.sleep(self._patience_s)
        await self._answer(press, waiting)

    async def _answer(self, press: Press, text: str) -> bool:
        if press.answered:
            return False
        press.answered = True
        return await say(self._wire, press.query, text)


async def say(wire: Wire, query: str, text: str) -> bool:
    """Answer a query; False when it could not be: it is too old, or Telegram is away."""
    try:
        await wire.answer(query, text, alert=len(text) > LONG)
    except (Rejected, Transient) as error:
        LOG.info("a press was not answered: %s", error)
        return False
    return True
