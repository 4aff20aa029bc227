"""What is kept for somebody: until when, what it left on the shelf, and why something could not be kept."""

from collections.abc import Sequence
from datetime import timedelta

from bot.cards.card import BRIEF, MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clean, clip, mask_phones
from bot.cards.pen import Pen
from bot.cards.replies import Listed
from core.values.keeps import Keep, KeepLine, KeepState, Unavailable
from core.values.notices import NoticeKind, Urgency
from core.values.sellers import Part
from core.values.views import StockRow

ROWS_SHOWN = 20
TITLE_SHOWN = 24
NOTE_SHOWN = 60
NAME_SHOWN = 16


def keep_card(
    kept: Keep, pen: Pen, more: timedelta, *, kind: NoticeKind = BRIEF, urgency: Urgency = Urgency.normal
) -> Draft:
    """What is, or was, kept. `more` is how much longer a press keeps it."""
    facts = (
        (pen("label.keep_for"), clean(mask_phones(kept.note), NOTE_SHOWN)),
        *((f"p{line.product_id}", _line(line, kept, pen)) for line in kept.lines),
        (pen("label.keep_by"), pen("pause.by", who=clean(kept.by, NAME_SHOWN), time=pen.clock(kept.made_at))),
    )
    return Draft(
        entity="keep",
        entity_id=kept.id,
        version=kept.version,
        urgency=urgency,
        title=pen(f"keep_title.{kept.state}", id=kept.id, time=pen.clock(kept.ended_at or kept.expires_at)),
        fields=tuple(fact for fact in facts if fact[1]),
        note=pen("note.keep_until", left=pen.until(kept.expires_at)) if kept.state is KeepState.kept else "",
        offers=_offers(kept, pen, more),
        kind=kind,
    )


def _line(line: KeepLine, kept: Keep, pen: Pen) -> str:
    """What was kept of a product; while it is, with what was free before and after."""
    facts = {"title": clip(clean(line.title, TITLE_SHOWN * 2), TITLE_SHOWN), "n": line.quantity}
    if kept.state is not KeepState.kept:
        return pen("keep.line", **facts)
    return pen("keep.taken", **facts, before=line.free_before, after=line.free_after)


def _offers(kept: Keep, pen: Pen, more: timedelta) -> tuple[Offer, ...]:
    every = Offer(label=pen("button.locks"), words="stock locks")
    if kept.state is KeepState.collected:
        return (Offer(label=pen("button.keep_returned"), words=f"put_back k{kept.id}"), every)
    if kept.state is not KeepState.kept:
        return (every,)
    return (
        Offer(label=pen("button.put_back"), words=f"put_back k{kept.id}"),
        Offer(label=pen("button.collect"), words=f"collect k{kept.id}", style=Style.good),
        Offer(label=pen("button.keep_on", span=pen.span(more.total_seconds())), words=f"keep_on k{kept.id}"),
        every,
    )


def return_question(kept: Keep, pen: Pen) -> Draft:
    """Whether collected units came back: what was sold is on the shelf again."""
    return Draft(
        entity="keep",
        entity_id=kept.id,
        version=kept.version,
        title=pen("title.keep_return", id=kept.id),
        fields=tuple((f"p{line.product_id}", _line(line, kept, pen)) for line in kept.lines),
        offers=(
            Offer(label=pen("button.keep_returned"), words=f"put_back k{kept.id}", confirms=True),
            Offer(label=pen("button.no"), words=f"keep k{kept.id}"),
        ),
    )


def locks_card(rows: Sequence[Keep], shelves: Sequence[StockRow], pen: Pen, *, part: Part | None = None) -> Draft:
    """Everything that is kept now, the first to end first; a button opens one. Orders' units are only counted."""
    ordered = sum(row.product.reserved - row.kept for row in shelves)
    left = len(rows) - ROWS_SHOWN
    notes = (
        pen("note.more", n=left) if left > 0 else "",
        pen("note.locks_orders", n=ordered) if ordered else "",
        pen("note.locks_none") if not rows else "",
    )
    title = pen("title.locks", n=len(rows))
    return Draft(
        entity="locks",
        title=f"{title} · {part.name}" if part else title,
        fields=tuple((f"k{kept.id}", _row(kept, pen)) for kept in rows[:ROWS_SHOWN]),
        note="\n".join(filter(None, notes)),
        offers=(
            *(Offer(label=f"k{kept.id}", words=f"keep k{kept.id}") for kept in rows[: MAX_BUTTONS - 1]),
            Offer(label=pen("button.refresh"), words=f"stock locks {part.word}" if part else "stock locks"),
        ),
    )


def _row(kept: Keep, pen: Pen) -> str:
    what = " ".join(f"p{line.product_id}×{line.quantity}" for line in kept.lines)
    until = pen("keep.until", time=pen.clock(kept.expires_at), left=pen.until(kept.expires_at))
    return " · ".join(filter(None, (clip(clean(mask_phones(kept.note), NOTE_SHOWN), NAME_SHOWN), what, until)))


def unavailable(lines: Sequence[Unavailable], pen: Pen) -> Listed:
    """Nothing was kept: how it stands with each line. What nobody counted can be counted with a press, and a second."""
    counting = (
        Offer(
            label=pen("button.count_stock", id=one.product_id, n=one.requested),
            words=f"setstock p{one.product_id} {one.requested}",
        )
        for one in lines
        if not one.counted
    )
    return Listed("keep_unavailable", tuple((f"p{one.product_id}", _why(one, pen)) for one in lines), tuple(counting))


def _why(one: Unavailable, pen: Pen) -> str:
    title = clip(clean(one.title, TITLE_SHOWN * 2), TITLE_SHOWN)
    if one.keyed:
        return pen("keep.keyed", title=title)
    if not one.counted:
        return pen("keep.uncounted", title=title, id=one.product_id)
    if one.shortfall:
        return pen("keep.short", title=title, n=one.requested, free=one.free, short=one.shortfall)
    return pen("keep.enough", title=title, n=one.requested, free=one.free)
