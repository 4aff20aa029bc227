"""A card as Telegram shows it: HTML, rows of buttons, a picture or a file. Everything a card holds is escaped."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from bot.auth import Attachment
from bot.cards.card import CALL, Button, Card, FieldLine, Mention, Style, units
from bot.texts import Texts
from core.values.notices import Urgency

PERSON = "telegram:"
MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 units after the HTML was read (Bot API). A card has at most 3500, so that a text always fits."""
LONG_NOTE = 600
"""A longer note is folded: one thumb opens it."""
COLUMNS = {3: 8, 2: 16}
"""Buttons a row → the widest word that fits a phone then, in columns; a Chinese character takes two."""
DATA = re.compile(r"v1\|([A-Za-z0-9_-]{1,40})")
COPIES = {"receiver": "button.copy_receiver"}
"""What a copying button says, by what the card shows; of anything else it is the order's number."""
STYLES = {Style.plain: "", Style.good: "success", Style.danger: "danger"}
"""Button styles of the Bot API (clients of 2026 and later show them)."""
_ALIVE = re.compile(r"(?<!\w)@(?=\w)|(?<![\w/])/(?=[A-Za-z])")
"""Signs that Telegram makes a mention or a command of, wherever they stand."""
DEAD = {"@": "＠", "/": "∕"}
"""What stands for them in plain words: as long, so that a text of a thousand mentions fits when its HTML does not."""


@dataclass(frozen=True)
class Key:
    """A button: `data` comes back when it is pressed, `copies` goes to the clipboard instead."""

    label: str
    data: str = ""
    style: str = ""
    copies: str = ""


Rows = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True)
class Page:
    """A card painted. `html` and `plain` say the same; `after` follows in a message of its own."""

    html: str
    plain: str
    keys: Rows = ()
    quiet: bool = False
    protected: bool = False
    """Nobody may forward or save it."""
    picture: bytes | None = None
    file: Attachment | None = None
    after: "Page | None" = None


def paint(card: Card, texts: Texts, mark: str = "") -> Page:
    """The page of a card; `mark` stands before its title (可能重复)."""
    marked = card.model_copy(update={"title": " · ".join(filter(None, (mark, card.title)))})
    whole, plain = _html(marked), _ALIVE.sub(lambda sign: DEAD[sign[0]], marked.plain())
    carried = card.picture is not None or card.file is not None
    long = carried and units(plain) > MAX_CAPTION
    return Page(
        html=_bold(marked.title) if long else whole,
        plain=marked.title if long else plain,
        keys=lay_out(card, texts),
        quiet=card.urgency is Urgency.quiet,
        protected=card.secret,
        picture=card.picture,
        file=card.file,
        after=Page(whole, plain, quiet=True, protected=card.secret) if long else None,
    )


def toast(card: Card, limit: int = 200) -> str:
    """The card as the short text of an answered press (Bot API: 200 characters)."""
    text = " · ".join(filter(None, (card.title, card.note)))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def lay_out(card: Card, texts: Texts) -> Rows:
    """The buttons in rows, short words three, long ones two or one to a row; what can be copied stands last."""
    keys = [_key(button) for button in card.buttons]
    if card.copyable:
        word = COPIES.get(card.ref.partition(":")[0], "button.copy_order")
        keys.append(Key(texts(word), copies=card.copyable))
    return tuple(_rows(keys))


def read_data(data: str | None) -> str | None:
    """The action id in a press's data; None when it is not ours, or forged."""
    found = DATA.fullmatch(data or "")
    return found[1] if found else None


def columns(text: str) -> int:
    """How wide a text is on a phone, roughly: wide characters and signs count twice."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _key(button: Button) -> Key:
    return Key(button.verb, f"v1|{button.action}", STYLES[button.style])


def _rows(keys: list[Key]) -> Iterator[tuple[Key, ...]]:
    left = keys
    while left:
        fits = (n for n, widest in COLUMNS.items() if all(columns(key.label) <= widest for key in left[:n]))
        most = next(fits, 1)
        row, left = tuple(left[:most]), left[most:]
        yield row


def _html(card: Card) -> str:
    fields = [_field(line, card.copyable) for line in card.fields]
    return "\n".join((_bold(card.title), *fields, *_calling(card), *_note(card.note)))


def _calling(card: Card) -> Iterator[str]:
    """Names that ring for whoever bears them: a link to the person's number, whatever they call themselves."""
    if card.mentions:
        yield " ".join((CALL, *(_mention(one) for one in card.mentions)))


def _mention(one: Mention) -> str:
    number = one.who.removeprefix(PERSON)
    is_here = one.who.startswith(PERSON) and number.isascii() and number.isdecimal()
    return f'<a href="tg://user?id={number}">{_safe(one.name)}</a>' if is_here else _safe(one.name)


def _bold(title: str) -> str:
    return f"<b>{_safe(title)}</b>"


def _field(line: FieldLine, copyable: str) -> str:
    value = _safe(line.value)
    return f"{_safe(line.label)}  {f'<code>{value}</code>' if copyable and line.value == copyable else value}"


def _note(note: str) -> Iterator[str]:
    if note:
        long = units(note) > LONG_NOTE
        yield f"\n<blockquote expandable>{_safe(note)}</blockquote>" if long else f"\n{_safe(note)}"


def _safe(text: str) -> str:
    """Escaped, and dead: a buyer's @name must call nobody, a buyer's /command not be one tap from the owner's thumb.

    A word joiner, which nobody sees and the desk reads over, stands behind the sign.
    """
    return escape(_ALIVE.sub("\\g<0>\u2060", text), quote=False)
