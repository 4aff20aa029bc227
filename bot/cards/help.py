"""The help cards."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Draft, Offer
from bot.cards.pen import Pen
from core.values.people import Role


def help_card(groups: Mapping[str, Sequence[tuple[str, str]]], pen: Pen) -> Draft:
    """The commands a person may use, by topic; `groups` holds (Chinese word, Latin name)."""
    return Draft(
        entity="help",
        title=pen("title.help"),
        fields=tuple((pen(f"topic.{topic}"), _words(names, pen)) for topic, names in groups.items() if names),
        note=pen("note.help"),
        offers=(
            Offer(label=pen("button.pending"), words="pending"),
            Offer(label=pen("button.orders"), words="orders"),
            Offer(label=pen("button.stock"), words="stock"),
            Offer(label=pen("button.today"), words="stats today"),
            Offer(label=pen("button.health"), words="health"),
        ),
    )


def _words(names: Sequence[tuple[str, str]], pen: Pen) -> str:
    return "  ".join(chinese if pen.texts.locale == "zh" else f"/{latin}" for chinese, latin in names)


def help_of(name: str, spellings: Sequence[str], syntax: str, role: Role | None, pen: Pen) -> Draft:
    """One command: what it does, how it is typed, who may."""
    return Draft(
        entity="help",
        title=pen(f"help.{name}"),
        fields=(
            (pen("label.syntax"), syntax),
            (pen("label.words"), "  ".join(spellings)),
            (pen("label.example"), pen(f"example.{name}")),
            (pen("label.role"), pen.word("role", role) if role else pen("role.anybody")),
        ),
        offers=(Offer(label=pen("button.help"), words="help"),),
    )
