"""Shop time and chance, passed in as arguments.

Shop time may run fast (the demo: at most ×120). Wire time (heartbeats, timeouts, reconnects, typing) is always real.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")

MAX_SPEED = 120.0


class Clock(Protocol):
    """Tells shop time and waits in it."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for a length of shop time."""
        ...

    def real_s(self, seconds: float) -> float:
        """How many real seconds a length of shop time takes (for event-loop timeouts)."""
        ...

    def shop_s(self, real_s: float) -> float:
        """How many seconds of shop time pass in a length of real time (for leases of wire work)."""
        ...


class SystemClock:
    """The machine's clock, optionally running `speed` times as fast since the instant `since`.

    Two processes given the same `speed` and `since` agree on shop time, also after a restart.
    """

    def __init__(self, speed: float = 1.0, since: datetime | None = None) -> None:
        if not 1.0 <= speed <= MAX_SPEED:
            raise ValueError(f"speed must be between 1 and {MAX_SPEED:g}, got {speed:g}")
        self.speed = speed
        self.since = since or datetime.now(UTC)

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        real = datetime.fromtimestamp(time.time(), UTC)
        return real if self.speed == 1.0 else self.since + (real - self.since) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait for a length of shop time."""
        await asyncio.sleep(self.real_s(seconds))

    def real_s(self, seconds: float) -> float:
        """How many real seconds a length of shop time takes."""
        return max(0.0, seconds) / self.speed

    def shop_s(self, real_s: float) -> float:
        """How many seconds of shop time pass in a length of real time."""
        return real_s * self.speed


class ManualClock:
    """A clock that moves only when told to: for tests and for replays."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The instant it was last set to."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move forward by that much and let others run once."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def real_s(self, seconds: float) -> float:  # noqa: ARG002 - a still clock never lets real time pass
        """Nothing is waited for in real time."""
        return 0.0

    def shop_s(self, real_s: float) -> float:
        """The two are alike while it stands still."""
        return real_s

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._now += timedelta(seconds=seconds)


class Chance(Protocol):
    """The shop's dice, so that a seed decides them."""

    def between(self, low: float, high: float) -> float:
        """A number in [low, high], evenly spread."""
        ...

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        ...


class SeededChance:
    """Chance from `random.Random`; the same seed rolls the same dice."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)

    def between(self, low: float, high: float) -> float:
        """A number in [low, high]."""
        return self._random.uniform(low, high)

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        return self._random.choice(things)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 UTC, the store's and the platform's form of an instant."""
    return round(instant.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The aware UTC instant of a number of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)
