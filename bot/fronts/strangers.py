"""What of all that is said to a front is the shop's business: the one measure for strangers, whichever the chat."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable

from bot.auth import Request
from bot.desk import Desk
from core.engine.front import Engine

LOG = logging.getLogger("zhanggui.fronts")
STRANGERS_A_MINUTE = 20
"""So many requests of somebody who is not let in are stored within a minute; the rest is dropped unread."""
MOST_STRANGERS = 1000
MINUTE_S = 60.0


class Strangers:
    """Counts what people ask who are not let in, in real time; whoever is let in is counted by the desk."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds and only moves forward."""
        self._engine = engine
        self._now = now
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    async def lets_through(self, request: Request, desk: Desk) -> bool:
        """Whether to store a request: it is for the shop, and of nobody who asks too much."""
        return await self._is_bearable(request.who) and await desk.concerns(request)

    async def _is_bearable(self, who: str) -> bool:
        return await self._engine.people.find(who) is not None or self._count(who)

    def _count(self, who: str) -> bool:
        if len(self._recent) > MOST_STRANGERS:
            self._recent.clear()
        now, recent = self._now(), self._recent[who]
        while recent and recent[0] < now - MINUTE_S:
            recent.popleft()
        if len(recent) == STRANGERS_A_MINUTE:
            LOG.warning("%s is a stranger and asks too much: not read for a while", who)
        if len(recent) <= STRANGERS_A_MINUTE:  # one over tells that it was said
            recent.append(now)
        return len(recent) <= STRANGERS_A_MINUTE
