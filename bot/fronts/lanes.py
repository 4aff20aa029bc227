"""Chats side by side, each in the order things were asked in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

STOP = "stop"
"""The lane of the emergency stop: in the lane of its chat it would wait until every answer before it was shown."""
LOG = logging.getLogger("zhanggui.fronts")


class Lanes:
    """One lane a chat: what is put into it runs after what was put before."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[None]] = {}
        self._all: set[asyncio.Task[None]] = set()

    def put(self, lane: str, job: Callable[[], Awaitable[None]]) -> None:
        """Run a job when its lane is free; an error of it is logged, and the lane goes on."""
        task = asyncio.create_task(_after(self._last.get(lane), job), name=f"lane-{lane}")
        self._last[lane] = task
        self._all.add(task)
        task.add_done_callback(lambda done: self._forget(lane, done))

    def _forget(self, lane: str, task: asyncio.Task[None]) -> None:
        self._all.discard(task)
        if self._last.get(lane) is task:
            del self._last[lane]

    async def close(self) -> None:
        """End what is under way and what waits: it is stored, and taken up at the next start."""
        tasks = list(self._all)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _after(before: asyncio.Task[None] | None, job: Callable[[], Awaitable[None]]) -> None:
    if before is not None:
        await asyncio.wait((before,))
    try:
        await job()
    except Exception:
        LOG.exception("something asked could not be finished")
