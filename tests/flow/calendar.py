"""Fast clocks that can be put forward: the shop's, and another party's."""

from datetime import UTC, datetime, timedelta

from core.clock import SystemClock

SPEED = 60.0


class Calendar(SystemClock):
    """A fast clock that can also be put forward."""

    def __init__(self, speed: float = SPEED) -> None:
        super().__init__(speed, datetime.now(UTC))
        self._ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def put_forward(self, length: timedelta) -> None:
        self._ahead += length


class Ahead(SystemClock):
    """Another party's clock: it runs as a calendar does, and is set otherwise."""

    def __init__(self, calendar: Calendar, by_s: float) -> None:
        super().__init__(calendar.speed, calendar.since)
        self._calendar = calendar
        self._by = timedelta(seconds=by_s)

    def now(self) -> datetime:
        return self._calendar.now() + self._by
