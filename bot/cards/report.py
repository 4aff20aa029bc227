"""The day's report: each figure beside yesterday's and the week's mean of the same hours; the title is the finding."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from bot.cards.card import MAX_FIELDS, MAX_LABEL, Draft
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.stats import View, offers, success
from core.values.notices import NoticeKind
from core.values.reports import DayReport
from core.values.views import DayNumbers

Fields = tuple[tuple[str, str], ...]
MANY = 100
PARTS_SHOWN = 6
TITLE_SHOWN = 12
"""Signs of a product's title in the list of what runs out."""


class Beside(NamedTuple):
    """A figure of the day with yesterday's and the week's mean, in words; without them in a young shop."""

    value: str
    yesterday: str = ""
    mean: str = ""

    def words(self, pen: Pen, value: str = "") -> str:
        """All three, the figure in other words if they are given."""
        shown = value or self.value
        if not self.yesterday:
            return shown
        return pen("report.beside", value=shown, yesterday=self.yesterday, mean=self.mean)

    def note(self, pen: Pen) -> str:
        """What it is compared with, alone."""
        return pen("report.beside_yesterday", yesterday=self.yesterday, mean=self.mean) if self.yesterday else ""


def report_card(report: DayReport, pen: Pen) -> Draft:
    """The report of a day. It is of the same thing as the cards of /stats: their buttons turn it."""
    return Draft(
        entity="stats",
        title=pen("report.title", day=day_words(report.day), finding=finding(report, pen)),
        fields=(
            *_money(report, pen),
            *_parts(report, pen),
            *_shipping(report, pen),
            *_people(report, pen),
            *_outlook(report, pen),
        )[:MAX_FIELDS],
        offers=offers(1, View.sales, pen),
        kind=NoticeKind.daily_report,
    )


def day_words(day: date) -> str:
    """11-21."""
    return day.strftime("%m-%d")


def finding(report: DayReport, pen: Pen) -> str:
    """The most telling fact of the day, in words."""
    found, numbers = report.finding, report.numbers
    return pen.texts(f"finding.{found.kind}", n=found.n, amount=pen.money(numbers.revenue_fen), paid=numbers.paid)


def plain(figure: float) -> str:
    """A count, or a mean of counts: with one digit while it is small."""
    return f"{figure:,.0f}" if abs(figure) >= MANY else f"{round(figure, 1):g}"


def beside(report: DayReport, *names: str, say: Callable[[float], str] = plain) -> Beside:
    """Some figures of the day together, with what the same hours had yesterday and in the mean of the week."""
    here, mean = say(report.numbers.total(*names)), report.mean(*names)
    if mean is None or report.yesterday is None or not report.hours:
        return Beside(here)
    return Beside(here, say(report.yesterday.total(*names)), say(mean))


def success_beside(report: DayReport, pen: Pen) -> Beside:
    """The share of shipments that went through; of the week as a whole, for days without any have no share."""
    here = _share(report.numbers, pen)
    if report.yesterday is None or not report.hours:
        return Beside(here)
    names = ("shipped_auto", "shipped_by_hand", "ship_failed")
    sums = {name: sum(day.total(name) for day in report.week) for name in names}
    week = DayNumbers.model_validate({"since": report.week[0].since, "until": report.day, **sums})
    return Beside(here, _share(report.yesterday, pen), _share(week, pen))


def _share(numbers: DayNumbers, pen: Pen) -> str:
    share = success(numbers)
    return pen("stats.nothing") if share is None else pen("chart.percent", n=int(share))


def _money(report: DayReport, pen: Pen) -> Fields:
    n = report.numbers
    orders = pen("report.orders", paid=n.paid, orders=n.orders, cancelled=n.cancelled)
    refunds = pen("report.refunds", asked=n.refunds, repaid=n.refunded, amount=pen.money(n.refund_fen))
    revenue = beside(report, "revenue_fen", say=lambda figure: pen.money(round(figure)))
    return (
        (pen("label.span"), _covers(report, pen)),
        (pen("label.orders"), beside(report, "paid").words(pen, orders)),
        (pen("label.revenue"), revenue.words(pen)),
        (pen("label.refund"), beside(report, "refunds").words(pen, refunds)),
    )


def _parts(report: DayReport, pen: Pen) -> Fields:
    """Each shop, or account, with its whole day; those that sold most first."""
    ranked = sorted(report.parts, key=lambda part: -part.numbers.revenue_fen)
    return tuple(
        (
            clip(part.name, MAX_LABEL),
            pen("report.part", paid=part.numbers.paid, amount=pen.money(part.numbers.revenue_fen)),
        )
        for part in ranked[:PARTS_SHOWN]
    )


def _covers(report: DayReport, pen: Pen) -> str:
    """From midnight to the end of its last hour, or to now where that is still to come."""
    here = pen.now.astimezone(pen.zone)
    running = report.day == here.date() and report.hours > here.hour
    until = f"{here:%H:%M}" if running else f"{report.hours}:00"
    return pen("report.covers", day=day_words(report.day), until=until)


def _shipping(report: DayReport, pen: Pen) -> Fields:
    n = report.numbers
    shipped = pen("report.shipped", auto=n.shipped_auto, hand=n.shipped_by_hand)
    late = pen("report.late", a=n.late_0_1_min, b=n.late_1_5_min, c=n.late_5_30_min, d=n.late_over_30_min)
    over = pen("report.late_over", n=n.late_5_30_min + n.late_over_30_min)
    over = beside(report, "late_5_30_min", "late_over_30_min").words(pen, over)
    return (
        (pen("label.shipping"), beside(report, "shipped_auto", "shipped_by_hand").words(pen, shipped)),
        (pen("label.success"), success_beside(report, pen).words(pen)),
        (pen("label.failed"), beside(report, "ship_failed").words(pen)),
        (pen("label.lateness"), f"{late} · {over}"),
    )


def _people(report: DayReport, pen: Pen) -> Fields:
    n = report.numbers
    asked = pen(
        "report.approvals", n=n.approvals_asked, yes=n.approved, no=n.rejected, silent=n.expired, waiting=report.waiting
    )
    answers = pen("report.answers", rule=n.answers_by_rule, model=n.answers_by_model)
    return (
        (pen("label.approvals"), beside(report, "approvals_asked").words(pen, asked)),
        (pen("label.answers"), beside(report, "answers_by_rule", "answers_by_model").words(pen, answers)),
        (pen("label.handed_over"), beside(report, "handed_over").words(pen)),
        (pen("label.guard"), beside(report, "guard_blocked").words(pen)),
    )


def _outlook(report: DayReport, pen: Pen) -> Fields:
    """What runs out, and yesterday to its end."""
    titles = [(row.product.title[:TITLE_SHOWN], row.product.free) for row in report.low]
    low = " · ".join(pen("report.low", title=title, n=free) for title, free in titles)
    eve = report.eve
    whole = ((pen("label.eve"), pen("report.eve", n=eve.paid, amount=pen.money(eve.revenue_fen))),) if eve else ()
    return ((pen("label.low"), low or pen("stats.nothing")), *whole)
