"""Supervised loops: a bug in one is logged, counted, backed off and shown in /health (law 12).

It never stops another.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from core.clock import Clock
from core.flows.work import Bell

log = logging.getLogger(__name__)

FIRST_WAIT_S = 1.0
LAST_WAIT_S = 30.0
STABLE_S = 60.0
SHORTEST_WAIT_S = 0.02
"""Work that is due and cannot be taken yet must not spin."""


class Flow(Protocol):
    """A day's work: one pass, and when the next is due."""

    async def step(self) -> bool:
        """Do one pass; whether it did anything."""
        ...

    async def next_at(self) -> datetime | None:
        """When something is next due, in shop time."""
        ...


class Supervisor:
    """Keeps children running and knows how each is."""

    def __init__(self) -> None:
        self._failed: dict[str, tuple[str, float]] = {}
        """The last error of a child, with its count, and when it came on the loop's clock."""
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def states(self) -> dict[str, str]:
        """Each child's state: "ok", or, for a minute after it failed, its last error and how often it has."""
        now = asyncio.get_running_loop().time()
        recent = {name: words for name, (words, at) in self._failed.items() if now - at < STABLE_S}
        return {name: recent.get(name, "ok") for name in self._tasks}

    def start(self, name: str, child: Callable[[], Awaitable[None]]) -> None:
        """Start a child; it is started again whenever it fails, and left alone when it ends."""
        self._tasks[name] = asyncio.create_task(self._keep(name, child), name=name)

    async def _keep(self, name: str, child: Callable[[], Awaitable[None]]) -> None:
        wait_s, failures = FIRST_WAIT_S, 0
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await child()
            except Exception as error:
                log.exception("%s failed", name)
                failures += 1
                wait_s = FIRST_WAIT_S if loop.time() - began > STABLE_S else min(wait_s * 2, LAST_WAIT_S)
                self._failed[name] = f"{type(error).__name__} ({failures}x)", loop.time()
                await asyncio.sleep(wait_s)
            else:
                return

    async def stop(self, *names: str) -> None:
        """Cancel children (all when none is named) and wait for them."""
        chosen = [self._tasks.pop(name) for name in names or list(self._tasks) if name in self._tasks]
        for task in chosen:
            task.cancel()
        await asyncio.gather(*chosen, return_exceptions=True)


async def keep_stepping(flow: Flow, bell: Bell, clock: Clock, wake_s: float, rest_s: float = 0.0) -> None:
    """Step a flow whenever its bell rings or something is due, and look again after `wake_s` (clocks jump).

    All lengths in real seconds. `rest_s` lets several rings become one look, for a flow that is never in a hurry.
    """
    while True:
        if await flow.step():
            continue
        at = await flow.next_at()
        due_s = clock.real_s((at - clock.now()).total_seconds()) if at is not None else wake_s
        await bell.wait(max(SHORTEST_WAIT_S, min(due_s, wake_s)))
        await asyncio.sleep(rest_s)
