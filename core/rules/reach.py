"""Which chat takes an alert: the first that can be reached; one that keeps failing is passed over and tried later.

A chat that is busy is waited for. One that fails is tried again a few times; then it counts as down, alerts go to the
next chat, and from time to time one of them tries it first (law 10: an alert arrives, or is visibly late).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.values import Value

AGAIN_S = (2, 5, 15, 60)
"""Waits, in seconds, before a chat that failed is tried again; the last one repeats."""
MOST_FAILURES = 4
"""A chat that failed so often in a row counts as down: about 20 seconds after it first did."""
LONG_S = 120.0
"""A chat that is busy for longer than this counts as down until then."""


class Standing(Value):
    """How a chat does: failures in a row, and until when nothing is tried there."""

    failures: int = 0
    free_at: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """Whether something may be tried."""
        return self.free_at is None or self.free_at <= now

    def is_down(self, now: datetime) -> bool:
        """Whether alerts go elsewhere for now."""
        if self.is_free(now):
            return False
        long = self.free_at is not None and (self.free_at - now).total_seconds() > LONG_S
        return long or self.failures >= MOST_FAILURES


FINE = Standing()


def failed(standing: Standing, now: datetime, retry_after_s: float | None = None) -> Standing:
    """The chat could not be reached once more."""
    wait_s = max(AGAIN_S[min(standing.failures, len(AGAIN_S) - 1)], retry_after_s or 0.0)
    return Standing(failures=standing.failures + 1, free_at=now + timedelta(seconds=wait_s))


def busy(standing: Standing, now: datetime, retry_after_s: float | None) -> Standing:
    """The chat takes no more for a while; that is no failure."""
    return Standing(failures=standing.failures, free_at=now + timedelta(seconds=retry_after_s or 1.0))


def choose(chats: Sequence[str], standings: Mapping[str, Standing], now: datetime) -> str | None:
    """The first chat that is not down; when all are, the one that is tried again first. None when there is none."""
    up = next((chat for chat in chats if not standings.get(chat, FINE).is_down(now)), None)
    if up is not None or not chats:
        return up
    return min(chats, key=lambda chat: standings[chat].free_at or now)
