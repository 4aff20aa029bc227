"""The five figures on a card: word and sign, the value beside its lines, the worst first in the title."""

from collections.abc import Mapping

from bot.cards.card import Draft, Offer, Style
from bot.cards.pen import Pen
from core.values.indicators import CallTime, Grade, Indicator, IndicatorName, Indicators
from core.values.notices import Urgency
from core.values.sellers import Part

MARKS: Mapping[Grade, str] = {Grade.good: "🟢", Grade.amber: "🟠", Grade.red: "🔴", Grade.unknown: "⚪"}
TITLES: Mapping[Grade, str] = {
    Grade.good: "kpi.title_good",
    Grade.amber: "kpi.title_amber",
    Grade.red: "kpi.title_red",
    Grade.unknown: "kpi.title_unknown",
}
SPANS = {1: "today", 7: "7d", 30: "30d"}
TIMES = frozenset({IndicatorName.handling, IndicatorName.api})
CALLS_SHOWN = 4


def kpi_card(view: Indicators, days: int, pen: Pen, part: Part | None = None) -> Draft:
    """Every figure with its target and alert line; failed orders are a button away. Of a part only its own."""
    worst, whose = _worst(view), f" {part.word}" if part else ""
    return Draft(
        entity="kpi",
        entity_id=days,
        urgency=Urgency.urgent if worst is Grade.red else Urgency.normal,
        title=" · ".join(filter(None, (_title(view, worst, days, pen), part.name if part else ""))),
        fields=(*((pen(f"indicator.{row.name}"), _row(row, pen)) for row in view.rows), *_calls(view.calls, pen)),
        note=pen("kpi.note_part") if part else pen("kpi.note"),
        offers=(
            Offer(label=pen("button.failed_orders"), words=f"orders failed{whose}"),
            Offer(label=pen("button.health"), words="health"),
            *(_chip(name, whose, pen, chosen=span == days) for span, name in SPANS.items()),
        ),
    )


def _worst(view: Indicators) -> Grade:
    grades = {row.grade for row in view.rows}
    return next((grade for grade in (Grade.red, Grade.amber, Grade.good) if grade in grades), Grade.unknown)


def _title(view: Indicators, worst: Grade, days: int, pen: Pen) -> str:
    """What is wrong, by name; or that all is well."""
    span = pen(f"button.{SPANS[days]}") if days in SPANS else str(days)
    names = " · ".join(pen(f"indicator.{row.name}") for row in view.rows if row.grade is worst)
    return pen(TITLES[worst], span=span, names=names)


def _row(row: Indicator, pen: Pen) -> str:
    mark, word = MARKS[row.grade], pen.word("grade", row.grade)
    if row.value is None:
        return f"{mark} {word}"
    seen = pen("kpi.within", length=_length(row.value, pen)) if row.name in TIMES else _percent(row.value)
    more = row.target.more_is_better
    lines = pen(
        "kpi.lines_least" if more else "kpi.lines_most",
        target=_line(row, row.target.target, pen),
        alert=_line(row, row.target.alert, pen),
    )
    return f"{mark} {word} · {seen} · {lines} · {_of(row, pen)}"


def _line(row: Indicator, value: float, pen: Pen) -> str:
    return _length(value, pen) if row.name in TIMES else _percent(value)


def _of(row: Indicator, pen: Pen) -> str:
    if row.name is IndicatorName.availability:
        return pen("kpi.watched", span=pen.span(row.n))
    return pen("kpi.times", n=row.n)


def _percent(value: float) -> str:
    """Rounded down: what is short of a line never reads as if it had reached it."""
    return f"{int(value * 10_000) / 100:g}%"


def _length(ms: float, pen: Pen) -> str:
    return pen("kpi.ms", n=int(ms)) if ms < 1000 else pen.span(ms / 1000)


def _calls(calls: tuple[CallTime, ...], pen: Pen) -> tuple[tuple[str, str], ...]:
    """The slowest calls by name."""
    shown = (f"{pen.word('call', call.name)} ≤{_length(call.p95_ms, pen)} ×{call.n}" for call in calls[:CALLS_SHOWN])
    return ((pen("kpi.calls"), " · ".join(shown)),) if calls else ()


def _chip(name: str, whose: str, pen: Pen, *, chosen: bool) -> Offer:
    return Offer(label=pen(f"button.{name}"), words=f"kpi {name}{whose}", style=Style.good if chosen else Style.plain)
