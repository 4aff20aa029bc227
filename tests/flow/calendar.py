"""Fast clocks that can be put forward: the shop's, and another party's."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import SystemClock

SPEED = 60.0


MORNING = time(10, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When every day of a test begins: what it sells stands in one day's figures, and no report is due for hours."""


class Calendar(SystemClock):
    """A fast clock that begins in the coming morning and can also be put forward; at speed 1 it is the real one."""

    def __init__(self, speed: float = SPEED) -> None:
        super().__init__(speed, datetime.now(UTC))
        self._ahead = next_morning(self.since) - self.since if speed > 1 else timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def put_forward(self, length: timedelta) -> None:
        self._ahead += length


def next_morning(after: datetime) -> datetime:
    """The first instant after another at which a shop's clock shows MORNING."""
    day = after.astimezone(MORNING.tzinfo).date()
    today = datetime.combine(day, MORNING)
    return today if today > after else datetime.combine(day + timedelta(days=1), MORNING)


class Ahead(SystemClock):
    """Another party's clock: it runs as a calendar does, and is set otherwise."""

    def __init__(self, calendar: Calendar, by_s: float) -> None:
        super().__init__(calendar.speed, calendar.since)
        self._calendar = calendar
        self._by = timedelta(seconds=by_s)

    def now(self) -> datetime:
        return self._calendar.now() + self._by
