"""Pictures of weeks and months: a column a day, the mean across them, and what the days before had."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.pen import Pen
from bot.cards.pictures import language, lateness, yuan
from bot.cards.report import day_words, plain
from bot.cards.stats import View, success
from bot.charts.chart import Chart, Columns
from core.values.reports import SpanReport
from core.values.views import DayNumbers

FEW = 8
"""So few days are all named; of more each fifth is, and the last is told apart."""
EVERY = 5
SAME = 5
"""Percent within which two spans are alike."""


@dataclass(frozen=True)
class Measure:
    """A figure of some days, how it is said, and whether it is a sum (whose mean a day can be taken)."""

    of: Callable[[DayNumbers], float | None]
    say: Callable[[float, Pen], str]
    is_sum: bool = False


def response_s(n: DayNumbers) -> float | None:
    """How long a buyer waited for an answer on average, in seconds (KPI-018)."""
    answers = n.answers_by_rule + n.answers_by_model
    return n.answer_wait_ms / 1000 / answers if answers else None


def errors_percent(n: DayNumbers) -> float | None:
    """The share of shipments and answers that went wrong (KPI-019)."""
    wrong = n.ship_failed + n.answers_refused
    done = n.shipped_auto + n.shipped_by_hand + n.ship_failed + n.answers_by_rule + n.answers_by_model
    return wrong * 100 / done if done else None


def _count(value: float, pen: Pen) -> str:
    return pen("chart.paid_n", n=plain(value))


def _percent(value: float, pen: Pen) -> str:
    return pen("chart.percent", n=plain(value))


MEASURES = {
    View.sales: Measure(lambda n: n.revenue_fen, lambda fen, _: yuan(fen), is_sum=True),
    View.orders: Measure(lambda n: n.paid, _count, is_sum=True),
    View.processed: Measure(lambda n: n.shipped_auto + n.shipped_by_hand, _count, is_sum=True),
    View.success: Measure(success, _percent),
    View.response: Measure(response_s, lambda s, pen: pen("chart.seconds", n=plain(s))),
    View.errors: Measure(errors_percent, _percent),
}
"""What each view draws; the shelf is drawn otherwise."""


def span_chart(report: SpanReport, view: View, pen: Pen) -> Chart:
    """A week or a month of one figure; of orders with how late they left."""
    days = len(report.days)
    since, until = day_words(report.days[0].since), day_words(report.days[-1].since)
    columns = _columns(report, view, pen)
    return Chart(
        title=span_finding(report, view, pen),
        subtitle=pen("chart.span", days=days, since=since, until=until),
        panels=(columns, lateness(report.total, pen)) if view is View.orders else (columns,),
        language=language(pen),
    )


def span_finding(report: SpanReport, view: View, pen: Pen) -> str:
    """The figure of the whole span, and how it is beside as many days before."""
    measure, what = MEASURES[view], pen.texts(f"view.{view}")
    here = measure.of(report.total)
    value = pen("stats.nothing") if here is None else measure.say(here, pen)
    before = measure.of(report.before) if report.before is not None else None
    if not here or not before or not measure.is_sum:
        return pen("chart.alone", what=what, value=value)
    percent, days = round((here - before) * 100 / before), len(report.days)
    if abs(percent) < SAME:
        return pen("chart.same", what=what, value=value, days=days)
    key = "chart.more" if percent > 0 else "chart.less"
    return pen.texts(key, what=what, value=value, percent=abs(percent), days=days)


def _columns(report: SpanReport, view: View, pen: Pen) -> Columns:
    measure, last = MEASURES[view], len(report.days) - 1
    found = [measure.of(day) for day in report.days]
    over = [value for value in found[:-1] if value is not None]
    usual = sum(over) / len(over) if any(over) else None
    words = ["" if value is None else measure.say(value, pen) for value in found]
    many = last >= FEW
    ticks = [day_words(day.since) if not many or (last - n) % EVERY == 0 else "" for n, day in enumerate(report.days)]
    return Columns(
        title=pen("chart.by_day", what=pen.texts(f"view.{view}")),
        values=tuple(max(0.0, value or 0.0) for value in found),
        labels=tuple([*words[:-1], ""] if many else words),
        ticks=tuple(ticks),
        last_open=True,
        end_label=pen("chart.now", value=words[-1]) if many and words[-1] else "",
        usual=usual,
        usual_label="" if usual is None else pen("chart.usual", value=measure.say(usual, pen)),
    )
