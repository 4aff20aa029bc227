"""The longest pause of an event loop: how much later than planned a short sleep came back."""

import asyncio
import time

TICK_S = 0.005


class Pauses:
    """Ticks beside the work and remembers the longest delay, in milliseconds.

    `busy_ms` is the most processor time the loop's thread used between two ticks: on a crowded machine a pause is
    longer than that, for reasons outside the shop.
    """

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self.busy_ms = 0.0

    async def watch(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            planned_s, used_s = loop.time() + TICK_S, time.thread_time()
            await asyncio.sleep(TICK_S)
            self.busy_ms = max(self.busy_ms, (time.thread_time() - used_s) * 1000)
            self.longest_ms = max(self.longest_ms, (loop.time() - planned_s) * 1000)
