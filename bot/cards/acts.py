"""What people did, as lines of a card and as a table (law 8): names, not ids; words, not keys."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.cards.card import Draft, Offer
from bot.cards.clean import clip, mask_phones
from bot.cards.exports import MARK, safe, table_lines, whole_time
from bot.cards.pen import Pen
from bot.cards.recorded import recorded_words
from bot.cards.replies import refusal_text
from core.values.acts import Act, ActPage
from core.values.people import ChatKind

COLUMNS = ("number", "time", "person", "person_id", "place", "request", "act", "thing", "before", "after", "result")
SIGNS = {"order": "#", "product": "p", "chat": "c", "buyer": "b", "member": "m", "account": "a", "keep": "k"}
"""How a thing's short number is written; other things have none that people type."""
LONGEST_VALUE = 60
REFUSED = "⛔ "
NAME_SHOWN = 12

Chinese = Callable[[str], str | None]
"""The Chinese word of the command a recorded verb belongs to."""


def acts_card(page: ActPage, words: str, pen: Pen, chinese: Chinese, *, paged: bool) -> Draft:
    """A page of acts, newest first; `words` call the same list again, without a page."""
    newest = (Offer(label=pen("button.newest"), words=words),) if paged else ()
    older = (Offer(label=pen("button.older"), words=f"{words} <{page.rows[-1].id}"),) if page.more else ()
    today = () if words == "audit today" else (Offer(label=pen("button.today"), words="audit today"),)
    return Draft(
        entity="acts",
        title=pen("title.audit" if page.rows else "title.audit_none"),
        fields=tuple((pen.clock(act.at), _line(act, pen, chinese)) for act in page.rows),
        note=pen("note.audit"),
        offers=(*newest, *older, *today),
    )


def _line(act: Act, pen: Pen, chinese: Chinese) -> str:
    facts = (
        f"{REFUSED if act.reason else ''}{clip(_person(act, pen), NAME_SHOWN)}",
        deed(act, pen, chinese),
        thing(act),
        why(act, pen) or _change(act, pen),
        _place(act, pen),
    )
    return " · ".join(filter(None, facts))


def deed(act: Act, pen: Pen, chinese: Chinese) -> str:
    """What was done, in the words of the shop's commands."""
    verb, _, field = act.verb.partition(" ")
    if not pen.texts.has(f"deed.{verb}") and pen.texts.locale == "zh":
        verb = chinese(verb) or verb
    return " ".join(filter(None, (pen.word("deed", verb), pen.word("field", field) if field else "")))


def thing(act: Act) -> str:
    """The thing's short number as people type it; empty when it has none."""
    if act.entity == "setting":
        return act.after.partition(" ")[0]
    return f"{SIGNS[act.entity]}{act.entity_id}" if act.entity in SIGNS and act.entity_id else ""


def _person(act: Act, pen: Pen) -> str:
    return pen.word("actor", act.name) if act.who == act.name else act.name


def _place(act: Act, pen: Pen) -> str:
    if act.room_kind is ChatKind.group:
        return clip(act.room, NAME_SHOWN) or pen("place.group")
    return pen(f"place.{act.room_kind}") if act.room_kind else ""


def why(act: Act, pen: Pen) -> str:
    """Why nothing was done of it, in the words the person was refused with; empty for what was done."""
    if not act.reason:
        return ""
    return refusal_text(act.reason, {name: _fact(value) for name, value in act.facts.items()}, pen)


def _fact(value: str | float) -> object:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
    except ValueError:
        return value


def _change(act: Act, pen: Pen) -> str:
    before, after = (clip(mask_phones(recorded_words(act, text, pen)), LONGEST_VALUE) for text in _changed(act))
    return f"{before} → {after}" if before and after else after or before


def _changed(act: Act) -> tuple[str, str]:
    """Before and after; of a setting without its key, which stands there as the thing."""
    if act.entity != "setting":
        return act.before, act.after
    return act.before.partition(" ")[2], act.after.partition(" ")[2]


def act_head(pen: Pen) -> bytes:
    """The mark and the line of column names."""
    return table_lines([[pen(f"act_column.{name}") for name in COLUMNS]], MARK)


def act_lines(acts: Sequence[Act], pen: Pen, chinese: Chinese) -> bytes:
    """So many lines of the table."""
    return table_lines([_cells(act, pen, chinese) for act in acts])


def _cells(act: Act, pen: Pen, chinese: Chinese) -> list[str]:
    return [
        str(act.id),
        whole_time(act.at, pen),
        safe(_person(act, pen)),
        safe(act.who),
        safe(act.room or act.chat),
        safe(act.request),
        safe(deed(act, pen, chinese)),
        safe(thing(act) or act.entity),
        *(safe(recorded_words(act, text, pen)) for text in _changed(act)),
        safe(pen("result.refused", why=why(act, pen)) if act.reason else pen("result.done")),
    ]
