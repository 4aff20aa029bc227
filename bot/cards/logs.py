"""The shop's log on a card: a few lines as they are, many as a file."""

from collections.abc import Sequence

from bot.auth import Attachment
from bot.cards.card import MAX_NOTE, Draft, Offer
from bot.cards.clean import clean, mask_phones
from bot.cards.pen import Pen
from core.values.logs import LogLine

MOST_SHOWN = 30
LONGEST_SHOWN = 200
PREVIEW = 5
"""So many of the newest lines stand on the card of a file."""
SHORT = "zhanggui."


def logs_card(lines: Sequence[LogLine], pen: Pen) -> Draft:
    """The lines found, oldest first."""
    if not lines:
        return Draft(entity="logs", title=pen("title.logs_none"))
    shown = "\n".join(_shown(line, pen) for line in lines)
    fits = len(lines) <= MOST_SHOWN and len(shown) <= MAX_NOTE
    return Draft(
        entity="logs",
        title=pen("title.logs", n=len(lines)),
        note=shown if fits else "\n".join(_shown(line, pen) for line in lines[-PREVIEW:]),
        file=None if fits else _file(lines, pen),
        offers=(Offer(label=pen("button.refresh"), words="logs"), Offer(label=pen("button.health"), words="health")),
    )


def logs_private_card(words: str, pen: Pen) -> Draft:
    """A log is no matter for a group."""
    return Draft(
        entity="logs",
        title=pen("title.logs_private"),
        note=pen("note.logs_private", words=words),
        offers=(Offer(label=pen("button.health"), words="health"),),
    )


def _shown(line: LogLine, pen: Pen) -> str:
    at = line.at.astimezone(pen.zone)
    words = f"{at:%m-%d %H:%M:%S} {line.level[0]} {line.name.removeprefix(SHORT)}: {line.text}"
    return mask_phones(clean(words, LONGEST_SHOWN))


def _file(lines: Sequence[LogLine], pen: Pen) -> Attachment:
    """Whole lines, tracebacks included."""
    whole = [f"{line.at.astimezone(pen.zone):%Y-%m-%d %H:%M:%S} {line.level} {line.name} {line.text}" for line in lines]
    text = mask_phones("\n".join(whole))
    at = pen.now.astimezone(pen.zone)
    return Attachment(name=f"log_{at:%Y-%m-%d_%H%M}.txt", content=f"{text}\n".encode("utf-8", "replace"))
