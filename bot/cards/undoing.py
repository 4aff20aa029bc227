"""What can still be taken back, with a button each; greyed, what cannot, why, and what one can do instead."""

from collections.abc import Sequence

from bot.cards.acts import Chinese, deed, thing
from bot.cards.card import MAX_BUTTONS, MAX_VERB, Draft, Offer
from bot.cards.clean import clip
from bot.cards.pen import Pen
from core.values.acts import Undoable


def undo_card(rows: Sequence[Undoable], pen: Pen, chinese: Chinese) -> Draft:
    """The acts of the last day: what can be taken back first, each with its time left."""
    can = [row for row in rows if row.words]
    cannot = [row for row in rows if not row.words]
    taking = tuple(_offer(row, pen, chinese) for row in can[:MAX_BUTTONS])
    return Draft(
        entity="undoing",
        title=pen("title.undo", n=len(can)) if can else pen("title.undo_none"),
        fields=tuple((pen.clock(row.act.at), _line(row, pen, chinese)) for row in (*can, *cannot)),
        note=pen("note.undo") if rows else "",
        offers=(*taking, *_instead(cannot, pen))[:MAX_BUTTONS],
    )


def _instead(rows: Sequence[Undoable], pen: Pen) -> tuple[Offer, ...]:
    """What can be done instead, each thing once."""
    words = dict.fromkeys(filter(None, map(_remedy, rows)))
    named = ((one.partition(" ")[2], one) for one in words)
    return tuple(Offer(label=f"🔎 {about}" if about else pen("button.users"), words=one) for about, one in named)


def _line(row: Undoable, pen: Pen, chinese: Chinese) -> str:
    what = f"{deed(row.act, pen, chinese)} {thing(row.act)}".strip()
    if row.words:
        left = pen.until(row.until_at) if row.until_at is not None else pen("undo.any_time")
        return " · ".join((f"↩ {what}", row.act.name, left))
    remedy = pen("undo.remedy", words=_typed(_remedy(row), pen, chinese)) if _remedy(row) else ""
    return " · ".join(filter(None, (f"⚪ {what}", row.act.name, pen.word("why_not", row.why_not), remedy)))


def _remedy(row: Undoable) -> str:
    """The command that shows what can be done instead."""
    shows = {"order": "order", "product": "item", "chat": "chat", "buyer": "buyer"}
    if row.act.entity in shows:
        return f"{shows[row.act.entity]} {thing(row.act)}"
    return "users" if row.act.entity == "member" else ""


def _typed(words: str, pen: Pen, chinese: Chinese) -> str:
    """A command as the reader types it."""
    verb, _, rest = words.partition(" ")
    known = (chinese(verb) if pen.texts.locale == "zh" else None) or verb
    return f"{known} {rest}".strip()


def _offer(row: Undoable, pen: Pen, chinese: Chinese) -> Offer:
    label = f"↩ {thing(row.act).rpartition('.')[2]} {deed(row.act, pen, chinese)}".replace("  ", " ")
    return Offer(label=clip(label, MAX_VERB), words=row.words)
