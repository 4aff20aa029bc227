"""How the owner is told: by event, how loudly, where, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.notices import NoticeKind


class Event(StrEnum):
    """What a notice is about, as an owner sorts it: loudness, topics and mutes go by it."""

    orders = "orders"
    approvals = "approvals"
    buyers = "buyers"
    stock = "stock"
    system = "system"
    report = "report"


class Level(StrEnum):
    """How loudly an event is told."""

    on = "on"
    silent = "silent"
    """Shown without a sound."""
    off = "off"
    """Not shown; it stands in the log of notices."""


class Outcome(StrEnum):
    """What became of a notice."""

    told = "told"
    off = "off"
    """The owner does not want to see it."""
    muted = "muted"
    """Counted by a mute, whose end says how many there were."""
    folded = "folded"
    """One of many of its kind at a time: counted in one digest."""
    gone = "gone"
    """Meant for one chat alone, in which the shop may not speak (any more)."""
    failed = "failed"
    """It could not be drawn; it stands in /health."""


class Way(Value):
    """Where a notice goes now, and whether it makes no sound. `topic` is a part of the chat; None is its main one."""

    chat: str
    topic: str | None = None
    silent: bool = False


class QuietHours(Value):
    """Minutes of the shop's day without a sound; a span may go over midnight."""

    from_minute: int
    to_minute: int


class Route(Value):
    """The chat, and the topic of it, an event is told in first."""

    chat: str
    topic: str | None = None


class Mute(Value):
    """What is counted instead of shown: `word` names an event or a kind, `entity_id` an order, a product or a chat.

    It ends at `until_at`, after `remaining` more, or when a person ends it.
    """

    id: int
    scope: str
    word: str
    entity_id: int = 0
    until_at: datetime | None = None
    remaining: int | None = None
    muted: int = 0
    by: str = ""
    at: datetime
    ended_at: datetime | None = None


class Choices(Value):
    """What the owner chose: how loudly, when quietly, where first, and what not for now."""

    levels: Mapping[str, Level]
    """By event or kind, where it differs from the default."""
    quiet: QuietHours | None = None
    routes: Mapping[str, Route]
    """By event."""
    mutes: tuple[Mute, ...] = ()


class KindLevel(Value):
    """How loudly a kind is told in effect; `fixed` kinds cannot be turned off."""

    kind: NoticeKind
    level: Level
    fixed: bool


class EventView(Value):
    """How an event is told."""

    event: Event
    level: Level
    fixed: bool
    route: Route | None = None
    kinds: tuple[KindLevel, ...] = ()


class NotifyView(Value):
    """How everything is told."""

    events: tuple[EventView, ...]
    quiet: QuietHours | None = None
    mutes: tuple[Mute, ...] = ()


class Delivery(Value):
    """One line of the log of notices."""

    id: int
    kind: NoticeKind
    entity: str
    entity_id: int
    count: int
    outcome: Outcome | None
    told_in: str | None
    at: datetime
    error: str = ""
