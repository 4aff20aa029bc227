"""The longest pause of an event loop: how much later than planned a short sleep came back."""

import asyncio

TICK_S = 0.002


class Pauses:
    """Ticks beside the work and remembers the longest delay, in milliseconds."""

    def __init__(self) -> None:
        self.longest_ms = 0.0

    async def watch(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            planned_s = loop.time() + TICK_S
            await asyncio.sleep(TICK_S)
            self.longest_ms = max(self.longest_ms, (loop.time() - planned_s) * 1000)
