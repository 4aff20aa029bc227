"""How much may be said, and when: pure. Telegram allows about 20 messages a minute in a group, 30 a second overall and
one a second in a private chat, and counts edits like messages (facts of the Bot API's FAQ; its limits are not exact).
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum

MINUTE_S = 60.5
SECOND_S = 1.2
BURST_S = 5.2
"""Telegram's windows and a little: what left earlier may have arrived late, and Telegram counts arrivals."""


class Kind(StrEnum):
    """What is to be said, the most important first."""

    answer = "answer"
    notice = "notice"
    edit = "edit"


MANY = 100
"""So many chats are remembered before the silent ones are forgotten."""
GROUP = {Kind.answer: 20, Kind.notice: 15, Kind.edit: 10}
"""Calls within a minute up to which each kind may go in one group: 5 of the 20 are kept for answers."""
OVERALL = {Kind.answer: 30, Kind.notice: 25, Kind.edit: 20}
"""The same within a second, in all chats together."""
PRIVATE = {Kind.answer: 5, Kind.notice: 4, Kind.edit: 3}
"""The same within five seconds in one private chat: one a second, in short bursts."""


@dataclass
class Budget:
    """The calls of the last minute, by chat, on any clock that only moves forward (seconds).

    A chat's id is negative for a group and positive for a person (Bot API).
    """

    _sent: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _all: deque[float] = field(default_factory=deque)
    _held: dict[int | None, float] = field(default_factory=dict)

    def wait_s(self, chat: int, kind: Kind, now: float) -> float:
        """Seconds until this may be said; 0 when it may be said now."""
        limit, window_s = (GROUP[kind], MINUTE_S) if chat < 0 else (PRIVATE[kind], BURST_S)
        return max(
            _wait_s(self._sent[chat], limit, window_s, now),
            _wait_s(self._all, OVERALL[kind], SECOND_S, now),
            *(self._held.get(which, 0.0) - now for which in (chat, None)),
            0.0,
        )

    def spend(self, chat: int, now: float) -> None:
        """Count a call, whatever becomes of it."""
        if len(self._sent) > MANY:
            self._tidy(now)
        for calls, window_s in ((self._sent[chat], MINUTE_S), (self._all, SECOND_S)):
            calls.append(now)
            while calls[0] <= now - window_s:
                calls.popleft()

    def hold(self, chat: int | None, until: float) -> None:
        """Telegram asked for a rest (429 with retry_after): in one chat, or everywhere when `chat` is None."""
        self._held[chat] = max(until, self._held.get(chat, 0.0))

    def is_held_elsewhere(self, chat: int, now: float) -> bool:
        """Whether a rest was asked for in another chat too: then it is the bot that is too fast, not the chat."""
        return any(until > now for which, until in self._held.items() if which not in (chat, None))

    def _tidy(self, now: float) -> None:
        """Forget the chats in which nothing was said for a minute."""
        for chat in [chat for chat, calls in self._sent.items() if not calls or calls[-1] <= now - MINUTE_S]:
            del self._sent[chat]


def _wait_s(calls: deque[float], limit: int, window_s: float, now: float) -> float:
    """Until fewer than `limit` calls lie within the window."""
    recent = [at for at in calls if at > now - window_s]
    return recent[-limit] + window_s - now if len(recent) >= limit else 0.0
