"""Tags of people, as cards."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from bot.cards.card import MAX_BUTTONS, MAX_FIELDS, Draft, Offer
from bot.cards.clean import clip
from bot.cards.pen import Pen
from core.values.counter import Person
from core.values.notices import NoticeKind

NAME_ON_BUTTON = 8


def tags_card(persons: Sequence[Person], called: Mapping[NoticeKind, Sequence[str]], pen: Pen) -> Draft:
    """Every tag with who goes by it, and the alerts that call it."""
    rows = sorted((tag, person.name) for person in persons for tag in person.tags)
    names = {tag: " ".join(name for _, name in group) for tag, group in groupby(rows, key=lambda row: row[0])}
    tags = sorted({*names, *(word_of(words, pen) for words in called.values())})
    return Draft(
        entity="tags",
        title=pen("title.tags"),
        fields=tuple((f"@{tag}", _line(tag, names.get(tag, ""), called, pen)) for tag in tags[:MAX_FIELDS]),
        note=pen("note.tags"),
        offers=(
            *(_offer(person, pen) for person in persons[: MAX_BUTTONS - 2]),
            Offer(label=pen("button.notify"), words="notify"),
            Offer(label=pen("button.users"), words="users"),
        ),
    )


def _offer(person: Person, pen: Pen) -> Offer:
    return Offer(label=pen("button.tags_of", name=clip(person.name, NAME_ON_BUTTON)), words=f"tag m{person.id}")


def word_of(words: Sequence[str], pen: Pen) -> str:
    """Of the same tag in several languages the reader's."""
    return next((word for word in words if word.isascii() == (pen.texts.locale != "zh")), words[0])


def _line(tag: str, names: str, called: Mapping[NoticeKind, Sequence[str]], pen: Pen) -> str:
    kinds = pen("tag.and").join(pen.word("kind", kind) for kind, words in called.items() if tag in words)
    by = pen("tag.called_by", kinds=kinds) if kinds else ""
    return " · ".join(filter(None, (names or pen("tag.nobody"), by)))


def tagged_card(person: Person, others: Sequence[str], pen: Pen) -> Draft:
    """One person's tags: a button takes one away, or gives one that others go by."""
    usual = [tag for tag in (*others, *pen("tag.usual").split()) if tag not in person.tags]
    offers = (
        *(Offer(label=f"− {tag}", words=f"tag m{person.id} -{tag}") for tag in person.tags[: MAX_BUTTONS - 2]),
        *(Offer(label=f"＋ {tag}", words=f"tag m{person.id} @{tag}") for tag in dict.fromkeys(usual)),
    )
    return Draft(
        entity="tagged",
        entity_id=person.id,
        title=pen("title.tags_of", id=person.id, name=person.name),
        fields=((pen("label.tags"), tags_of(person) or pen("tag.none")),),
        note=pen("note.tags_of", id=person.id),
        offers=(*offers[: MAX_BUTTONS - 1], Offer(label=pen("button.users"), words="users")),
    )


def tags_of(person: Person) -> str:
    """A person's tags in a line."""
    return " ".join(f"@{tag}" for tag in person.tags)
