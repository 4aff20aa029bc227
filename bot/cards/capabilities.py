"""What each chat platform can do beyond showing a card: the one table; its texts say what stands in for the rest."""

from collections.abc import Mapping
from enum import StrEnum

from bot.texts import Texts


class Can(StrEnum):
    """What a chat platform can do with a card beyond showing it."""

    group = "group"
    """Several people of the shop stand in one chat, and may speak there."""
    redraw = "redraw"
    """A message shown before turns into another card, at any time."""
    toast = "toast"
    """A word to the person who pressed, and to nobody else, that passes."""
    react = "react"
    """A sign on a person's own message."""
    private_first = "private_first"
    """The shop may speak first to a person in private."""
    topics = "topics"
    """A group has parts, and a card goes to one of them."""
    pin = "pin"
    """A card stays on top of its chat."""
    silent = "silent"
    """A card arrives without a sound."""
    picture = "picture"
    file = "file"


CAPABILITIES: Mapping[str, frozenset[Can]] = {
    "telegram": frozenset(Can) - {Can.private_first},
    "wecom": frozenset({Can.group, Can.picture, Can.file}),
    "wecomapp": frozenset({Can.private_first, Can.picture, Can.file}),
    "terminal": frozenset({Can.silent, Can.file}),
}
"""By the front's name. Telegram: a bot may not begin a private chat, the person presses start (facts of the Bot API).
WeCom's long connection: a card can be changed within 5 s of a click alone, so states are told by a line; a self-built
app hears nothing in groups, and changes a card once with the code its sending or a press gave (facts: WeCom b, c2)."""
COLUMNS = {"telegram": "Telegram", "wecom": "WeCom", "wecomapp": "WeCom app", "terminal": "terminal"}


def can(chat: str, what: Can) -> bool:
    """Whether the platform of a chat can do it; of a front that is not listed nothing is known."""
    return what in CAPABILITIES.get(chat.partition(":")[0], frozenset())


def instead(front: str, what: Can) -> str:
    """The key of the text that says what stands in for something a platform cannot do."""
    return f"instead.{front}_{what}"


def markdown(texts: Texts) -> str:
    """The table for the README."""
    head = [f"| {' | '.join(('', *COLUMNS.values()))} |", "|---" * (len(COLUMNS) + 1) + "|"]
    return "\n".join([*head, *(_line(what, texts) for what in Can)])


def _line(what: Can, texts: Texts) -> str:
    cells = ("✓" if what in CAPABILITIES[front] else texts(instead(front, what)) for front in COLUMNS)
    return f"| {' | '.join((texts(f'can.{what}'), *cells))} |"
