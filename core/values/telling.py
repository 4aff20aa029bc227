"""How the owner is told: by event, how loudly, where, and what became of it."""

from enum import StrEnum

from core.values import Value


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
