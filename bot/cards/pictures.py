"""Pictures of the figures: what is drawn, in the reader's words. The caption says the same numbers."""

from collections.abc import Sequence
from itertools import accumulate

from bot.cards.card import Draft
from bot.cards.pen import Pen
from bot.cards.report import beside, day_words, finding, plain, success_beside
from bot.cards.stats import View, lasts, success
from bot.charts.chart import MAX_BARS, Bar, Bars, Chart, Line, Lines, Stroke, Tile, Tone
from bot.charts.drawing import Drawing
from core.values.reports import WHOLE_DAY, Course, DayReport, Shelf
from core.values.views import DayNumbers, StockRow

LOW_BARS = 3
TICK_HOURS = 6
GOOD, FAIR = 100, 90
"""Percent of shipments that went through."""


async def with_picture(draft: Draft, chart: Chart, drawing: Drawing | None, pen: Pen) -> Draft:
    """The draft with its picture; as it is where nobody sees pictures, with a remark when it could not be drawn."""
    if drawing is None:
        return draft
    picture = await drawing.draw(chart)
    if picture is not None:
        return draft.model_copy(update={"picture": picture})
    note = "\n".join(filter(None, (draft.note, pen("report.no_picture"))))
    return draft.model_copy(update={"note": note})


def language(pen: Pen) -> str:
    """Which forms of the signs are drawn."""
    return "zh-Hans" if pen.texts.locale == "zh" else pen.texts.locale


def yuan(fen: float) -> str:
    """Whole yuan: a picture is read at a glance, the caption has the 分."""
    return f"¥ {round(fen / 100):,}" if fen >= 0 else f"-¥ {round(-fen / 100):,}"


def daily_chart(report: DayReport, pen: Pen) -> Chart:
    """The evening's picture: the day's course, how late goods left, what runs out."""
    low = Bars(title=pen("chart.low"), bars=_low(report.low, pen), empty=pen("chart.low_none"))
    return Chart(
        title=finding(report, pen),
        subtitle=pen("chart.day", day=day_words(report.day), hours=report.hours),
        tiles=_tiles(report, pen),
        panels=(_course(report, View.sales, pen), lateness(report.numbers, pen), low),
        language=language(pen),
    )


def today_chart(report: DayReport, now: DayNumbers, view: View, pen: Pen) -> Chart:
    """Today so far, sales or orders, beside the days before until the end of the hour that runs."""
    value = yuan(now.revenue_fen) if view is View.sales else pen("chart.paid_n", n=now.paid)
    course = _course(report, view, pen)
    return Chart(
        title=pen("chart.today", what=pen.texts(f"view.{view}"), value=value),
        subtitle=pen("chart.day_so_far", day=day_words(report.day), hours=report.hours),
        tiles=_tiles(report, pen),
        panels=(course,) if view is View.sales else (course, lateness(now, pen)),
        language=language(pen),
    )


def _tiles(report: DayReport, pen: Pen) -> tuple[Tile, ...]:
    share = success(report.numbers)
    sent = Tone.plain if share is None else Tone.good if share >= GOOD else Tone.warn if share >= FAIR else Tone.bad
    revenue = beside(report, "revenue_fen", say=yuan)
    paid, asked = (beside(report, name, say=lambda n: pen("chart.paid_n", n=plain(n))) for name in ("paid", "refunds"))
    tiles = (
        (pen("chart.paid"), paid, Tone.plain),
        (pen("chart.revenue"), revenue, Tone.plain),
        (pen("chart.success"), success_beside(report, pen), sent),
        (pen("chart.refunds"), asked, Tone.warn if report.numbers.refunds else Tone.plain),
    )
    return tuple(Tile(label=label, value=one.value, note=one.note(pen), tone=tone) for label, one, tone in tiles)


def _course(report: DayReport, view: View, pen: Pen) -> Lines:
    """The day's figure added up by the hour, beside yesterday's and the mean of the week."""
    sales = view is View.sales

    def say(value: float) -> str:
        return yuan(value) if sales else pen("chart.paid_n", n=plain(value))

    *before, today = [_by_hour(course, sales=sales) for course in report.courses]
    lines = [(today[: report.hours], "chart.now", Stroke.now)]
    if before:
        mean = [sum(day[n] for day in before) / len(before) for n in range(WHOLE_DAY)]
        lines = [(mean, "chart.mean", Stroke.usual), (before[-1], "chart.yesterday", Stroke.before), *lines]
    ticks = [pen("chart.hour", hour=n) if n % TICK_HOURS == 0 and n < WHOLE_DAY else "" for n in range(WHOLE_DAY + 1)]
    return Lines(
        title=pen("chart.revenue_course") if sales else pen("chart.paid_course"),
        lines=tuple(_line(hours, pen.texts(key, value=say(sum(hours))), stroke) for hours, key, stroke in lines),
        ticks=tuple(ticks),
    )


def _by_hour(course: Course, *, sales: bool) -> Sequence[float]:
    return course.revenue_fen if sales else course.paid


def _line(hours: Sequence[float], label: str, stroke: Stroke) -> Line:
    """What was there at each full hour, midnight's nothing first."""
    return Line(values=tuple(accumulate(hours, initial=0)), label=label, stroke=stroke)


def lateness(n: DayNumbers, pen: Pen) -> Bars:
    """How many shipments left how late after their plan."""
    rows = (
        (pen("chart.late_a"), n.late_0_1_min, Tone.plain),
        (pen("chart.late_b"), n.late_1_5_min, Tone.plain),
        (pen("chart.late_c"), n.late_5_30_min, Tone.warn),
        (pen("chart.late_d"), n.late_over_30_min, Tone.bad),
    )
    bars = (Bar(name=name, value=n, label=plain(n), tone=tone if n else Tone.plain) for name, n, tone in rows)
    return Bars(title=pen("chart.late"), bars=tuple(bars))


def _low(rows: Sequence[StockRow], pen: Pen) -> tuple[Bar, ...]:
    return tuple(_stock_bar(row, _left(row, pen)) for row in rows[:LOW_BARS])


def _left(row: StockRow, pen: Pen) -> str:
    return pen("chart.left", n=row.product.free) if row.product.free else pen("chart.gone")


def _stock_bar(row: StockRow, label: str) -> Bar:
    free, low_at = row.product.free, row.product.low_at
    tone = Tone.bad if not free else Tone.warn if free <= low_at else Tone.plain
    return Bar(name=row.product.title, value=free, label=label, tone=tone, limit=low_at)


def shelf_chart(shelf: Shelf, pen: Pen) -> Chart:
    """What is left of what, what runs out first on top."""
    low = sum(row.product.free <= row.product.low_at for row in shelf.rows)
    words = "chart.shelf_low" if low else "chart.shelf_well" if shelf.rows else "chart.shelf_none"
    bars = tuple(_stock_bar(row, lasts(shelf, n, pen)) for n, row in enumerate(shelf.rows[:MAX_BARS]))
    more = len(shelf.rows) - len(bars)
    parts = (pen("chart.shelf", days=shelf.days) if bars else "", pen("stats.and_more", n=more) if more else "")
    return Chart(
        title=pen.texts(words, n=low or len(shelf.rows)),
        panels=(Bars(title=" · ".join(filter(None, parts)), bars=bars, empty=pen("chart.no_shelf")),),
        language=language(pen),
    )
