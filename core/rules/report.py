"""What a day's report covers, and what it says first: trouble before money, money before quiet."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from core.values.reports import WHOLE_DAY, DayReport, Finding, FindingKind
from core.values.views import DayNumbers

K = FindingKind
LATE_SHARE = 0.1
"""Late shipments are told first when they are this share of all."""
SWING = 20
"""Percent of revenue more or less than usual that are worth the first line."""
FEW_DAYS = 3
"""A mean of fewer days is no custom."""
NIGHT = timedelta(hours=5)
"""A report due so early belongs to the day that has just ended."""


def covers(due: datetime, here: datetime) -> tuple[date, int]:
    """The shop day a report is about, and how many of its hours are in it; both instants in shop time.

    Told in time it covers the hours that are over; told late on the same day, those until then; later, the whole day.
    """
    day = (due.replace(tzinfo=None) - NIGHT).date()
    return day, here.hour if here.date() == day else WHOLE_DAY


def hours_over(day: date, here: datetime) -> int:
    """How many hours of a shop day are over, told in shop time."""
    if day == here.date():
        return here.hour
    return WHOLE_DAY if day < here.date() else 0


def hours_begun(here: datetime) -> int:
    """How many hours of today have begun, told in shop time: what is compared with figures of this moment."""
    return here.hour + 1


def find(report: DayReport) -> Finding:
    """The most telling fact of a day."""
    return _trouble(report) or _money(report)


def _trouble(report: DayReport) -> Finding | None:
    n = report.numbers
    late, sent = n.late_5_30_min + n.late_over_30_min, n.shipped_auto + n.shipped_by_hand
    if n.ship_failed:
        return Finding(kind=K.failed, n=n.ship_failed)
    if late and late >= LATE_SHARE * sent:
        return Finding(kind=K.late, n=late)
    if n.expired:
        return Finding(kind=K.expired, n=n.expired)
    if n.refunds > max(1.0, 2 * (report.mean("refunds") or 0.0)):
        return Finding(kind=K.refunds, n=n.refunds)
    return None


def _money(report: DayReport) -> Finding:
    today, usual = report.numbers.revenue_fen, report.mean("revenue_fen")
    if not report.numbers.paid:
        return Finding(kind=K.quiet)
    if not usual or len(report.week) < FEW_DAYS:
        return Finding(kind=K.plain)
    percent = round((today - usual) * 100 / usual)
    if percent >= SWING and today > max(day.revenue_fen for day in report.week):
        return Finding(kind=K.best, n=percent)
    if abs(percent) >= SWING:
        return Finding(kind=K.more if percent > 0 else K.less, n=abs(percent))
    return Finding(kind=K.usual, n=percent)


def added(since: date, until: date, days: Sequence[DayNumbers]) -> DayNumbers:
    """Some days together, as the numbers of one span."""
    names = [name for name in DayNumbers.model_fields if name not in ("since", "until")]
    sums = {name: sum(day.total(name) for day in days) for name in names}
    return DayNumbers.model_validate({"since": since, "until": until, **sums})
