"""Answers that a chat did not take are shown once it does."""

import asyncio
from collections.abc import Callable

from bot.desk import Desk

LATE_S = 3.0
"""Real seconds between two looks."""


async def answer_late(
    desk: Desk, front: str, *, can: Callable[[], bool] = lambda: True, every_s: float = LATE_S
) -> None:
    """Look for ever; `can` says whether the platform can be reached at all."""
    while True:
        if can():
            await desk.answer_late(front)
        await asyncio.sleep(every_s)
