"""Requests of people: stored before they are acted on, counted so that nobody floods the shop."""

from collections import defaultdict, deque
from datetime import datetime

from core.clock import to_ms
from core.engine.context import Shop
from core.errors import Busy
from core.steps import Steps
from core.store import requests
from core.values.counter import KeptRequest, WaitingRequest

MINUTE_S = 60.0
STRANGER_ANSWERS = 6
STRANGERS_ANSWERS = 60
"""Answers a minute to one person the shop does not know, and to all of them together; then it is silent."""
MOST_COUNTED = 10_000
"""So many people are counted at most: ids cost a flood nothing."""


class Requests:
    """The stored requests, and each person's rate."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._recent: defaultdict[str, deque[datetime]] = defaultdict(deque)

    async def keep(self, key: str, body: bytes) -> KeptRequest:
        """Store a request under its natural key (front and update id); the same key again gives `again`."""
        now_ms = to_ms(self._shop.now())
        kept = await self._shop.store.write(lambda tx: requests.keep(tx, key, body, now_ms))
        self._shop.steps.reached(Steps.request_stored)
        return kept

    async def finish(self, inbox_id: int, error: str = "") -> None:
        """The request was answered, or refused with an error."""
        self._shop.steps.reached(Steps.request_acted)
        now_ms = to_ms(self._shop.now())
        await self._shop.store.write(lambda tx: requests.finish(tx, inbox_id, now_ms, error))

    async def list_waiting(self) -> tuple[WaitingRequest, ...]:
        """What was stored and not finished before a crash, oldest first."""
        return await requests.list_waiting(self._shop.store.people)

    async def has_acted(self, key: str) -> bool:
        """Whether the request with a key has an act of its own: it was carried out, whatever became of its answer."""
        return await requests.has_acted(self._shop.store.people, key)

    async def find(self, inbox_id: int) -> bytes | None:
        """What was kept under an id; None when there is none (any more)."""
        return await requests.find(self._shop.store.people, inbox_id)

    def allow(self, person: str) -> None:
        """Count a command of a person, one number however many ids; Busy when they gave too many within a minute."""
        wait_s = self._count(person, self._shop.config.limits.commands_per_minute)
        if wait_s is not None:
            raise Busy("too_fast", retry_after_s=wait_s)

    def may_warn(self, person: str) -> bool:
        """Whether to tell somebody that they give too many: once a minute, or the warnings fill the chat."""
        return self._count(f"warned {person}", 1) is None

    def may_answer(self, who: str) -> bool:
        """Count an answer to a person the shop does not know; False when they, or all of them, had enough."""
        return self._count(f"stranger {who}", STRANGER_ANSWERS) is None and (
            self._count("strangers", STRANGERS_ANSWERS) is None
        )

    def _count(self, name: str, most: int) -> float | None:
        """Count one more within a minute; how long to wait, in seconds, when that would be too many."""
        now = self._shop.now()
        if len(self._recent) > MOST_COUNTED:
            self._forget(now)
        recent = self._recent[name]
        while recent and (now - recent[0]).total_seconds() >= MINUTE_S:
            recent.popleft()
        if len(recent) >= most:
            return MINUTE_S - (now - recent[0]).total_seconds()
        recent.append(now)
        return None

    def _forget(self, now: datetime) -> None:
        for name in [n for n, times in self._recent.items() if (now - times[-1]).total_seconds() >= MINUTE_S]:
            del self._recent[name]
