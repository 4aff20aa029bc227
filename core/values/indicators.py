"""The five figures by which a shop is judged, each with its target and its alert line (KPI-001 to KPI-005)."""

from datetime import date
from enum import StrEnum

from core.values import Value


class IndicatorName(StrEnum):
    """What is measured."""

    auto_ship = "auto_ship"
    """Share of automatic shipments that needed nobody."""
    handling = "handling"
    """How late orders leave against their plan, in milliseconds: 95 of 100 are no later."""
    notices = "notices"
    """Share of notices the owner was shown within five minutes."""
    availability = "availability"
    """Share of the time the shop was there."""
    api = "api"
    """How long the marketplace takes to answer, in milliseconds: 95 of 100 calls are no longer; the slowest call."""


class Grade(StrEnum):
    """How a figure stands against its lines."""

    good = "good"
    amber = "amber"
    """Between the target and the alert line."""
    red = "red"
    unknown = "unknown"
    """Nothing was measured yet."""


class Target(Value):
    """The lines of a figure. Where more is better, `alert` lies below `target`, else above."""

    target: float
    alert: float

    @property
    def more_is_better(self) -> bool:
        """Which side of the lines is the good one."""
        return self.target > self.alert


class Indicator(Value):
    """One figure of a span of days; `value` is None when nothing was measured. `n` is of how many."""

    name: IndicatorName
    target: Target
    value: float | None = None
    n: int = 0
    grade: Grade = Grade.unknown


class CallTime(Value):
    """One call of the marketplace: 95 of 100 took at most so long."""

    name: str
    p95_ms: int
    n: int


class Indicators(Value):
    """All of them, for a span of shop days, both ends included; the calls slowest first."""

    since: date
    until: date
    rows: tuple[Indicator, ...]
    calls: tuple[CallTime, ...] = ()
