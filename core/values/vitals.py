"""What the running process says of itself with every heartbeat."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from core.values import Value


class Remark(Value):
    """A trouble a front has: `key` names it, `about` is whom or what it is about, `detail` its one fact."""

    front: str
    key: str
    about: str = ""
    detail: str = ""
    since_at: datetime


class Stall(Value):
    """The event loop answered nobody for `length_s` real seconds, up to `at` in shop time."""

    at: datetime
    length_s: float


class LineTrouble(StrEnum):
    """Why an account's line is left alone for a while."""

    silent = "silent"
    """No call is answered."""
    unstable = "unstable"
    """Connections end as soon as they are there."""


class LineState(Value):
    """How an account's calls are: whether they rest, since when and until when, in shop time, and after which failure.

    Resting without an end: the rest is over, and the next call asks whether somebody is there again.
    `ahead_s`: how far the platform's clock is ahead of ours, in seconds; None when it never told.
    """

    rests_since: datetime | None = None
    rests_until: datetime | None = None
    reason: str = ""
    ahead_s: float | None = None


class Vitals(Value):
    """Supervised loops by name ("ok", or the last error and how often it restarted), the model, the books.

    `model` is off, ok, or the last error; `books_checked_at` is when the standing check last ran to its end;
    `away_s` is how long nobody was there before this start, `former` the version that ran then when it was another.
    `remarks` are the troubles of the fronts, `heard_at` is when each front last reached its platform, `stall` the last
    time that the event loop stood still; `lines` is how each account's calls are, by its name.
    """

    children: dict[str, str] = Field(default_factory=dict)
    model: str = "off"
    books_checked_at: datetime | None = None
    away_s: float | None = None
    former: str = ""
    remarks: tuple[Remark, ...] = ()
    heard_at: dict[str, datetime] = Field(default_factory=dict)
    stall: Stall | None = None
    lines: dict[str, LineState] = Field(default_factory=dict)
