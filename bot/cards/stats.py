"""The figures of today, a week or a month; and what is on the shelf."""

from enum import StrEnum

from bot.cards.card import Draft, Offer, Style
from bot.cards.pen import Pen
from core.values.reports import DayReport, Shelf
from core.values.sellers import Part
from core.values.views import DayNumbers

SPANS = {1: "today", 7: "7d", 30: "30d"}
"""Days → the word the command takes."""
ON_SHELF = 12


class View(StrEnum):
    """What of the figures is looked at."""

    sales = "sales"
    orders = "orders"
    stock = "stock"
    processed = "processed"
    """订单处理量 (KPI-016)"""
    success = "success"
    """发货成功率 (KPI-017)"""
    response = "response"
    """响应时间 (KPI-018)"""
    errors = "errors"
    """错误率 (KPI-019)"""


CHIPS = (View.sales, View.orders, View.stock)


def stats_card(
    numbers: DayNumbers, days: int, pen: Pen, view: View = View.sales, day: DayReport | None = None
) -> Draft:
    """The figures of a span of shop days; of today, with the same hours of the days before."""
    title = pen("title.stats", span=_span(numbers, days, pen), n=numbers.paid, amount=pen.money(numbers.revenue_fen))
    fields = (*_sales(numbers, pen), *_shipping(numbers, pen), *_people(numbers, pen, day.waiting if day else 0))
    return _draft(title, (*fields, *(_before(day, pen) if days == 1 else ())), days, view, pen)


def part_card(numbers: DayNumbers, days: int, part: Part, pen: Pen, *, whole_day: bool = False) -> Draft:
    """The figures of one account or shop: what is counted by account."""
    span = numbers.until.strftime("%m-%d") if whole_day else _span(numbers, days, pen)
    title = pen("title.stats", span=f"{part.name} · {span}", n=numbers.paid, amount=pen.money(numbers.revenue_fen))
    shipped = _shipping(numbers, pen)[:2]
    heard = (pen("label.messages"), str(numbers.messages))
    spans = tuple(
        _chip(name, f"stats {name} {part.word}", pen, chosen=one == days and not whole_day)
        for one, name in SPANS.items()
    )
    every = Offer(label=pen("button.all"), words=f"stats {SPANS[days]}")
    return Draft(entity="stats", title=title, fields=(*_sales(numbers, pen), *shipped, heard), offers=(*spans, every))


def shelf_card(shelf: Shelf, days: int, pen: Pen) -> Draft:
    """What is in stock, what runs out first on top."""
    low = sum(row.product.free <= row.product.low_at for row in shelf.rows)
    words = "chart.shelf_low" if low else "chart.shelf_well" if shelf.rows else "chart.shelf_none"
    fields = tuple(_on_shelf(shelf, n, pen) for n in range(min(ON_SHELF, len(shelf.rows))))
    more = len(shelf.rows) - ON_SHELF
    note = pen("stats.and_more", n=more) if more > 0 else ""
    title = pen.texts(words, n=low or len(shelf.rows))
    return _draft(title, fields, days, View.stock, pen).model_copy(update={"note": note})


def _on_shelf(shelf: Shelf, n: int, pen: Pen) -> tuple[str, str]:
    product = shelf.rows[n].product
    return f"p{product.id}", f"{product.title} · {lasts(shelf, n, pen)}"


def lasts(shelf: Shelf, n: int, pen: Pen) -> str:
    """What is left of a row, what was sold of it, and how long that lasts."""
    product, sold = shelf.rows[n].product, shelf.sold[n]
    if not product.free:
        return pen("stats.gone", sold=sold)
    if not sold:
        return pen("stats.idle", n=product.free)
    return pen("stats.lasts", n=product.free, sold=sold, days=product.free * shelf.days // sold)


def offers(days: int, view: View, pen: Pen) -> tuple[Offer, ...]:
    """Three spans and three views; what is chosen shows, the other choice stays."""
    spans = (_chip(name, f"stats {name} {view}", pen, chosen=span == days) for span, name in SPANS.items())
    views = (_chip(one, f"stats {SPANS[days]} {one}", pen, chosen=one is view) for one in CHIPS)
    return (*spans, *views)


def _chip(name: str, words: str, pen: Pen, *, chosen: bool) -> Offer:
    return Offer(label=pen(f"button.{name}"), words=words, style=Style.good if chosen else Style.plain)


def _draft(title: str, fields: tuple[tuple[str, str], ...], days: int, view: View, pen: Pen) -> Draft:
    """Every card of the figures is the same thing, so that a button turns the message it stands under."""
    return Draft(entity="stats", title=title, fields=fields, offers=offers(days, view, pen))


def _span(numbers: DayNumbers, days: int, pen: Pen) -> str:
    if days == 1:
        return pen("stats.today")
    return pen("stats.span", since=numbers.since.strftime("%m-%d"), until=numbers.until.strftime("%m-%d"))


def _sales(n: DayNumbers, pen: Pen) -> tuple[tuple[str, str], ...]:
    repaid = pen("stats.refunds", asked=n.refunds, repaid=n.refunded, amount=pen.money(n.refund_fen))
    orders = pen("stats.orders", orders=n.orders, paid=n.paid, cancelled=n.cancelled)
    return ((pen("label.orders"), orders), (pen("label.refund"), repaid))


def success(n: DayNumbers) -> float | None:
    """The share of attempted shipments that went through, in percent; None when there was none."""
    sent = n.shipped_auto + n.shipped_by_hand
    return sent * 100 / (sent + n.ship_failed) if sent + n.ship_failed else None


def _shipping(n: DayNumbers, pen: Pen) -> tuple[tuple[str, str], ...]:
    share = success(n)
    late = pen("stats.late", a=n.late_0_1_min, b=n.late_1_5_min, c=n.late_5_30_min, d=n.late_over_30_min)
    shipped = pen("stats.shipped", auto=n.shipped_auto, hand=n.shipped_by_hand, failed=n.ship_failed)
    rate = pen("stats.nothing") if share is None else pen("chart.percent", n=int(share))
    return ((pen("label.shipping"), shipped), (pen("label.success"), rate), (pen("label.lateness"), late))


def _people(n: DayNumbers, pen: Pen, waiting: int) -> tuple[tuple[str, str], ...]:
    asked = pen(
        "stats.approvals", n=n.approvals_asked, yes=n.approved, no=n.rejected, silent=n.expired, waiting=waiting
    )
    answers = pen("stats.answers", n=n.messages, rule=n.answers_by_rule, model=n.answers_by_model, person=n.handed_over)
    stopped = ((pen("label.guard"), str(n.guard_blocked)),) if n.guard_blocked else ()
    return ((pen("label.approvals"), asked), (pen("label.answers"), answers), *stopped)


def _before(day: DayReport | None, pen: Pen) -> tuple[tuple[str, str], ...]:
    """Yesterday until the end of the hour that runs now."""
    if day is None or day.yesterday is None:
        return ()
    before = day.yesterday
    said = pen("report.so_far", paid=before.paid, amount=pen.money(before.revenue_fen))
    return ((pen("report.eve_until", hours=day.hours), said),)
