"""The day, and spans of days, beside what is usual."""

from datetime import date
from enum import StrEnum

from core.values import Value
from core.values.views import DayNumbers, StockRow

WHOLE_DAY = 24
"""Hours of a shop's day, also on the two days a year that have 23 or 25."""


class FindingKind(StrEnum):
    """What a report says first: the most telling fact."""

    failed = "failed"
    """Shipments failed."""
    late = "late"
    """Shipments left more than five minutes after their plan."""
    expired = "expired"
    """Questions nobody answered in time."""
    refunds = "refunds"
    """More refunds were asked for than usual."""
    best = "best"
    """More revenue than on any day of the week before."""
    more = "more"
    less = "less"
    quiet = "quiet"
    """Nobody paid."""
    usual = "usual"
    plain = "plain"
    """There is nothing yet to compare with."""


class Finding(Value):
    """The most telling fact, with its figure: a count, or percent more or less than usual."""

    kind: FindingKind
    n: int = 0


class PartDay(Value):
    """A whole shop day of one account or shop."""

    name: str
    numbers: DayNumbers


class Course(Value):
    """How a day went, hour by hour (24 figures each)."""

    day: date
    revenue_fen: tuple[int, ...]
    paid: tuple[int, ...]


class DayReport(Value):
    """The first `hours` of a shop day beside the same hours of the days before; 24 is the whole day.

    `week` holds the seven days before, oldest first, fewer in a young shop; what is not known is not there.
    """

    day: date
    hours: int
    numbers: DayNumbers
    week: tuple[DayNumbers, ...] = ()
    eve: DayNumbers | None = None
    """Yesterday to its end."""
    courses: tuple[Course, ...] = ()
    """The same days, oldest first, this day last; all hours that were counted."""
    waiting: int = 0
    """Approvals that wait now."""
    low: tuple[StockRow, ...] = ()
    finding: Finding = Finding(kind=FindingKind.plain)
    parts: tuple[PartDay, ...] = ()
    """The day of each shop where there are several, else of each account; nothing where there is only one."""

    @property
    def yesterday(self) -> DayNumbers | None:
        """The same hours of the day before."""
        return self.week[-1] if self.week else None

    def mean(self, *names: str) -> float | None:
        """What the week before had of some numbers together, a day; None when there was none."""
        return sum(day.total(*names) for day in self.week) / len(self.week) if self.week else None


class SpanReport(Value):
    """Whole shop days up to today (which is not over), and the sum of as many days before, when all are known."""

    days: tuple[DayNumbers, ...]
    total: DayNumbers
    before: DayNumbers | None = None


class Shelf(Value):
    """What is in stock, and what of it was sold in so many days: what runs out first comes first."""

    days: int
    rows: tuple[StockRow, ...]
    sold: tuple[int, ...]
    """Units of each row sold in these days."""
