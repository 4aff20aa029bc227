"""The pool of tracking numbers: what is left, what an import would add."""

from collections.abc import Sequence

from bot.cards.card import Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from core.values.carriers import name_of
from core.values.notices import NoticeKind, Urgency
from core.values.parcels import Listed, NumbersLeft, NumbersPreview

BAD_SHOWN = 3
LINE_SHOWN = 24
ENTITY = "waybills"


def numbers_card(
    rows: Sequence[NumbersLeft],
    pen: Pen,
    *,
    lead: str = "",
    remark: str = "",
    kind: NoticeKind = NoticeKind.redraw,
    urgency: Urgency = Urgency.normal,
) -> Draft:
    """What is left of each carrier. `lead` says which one runs out."""
    left = sum(row.free for row in rows)
    return Draft(
        entity=ENTITY,
        urgency=urgency,
        title=lead or pen("title.numbers", n=left),
        fields=tuple((name_of(row.carrier, pen.texts.locale), _row(row, pen)) for row in rows),
        note="\n".join(filter(None, (remark, pen("note.import_numbers")))),
        offers=(Offer(label=pen("button.refresh"), words="numbers"),),
        kind=kind,
    )


def _row(row: NumbersLeft, pen: Pen) -> str:
    counts = {"free": row.free, "taken": row.taken, "used": row.used, "void": row.void}
    shown = (f"{pen.word('waybill_state', name)} {n}" for name, n in counts.items() if n or name == "free")
    return " · ".join(shown)


def import_question(preview: NumbersPreview, pen: Pen, words: str) -> Draft:
    """What an import would add. `words` name the stored request: numbers stand only in the vault (law 11)."""
    new = sum(count for _, count in preview.new)
    sure = Offer(label=pen("button.import_numbers_sure", n=new), words=words, style=Style.good, confirms=True)
    return Draft(
        entity=ENTITY,
        title=pen("title.import_numbers", n=new),
        fields=(
            *((name_of(code, pen.texts.locale), pen("numbers.new", n=count)) for code, count in preview.new),
            *_rest(preview, pen),
        ),
        note=pen("note.import_numbers_press" if new else "note.import_numbers_nothing"),
        offers=(*((sure,) if new else ()), Offer(label=pen("button.no"), words="numbers")),
    )


def _rest(preview: NumbersPreview, pen: Pen) -> tuple[tuple[str, str], ...]:
    listed = preview.listed
    facts = (
        (pen("label.duplicate"), str(preview.known + listed.twice) if preview.known + listed.twice else ""),
        (pen("label.doubtful"), pen("numbers.doubtful", n=listed.doubtful) if listed.doubtful else ""),
        (pen("label.bad_lines"), _bad(listed)),
    )
    return tuple(fact for fact in facts if fact[1])


def _bad(listed: Listed) -> str:
    if not listed.bad:
        return ""
    shown = (clip(line, LINE_SHOWN) for line in listed.bad[:BAD_SHOWN])
    return f"{len(listed.bad)}: {' · '.join(shown)}"


def put_away_question(row: NumbersLeft, pen: Pen) -> Draft:
    """What is left of a carrier would be set aside for good."""
    name = name_of(row.carrier, pen.texts.locale)
    sure = Offer(
        label=pen("button.put_away_sure", n=row.free),
        words=f"put_away {row.carrier}",
        style=Style.danger,
        confirms=True,
    )
    return Draft(
        entity=ENTITY,
        title=pen("title.put_away", carrier=name, n=row.free),
        fields=((name, _row(row, pen)),),
        note=pen("note.put_away"),
        offers=(*((sure,) if row.free else ()), Offer(label=pen("button.no"), words="numbers")),
    )
