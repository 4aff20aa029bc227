"""How fast a bot may write: per group, per private chat, overall (facts: Telegram 3.2). Wire time, so always real."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.telegram.refusal import too_many


@dataclass(frozen=True)
class Allowance:
    """So many writes in so many seconds."""

    writes: int
    within_s: float


GROUP = Allowance(20, 60)
PRIVATE = Allowance(5, 5)
"""About one a second; short bursts pass."""
OVERALL = Allowance(30, 1)


class Pace:
    """Counts the writes that went through; edits count like sends. `is_on` False lets everything through."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self.is_on = True
        self._now_s = now_s
        self._writes: dict[int | None, deque[float]] = {}

    def check(self, chat_id: int) -> None:
        """Count one write to a chat, or Refusal 429 with the seconds until there is room."""
        if not self.is_on:
            return
        wait_s = max(self._wait_s(chat_id, GROUP if chat_id < 0 else PRIVATE), self._wait_s(None, OVERALL))
        if wait_s > 0:
            raise too_many(max(1, math.ceil(wait_s)))
        for key in (chat_id, None):
            self._writes[key].append(self._now_s())

    def _wait_s(self, key: int | None, allowed: Allowance) -> float:
        writes, now_s = self._writes.setdefault(key, deque()), self._now_s()
        while writes and writes[0] <= now_s - allowed.within_s:
            writes.popleft()
        return writes[0] + allowed.within_s - now_s if len(writes) >= allowed.writes else 0.0
