"""What the desk itself says: refusals, errors with their number, an old command that asks again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.cards.card import MAX_BUTTONS, MAX_TITLE, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.wrong import say_wrong
from core.errors import BadConfig, Refused, ShopError
from core.values.carriers import name_of
from core.values.notices import Urgency

WORDS_SHOWN = 60


class Ambiguous(Refused):
    """A word means several things: a button each, with the whole command."""

    def __init__(self, key: str, offers: tuple[Offer, ...], **facts: object) -> None:
        super().__init__(key, **facts)
        self.offers = offers[:MAX_BUTTONS]


class Listed(Ambiguous):
    """Why not, line by line, with a button for what can be done about it."""

    def __init__(self, key: str, fields: tuple[tuple[str, str], ...], offers: tuple[Offer, ...]) -> None:
        super().__init__(key, offers)
        self.fields = fields


def refusal(error: ShopError, pen: Pen) -> Draft:
    """A refusal's text, in the reader's language."""
    text = refusal_text(error.key, error.facts, pen)
    title = pen("title.refused", text=text)
    short = len(title) <= MAX_TITLE
    return Draft(
        entity="refused",
        urgency=Urgency.quiet,
        title=title if short else pen("title.refused_long"),
        fields=error.fields if isinstance(error, Listed) else (),
        note="" if short else text,
        offers=error.offers if isinstance(error, Ambiguous) else (),
        refusal=True,
    )


def refusal_text(name: str, facts: Mapping[str, object], pen: Pen) -> str:
    """Why it was refused, in words."""
    told = {fact: _fact(fact, value, pen) for fact, value in facts.items()}
    if "command" in told:
        told["example"] = pen(f"example.{told['command']}") if pen.texts.has(f"example.{told['command']}") else "…"
    return pen(f"refused.{name}", **told) if pen.texts.has(f"refused.{name}") else pen("refused.unlisted", key=name)


class Options(NamedTuple):
    """What may be written, in either language: a reader is told their own."""

    chinese: tuple[str, ...]
    latin: tuple[str, ...]


def _fact(name: str, value: object, pen: Pen) -> object:
    """Instants in shop time, states and roles as words; the rest as it is."""
    if isinstance(value, Options):
        return " ".join(value.chinese if pen.texts.locale == "zh" else value.latin)
    if isinstance(value, BadConfig):
        return say_wrong(value, pen.texts)
    if isinstance(value, datetime):
        return pen.second(value)
    if isinstance(value, StrEnum) or (name in ("state", "role", "yours") and isinstance(value, str)):
        return pen.any_word(str(value))
    if name in _BY_NAME:
        return clip(_BY_NAME[name](str(value), pen), 200)
    return clip(value, 200) if isinstance(value, str) else value


_BY_NAME: dict[str, Callable[[str, Pen], str]] = {
    "field": lambda value, pen: pen.word("field", value),
    "argument": lambda value, pen: pen.word("argument", value),
    "carrier": lambda value, pen: name_of(value, pen.texts.locale),
    "kinds": lambda value, pen: " ".join(pen.word("guard", kind) for kind in value.replace(",", " ").split()),
}
"""Facts that have words of their own."""


def failure(number: str, pen: Pen) -> Draft:
    """Something nobody foresaw: a number that stands in the log."""
    return Draft(
        entity="error", urgency=Urgency.urgent, title=pen("title.error", number=number), note=pen("note.error")
    )


def stale(said: str, words: str, minutes: int, pen: Pen, *, mine: bool = False) -> Draft:
    """A command that lay around while the shop was away: not done, not dropped. `words` repeat what was said.

    `mine`: only who gave it may say that it still stands; a code is nobody else's because they were quicker.
    """
    return Draft(
        entity="stale",
        title=pen("title.stale", n=minutes),
        fields=((pen("label.command"), clip(said, WORDS_SHOWN)),),
        note=pen("note.stale"),
        offers=(
            Offer(label=pen("button.still"), words=words, style=Style.good, mine=mine),
            Offer(label=pen("button.no"), words="cancel"),
        ),
    )


def suggestion(word: str, near: str, pen: Pen) -> Draft:
    """A near miss: one suggestion, never carried out."""
    return Draft(
        entity="refused",
        urgency=Urgency.quiet,
        title=pen("title.near_miss", word=clip(word, 20)),
        note=pen("note.near_miss", near=near),
        offers=(Offer(label=pen("button.help"), words="help"),),
        refusal=True,
    )


def unknown_word(word: str, pen: Pen) -> Draft:
    """A word the table does not know."""
    return Draft(
        entity="refused",
        urgency=Urgency.quiet,
        title=pen("title.no_such_word", word=clip(word, 20)),
        offers=(Offer(label=pen("button.help"), words="help"),),
        refusal=True,
    )


def maybe_again(draft: Draft, pen: Pen) -> Draft:
    """An answer that may have been shown before a crash, and says so (law 3)."""
    return draft.model_copy(update={"title": f"{pen('notice.maybe_again')} · {draft.title}"})


def plain(key: str, pen: Pen, **facts: object) -> Draft:
    """One line, nothing else."""
    return Draft(entity="said", title=pen(f"title.{key}", **facts))
