"""The lines of the five figures, and how a figure stands against them (KPI-001 to KPI-005)."""

from collections.abc import Mapping

from core.values.indicators import Grade, Indicator, IndicatorName, Target

N = IndicatorName

TARGETS: dict[IndicatorName, Target] = {
    N.auto_ship: Target(target=0.95, alert=0.90),
    N.handling: Target(target=300_000, alert=600_000),
    N.notices: Target(target=0.99, alert=0.95),
    N.availability: Target(target=0.999, alert=0.99),
    N.api: Target(target=2_000, alert=5_000),
}
"""Shares, and milliseconds."""
BUCKETS_MS = (
    100, 200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000,
    60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
)  # fmt: skip
"""Upper ends; every line of a figure of time is one, so that a figure is never on the wrong side of it."""
LONGER_MS = 86_400_000
"""The last bucket: longer than all of them."""
OF_100 = 95
LEAST: Mapping[IndicatorName, int] = {N.availability: 3600}
"""Of how many (seconds, of the availability) a figure is judged: a minute with a restart in it says nothing."""


def bucket(took_ms: float) -> int:
    """The upper end of the bucket a length falls into."""
    return next((upto for upto in BUCKETS_MS if took_ms <= upto), LONGER_MS)


def p95(counts: Mapping[int, int]) -> int | None:
    """The upper end under which 95 of 100 lie; None when there is none."""
    total, seen = sum(counts.values()), 0
    for upto, n in sorted(counts.items()):
        seen += n
        if seen * 100 >= total * OF_100:
            return upto
    return None


def judge(name: IndicatorName, value: float | None, n: int) -> Indicator:
    """A figure with its grade; none of too few. What lies on a line has kept it."""
    target = TARGETS[name]
    value = value if n >= LEAST.get(name, 1) else None
    return Indicator(name=name, target=target, value=value, n=n, grade=_grade(target, value))


def _grade(target: Target, value: float | None) -> Grade:
    if value is None:
        return Grade.unknown
    sign = 1 if target.more_is_better else -1
    if sign * value >= sign * target.target:
        return Grade.good
    return Grade.red if sign * value < sign * target.alert else Grade.amber


def share(part: int, of: int) -> float | None:
    """A share of 0 to 1; None of nothing."""
    return part / of if of else None
