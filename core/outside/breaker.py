"""A circuit breaker: after some failures in a row nothing is asked for a while, then one harmless question decides.

Closed: calls pass. Open: they are refused without the network. Half-open, when the rest is over: the first caller asks
the probe, and its answer closes the breaker or begins a longer rest; a call that changes something is never the probe.
It repeats nothing, so an effect without an answer stays what it is (law 3).

Libraries made for it were looked at (pybreaker, circuitbreaker, purgatory, aiobreaker): each reads a clock of its own,
lets the waiting call itself be the probe, and keeps the rest at one length. What is needed here is shorter than a coat
around one of them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeVar

from core.clock import Chance
from core.errors import Busy, Resting, ShopError, Transient, Unknown

T = TypeVar("T")
_JITTER = 0.2


class Rest(NamedTuple):
    """What an open breaker tells: for how long it has been open and how long it still rests, in real seconds.

    `reason` is the failure it rests after.
    """

    open_s: float
    left_s: float
    reason: str


class Limits(NamedTuple):
    """After how many failures in a row it opens, and how long it rests: at first, and at most, in real seconds."""

    failures: int
    first_s: float
    last_s: float


class Breaker:
    """One line to the world. `now_s` is a clock of real seconds that never goes back."""

    def __init__(self, limits: Limits, chance: Chance, now_s: Callable[[], float]) -> None:
        self._limits = limits
        self._chance = chance
        self._now_s = now_s
        self._failures = 0
        self._rests = 0
        self._opened_s = 0.0
        self._until_s: float | None = None
        self._reason = ""
        self._probing = asyncio.Lock()

    @property
    def rest(self) -> Rest | None:
        """None while it is closed. With nothing left to rest the next call is preceded by the probe."""
        if self._until_s is None:
            return None
        now_s = self._now_s()
        return Rest(now_s - self._opened_s, max(0.0, self._until_s - now_s), self._reason)

    def close(self) -> None:
        """A person, or a new login, says that it works."""
        self._failures, self._rests, self._until_s = 0, 0, None

    async def run(self, work: Callable[[], Awaitable[T]], probe: Callable[[], Awaitable[object]]) -> T:
        """Do the work; Resting, without it, while the breaker is open or when the probe failed."""
        if self._until_s is not None:
            async with self._probing:
                await self._prove(probe)
        return await self._watch(work, self._fail)

    async def _prove(self, probe: Callable[[], Awaitable[object]]) -> None:
        rest = self.rest
        if rest is None:
            return
        if rest.left_s > 0:
            raise _resting(rest)
        try:
            await self._watch(probe, self._open)
        except (Transient, Unknown) as error:
            raise _resting(self.rest or rest) from error

    async def _watch(self, work: Callable[[], Awaitable[T]], failed: Callable[[ShopError], None]) -> T:
        try:
            found = await work()
        except (Transient, Unknown) as error:
            failed(error)
            raise
        except ShopError:  # a refusal, or a person is needed: the other side answers
            self.close()
            raise
        self.close()
        return found

    def _fail(self, error: ShopError) -> None:
        """One that says it is asked too often is left alone at once."""
        self._failures += 1
        if self._until_s is None and (isinstance(error, Busy) or self._failures >= self._limits.failures):
            self._open(error)

    def _open(self, error: ShopError) -> None:
        rest_s = min(self._limits.first_s * 2**self._rests, self._limits.last_s)
        wished = error.retry_after_s if isinstance(error, Transient) else None
        rest_s = max(rest_s * (1 + self._chance.between(0, _JITTER)), wished or 0.0)
        if self._until_s is None:
            self._opened_s = self._now_s()
        self._rests += 1
        self._until_s = self._now_s() + rest_s
        self._reason = str(error.facts.get("reason") or error.facts.get("code") or error.key)


def _resting(rest: Rest) -> Resting:
    return Resting("market_resting", rest.left_s, reason=rest.reason)
