"""The platform's time, by what its answers say: calls are signed with it, and its history is searched by it.

An answer's stamp lies between the sending of the question and the arrival of the answer. So each answer allows a span
of differences, and the difference moves only as far as it must to lie within: neither a slow answer nor a date without
fractions moves it.
"""

from datetime import datetime, timedelta

from core.clock import Clock

_NONE = timedelta()


class PlatformClock:
    """Shop time plus how far the platform was ahead at its last answer; one an account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = _NONE
        self._heard = False

    @property
    def ahead(self) -> timedelta:
        """How far the platform's clock is ahead of ours (negative: behind); nothing as long as it never told."""
        return self._ahead

    @property
    def told(self) -> timedelta | None:
        """The same; None when it never told."""
        return self._ahead if self._heard else None

    def now(self) -> datetime:
        """The present instant by the platform's clock."""
        return self._clock.now() + self._ahead

    def our_now(self) -> datetime:
        """The present instant by ours."""
        return self._clock.now()

    def heard(self, stamp: datetime, asked_at: datetime, whole: timedelta = _NONE) -> None:
        """An answer, arriving now, carries the platform's time; `asked_at` by our clock.

        `whole` is what the stamp leaves out: a second for a Date header.
        """
        least, most = stamp - self._clock.now(), stamp + whole - asked_at
        self._ahead = max(least, min(self._ahead, most))
        self._heard = True
