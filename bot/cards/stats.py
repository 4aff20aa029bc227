"""The day's numbers, and the same for a week and a month."""

from bot.cards.card import Draft, Offer, Style
from bot.cards.pen import Pen
from core.values.views import DayNumbers

SPANS = {1: "today", 7: "7d", 30: "30d"}
"""Days → the word the command takes."""


def stats_card(numbers: DayNumbers, days: int, pen: Pen) -> Draft:
    """The figures of a span of shop days; the title says the finding."""
    return Draft(
        entity="stats",
        entity_id=days,
        title=pen("title.stats", span=_span(numbers, days, pen), n=numbers.paid, amount=pen.money(numbers.revenue_fen)),
        fields=(*_sales(numbers, pen), *_shipping(numbers, pen), *_people(numbers, pen)),
        offers=tuple(_chip(name, pen, chosen=span == days) for span, name in SPANS.items()),
    )


def _span(numbers: DayNumbers, days: int, pen: Pen) -> str:
    if days == 1:
        return pen("stats.today")
    return pen("stats.span", since=numbers.since.strftime("%m-%d"), until=numbers.until.strftime("%m-%d"))


def _chip(name: str, pen: Pen, *, chosen: bool) -> Offer:
    return Offer(label=pen(f"button.{name}"), words=f"stats {name}", style=Style.good if chosen else Style.plain)


def _sales(n: DayNumbers, pen: Pen) -> tuple[tuple[str, str], ...]:
    return (
        (pen("label.orders"), pen("stats.orders", orders=n.orders, paid=n.paid, cancelled=n.cancelled)),
        (pen("label.refund"), pen("stats.refunds", n=n.refunds, amount=pen.money(n.refund_fen))),
    )


def _shipping(n: DayNumbers, pen: Pen) -> tuple[tuple[str, str], ...]:
    done = n.shipped_auto + n.shipped_by_hand
    tried = done + n.ship_failed
    rate = f"{done * 100 // tried}%" if tried else "–"
    return (
        (
            pen("label.shipping"),
            pen("stats.shipped", auto=n.shipped_auto, hand=n.shipped_by_hand, failed=n.ship_failed),
        ),
        (pen("label.success"), rate),
        (
            pen("label.lateness"),
            pen("stats.late", a=n.late_0_1_min, b=n.late_1_5_min, c=n.late_5_30_min, d=n.late_over_30_min),
        ),
    )


def _people(n: DayNumbers, pen: Pen) -> tuple[tuple[str, str], ...]:
    approvals = pen("stats.approvals", n=n.approvals_asked, yes=n.approved, no=n.rejected, silent=n.expired)
    answers = pen("stats.answers", n=n.messages, rule=n.answers_by_rule, model=n.answers_by_model, person=n.handed_over)
    stopped = ((pen("label.guard"), str(n.guard_blocked)),) if n.guard_blocked else ()
    return ((pen("label.approvals"), approvals), (pen("label.answers"), answers), *stopped)
