"""The card: what a person is shown, the same value for Telegram, WeCom and a terminal.

A builder makes a `Draft`, whose buttons are words. `seal` stores those words as actions and makes the `Card`, whose
buttons carry short ids. Limits are the narrowest of the fronts: WeCom has six buttons (template_card), Telegram 4096
characters a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from pydantic import Field, model_validator

from bot.auth import Attachment, Request
from core.values import Value
from core.values.ids import ActionId
from core.values.notices import NoticeKind, Urgency

MAX_BUTTONS = 6
MAX_VERB = 20
MAX_TITLE = 80
MAX_LABEL = 16
MAX_VALUE = 300
MAX_FIELDS = 24
MAX_NOTE = 1500
MAX_COPYABLE = 256
"""What a button may put on the clipboard (Bot API, CopyTextButton)."""
MAX_MENTIONS = 6
CALL = "📣"
"""Stands before the names of whom a card calls."""
MAX_TOTAL = 3500
"""UTF-16 units of a whole card, as Telegram counts; the rest up to 4096 is for what a front adds."""


BRIEF = NoticeKind.order_shipped
"""The kind of a card that is no notice of its own: drawn again, it is the short card of its thing's state."""


class Style(StrEnum):
    """How a button looks. The word says it too: a colour is never alone."""

    plain = "plain"
    good = "good"
    danger = "danger"


class Offer(Value):
    """A button before it is stored: the command words it stands for.

    `confirms` is the second press of a weighty act: it lives 60 s and only for the person who made the first.
    `mine` is only for the person who was asked, without haste.
    """

    label: str
    words: str
    style: Style = Style.plain
    confirms: bool = False
    mine: bool = False


class Button(NamedTuple):
    """A button of a card: its word, its look and the id of its stored action."""

    verb: str
    style: Style
    action: ActionId


class Mention(NamedTuple):
    """Somebody a card calls: their id in the chat it stands in, empty where they have none, and their name."""

    who: str
    name: str


class FieldLine(NamedTuple):
    """One fact of a card."""

    label: str
    value: str


class Draft(Value):
    """A card whose buttons are still words. `entity`, `entity_id`, `version`: what it shows, and which state of it."""

    entity: str
    entity_id: int = 0
    version: int = 0
    urgency: Urgency = Urgency.normal
    title: str
    fields: tuple[tuple[str, str], ...] = ()
    note: str = ""
    offers: tuple[Offer, ...] = Field(default=(), max_length=MAX_BUTTONS)
    picture: bytes | None = None
    code: str | None = Field(None, repr=False)
    """What a QR code in the picture says, for a front that draws it itself; a secret."""
    file: Attachment | None = None
    copyable: str = ""
    """A number on it that people take elsewhere; a front may let it be copied with one tap."""
    kind: NoticeKind = BRIEF
    """How its copies are drawn again: as the notice of this kind, or (`redraw`) as the full card of its thing."""
    pin: bool = False
    """It stays on top of its chat, where the front can keep it there."""
    unpin: tuple[str, ...] = ()
    """Messages of the chat that stay on top no longer."""
    mentions: tuple[Mention, ...] = ()
    """Whom it calls."""
    refusal: bool = False
    """Nothing was done: a front may show it to the asker alone."""
    secret: bool = False
    """It is for this chat's eyes: a front that can keeps it from being passed on."""

    @property
    def ref(self) -> str:
        """What the card shows, in one word: `order:42`."""
        return f"{self.entity}:{self.entity_id}"


class Card(Value):
    """What a front shows. Everything in it is clean and within the limits; a value that is not is an error."""

    ref: str
    version: int
    urgency: Urgency
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    fields: tuple[FieldLine, ...] = Field(default=(), max_length=MAX_FIELDS)
    note: str = Field(default="", max_length=MAX_NOTE)
    buttons: tuple[Button, ...] = Field(default=(), max_length=MAX_BUTTONS)
    picture: bytes | None = None
    code: str | None = Field(None, repr=False)
    """What a QR code in the picture says, for a front that draws it itself; a secret."""
    file: Attachment | None = None
    copyable: str = Field(default="", max_length=MAX_COPYABLE)
    mentions: tuple[Mention, ...] = Field(default=(), max_length=MAX_MENTIONS)
    secret: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "Card":
        long = [f.label for f in self.fields if len(f.label) > MAX_LABEL or len(f.value) > MAX_VALUE]
        if long or any(not 0 < len(b.verb) <= MAX_VERB for b in self.buttons):
            raise ValueError(f"label, value or verb out of its limit: {long}")
        if units(self.plain()) > MAX_TOTAL:
            raise ValueError(f"card over {MAX_TOTAL} units")
        return self

    def plain(self) -> str:
        """The card as plain lines, without its buttons."""
        lines = (f"{f.label} {f.value}" for f in self.fields)
        return "\n".join(filter(None, (self.title, *lines, self.calling, self.note)))

    @property
    def calling(self) -> str:
        """Whom it calls, as plain words; empty when nobody."""
        return " ".join((CALL, *(one.name for one in self.mentions))) if self.mentions else ""


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Place(StrEnum):
    """Where an answer goes."""

    new = "new"
    """A message of its own."""
    same = "same"
    """The message whose button was pressed turns into it."""
    aside = "aside"
    """To the person who pressed, if the front can (a toast); else a message of its own."""


class Front(Protocol):
    """A chat platform, as the desk and the notices see it.

    Every call raises Busy(retry_after_s) when the front's budget is used up and another Transient when the chat could
    not be reached; `Card` values always fit.
    """

    @property
    def name(self) -> str:
        """The part of a chat's id before the first colon."""
        ...

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """Show the answer to a request where it was asked; returns the id of the message that shows it."""
        ...

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:
        """Show a card nobody asked for as a new message; returns the message's id in that chat.

        A quiet card makes no sound. A topic that is gone falls back to the chat's main one.
        """
        ...

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        """Turn a message into another card; a message that is gone, or the same already, is no error."""
        ...


@runtime_checkable
class Reacting(Protocol):
    """A front that can put a sign on a message of a person."""

    async def react(self, chat: str, message: str, sign: str) -> None:
        """Put a sign (an emoji of a few) on a message; one that is gone is no error."""
        ...


@runtime_checkable
class Pinning(Protocol):
    """A front that can keep a message on top of its chat."""

    async def pin(self, chat: str, message: str, *, on: bool) -> None:
        """Keep a message on top, without a sound, or let it go; one that is gone, or no right to, is no error."""
        ...


@dataclass(frozen=True)
class Fronts:
    """The fronts of this process, first the one that alerts go to first."""

    by_name: Mapping[str, Front]

    def of(self, chat: str) -> Front | None:
        """The front a chat belongs to; None when it is not running here."""
        return self.by_name.get(chat.partition(":")[0])
