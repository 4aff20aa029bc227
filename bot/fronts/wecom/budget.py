"""How much may be said in a chat: 30 messages a minute and 1000 an hour, replies and pushes together (facts: WeCom c2).

Pure; refused and refreshed frames count too, since the platform's own counting is not documented.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum

MINUTE_S, HOUR_S = 60.0, 3600.0
MOST_CHATS = 1000


class Kind(StrEnum):
    """What is to be said, the most important first."""

    answer = "answer"
    notice = "notice"
    line = "line"
    """A short line in the place of an edit."""


MOST: dict[Kind, tuple[int, int]] = {Kind.answer: (30, 1000), Kind.notice: (25, 950), Kind.line: (15, 700)}
"""Up to how many within a minute, and within an hour, each kind may go: the rest is kept for what matters more."""


@dataclass
class Budget:
    """What was said lately, by chat, on any clock that only moves forward (seconds)."""

    _said: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _held: dict[str, float] = field(default_factory=dict)

    def wait_s(self, chat: str, kind: Kind, now: float, count: int = 1) -> float:
        """Seconds until `count` messages may be said; 0 when they may now."""
        said, (minute, hour) = self._said[chat], MOST[kind]
        held = self._held.get(chat, 0.0) - now
        return max(_wait_s(said, minute - count, MINUTE_S, now), _wait_s(said, hour - count, HOUR_S, now), held, 0.0)

    def spend(self, chat: str, now: float) -> None:
        """Count one, whatever becomes of it."""
        said = self._said[chat]
        said.append(now)
        while said[0] <= now - HOUR_S:
            said.popleft()
        if len(self._said) > MOST_CHATS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop the chats nothing was said in for an hour."""
        for chat in [chat for chat, said in self._said.items() if not said or said[-1] <= now - HOUR_S]:
            del self._said[chat]
        for chat in [chat for chat, until in self._held.items() if until <= now]:
            del self._held[chat]

    def hold(self, chat: str, until: float) -> None:
        """The platform said that it is too much."""
        self._held[chat] = until


def _wait_s(said: deque[float], most: int, window_s: float, now: float) -> float:
    """Until no more than `most` lie within the window."""
    at = said[-most - 1] if 0 <= most < len(said) else None
    return at + window_s - now if at is not None else 0.0
