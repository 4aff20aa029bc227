"""Many parcels at once: a line each with its verdict, and one press for those that can go."""

from collections.abc import Sequence

from bot.cards.card import Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.replies import refusal_text
from core.values.carriers import name_of
from core.values.parcels import BatchLine

LINES_SHOWN = 20
TYPED_SHOWN = 40


def batch_question(lines: Sequence[BatchLine], pen: Pen, words: str) -> Draft:
    """What would be shipped. `words` name the stored request, which holds the lines."""
    good = [line for line in lines if line.ships]
    sure = Offer(label=pen("button.ship_batch", n=len(good)), words=words, style=Style.good, confirms=True)
    return Draft(
        entity="parcels",
        title=pen("title.batch", n=len(good), all=len(lines)),
        fields=_shown(lines, pen, "✅"),
        note="\n".join(filter(None, (_more(lines, pen), pen("note.batch" if good else "note.batch_nothing")))),
        offers=(*((sure,) if good else ()), Offer(label=pen("button.no"), words="orders manual")),
    )


def batch_done(lines: Sequence[BatchLine], pen: Pen) -> Draft:
    """What was begun, and what was not."""
    good = sum(line.ships for line in lines)
    return Draft(
        entity="parcels",
        title=pen("title.batch_done", n=good, all=len(lines)),
        fields=_shown(lines, pen, "🚚"),
        note="\n".join(filter(None, (_more(lines, pen), pen("note.batch_done") if good else ""))),
        offers=(Offer(label=pen("button.pending"), words="pending"),),
    )


def _shown(lines: Sequence[BatchLine], pen: Pen, sign: str) -> tuple[tuple[str, str], ...]:
    """Those that cannot go stand first: they are why the list is looked at."""
    ordered = sorted(lines, key=lambda line: (line.ships, not (line.parcel and line.parcel.doubts)))
    return tuple(_line(line, pen, sign) for line in ordered[:LINES_SHOWN])


def _more(lines: Sequence[BatchLine], pen: Pen) -> str:
    left = len(lines) - LINES_SHOWN
    return pen("note.more", n=left) if left > 0 else ""


def _line(line: BatchLine, pen: Pen, sign: str) -> tuple[str, str]:
    label = f"#{line.order_id}" if line.order_id is not None else "?"
    if not line.ships or line.parcel is None:
        why = refusal_text(line.problem, dict(line.facts), pen)
        return label, f"⛔ {clip(line.typed, TYPED_SHOWN)} · {why}"
    carrier = name_of(line.parcel.carrier, pen.texts.locale)
    number = line.parcel.number or pen("numbers.next")
    facts = {"carrier": carrier, "other": line.parcel.used_by, "id": line.order_id}
    doubts = tuple(pen(f"doubt.{doubt}", **facts) for doubt in line.parcel.doubts)
    return label, " · ".join((f"{'⚠' if doubts else sign} {carrier} {number}", *doubts))
