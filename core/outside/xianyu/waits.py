"""Waiting: between connections, and for the first of several never-ending works to end."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import NoReturn

from core.clock import Chance
from core.outside.xianyu.times import SHORT_WINDOW_S, WireTimes

_JITTER = 0.3


class Backoff:
    """The wait before the next connection: doubled after each short one, with jitter, anew after a long one."""

    def __init__(self, times: WireTimes, chance: Chance) -> None:
        self._times = times
        self._chance = chance
        self._next_s = times.backoff_first_s

    def wait_s(self, lived_s: float) -> float:
        """How long to wait after a connection that lived so long."""
        if lived_s >= self._times.stable_s:
            self._next_s = self._times.backoff_first_s
        wait_s = self._next_s
        self._next_s = min(wait_s * 2, self._times.backoff_last_s)
        return wait_s * (1 + self._chance.between(0, _JITTER))


class Shorts:
    """The connections of late that ended as soon as they were there."""

    def __init__(self, times: WireTimes) -> None:
        self._times = times
        self._ended_s: deque[float] = deque(maxlen=times.most_short)

    def are_too_many(self, lived_s: float, now_s: float) -> bool:
        """Whether the connection that ended now was the one too many; all in real seconds."""
        if lived_s >= self._times.stable_s:
            return False
        self._ended_s.append(now_s)
        return len(self._ended_s) == self._times.most_short and now_s - self._ended_s[0] <= SHORT_WINDOW_S


async def until_one_ends(*works: Coroutine[object, object, NoReturn]) -> NoReturn:
    """Run works side by side until one raises; the others are stopped and its error is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    first = next(task for task in tasks if task in done)
    first.result()
    raise AssertionError("a work that never ends has ended")
