"""What people did, as it is shown (law 8)."""

from collections.abc import Mapping
from datetime import datetime

from core.values import Value
from core.values.people import ChatKind


class Act(Value):
    """One act: who, where, when, what, before and after.

    `name` is what the person is called here now, `room` the title of the chat as far as it has one; `request` is the
    natural key of the command or button press that caused it. `reason` is why nothing was done of it (the key of a
    refusal, with its `facts`); empty for what was done.
    """

    id: int
    request: str
    who: str
    name: str
    chat: str
    room: str = ""
    room_kind: ChatKind | None = None
    at: datetime
    verb: str
    entity: str
    entity_id: int
    before: str = ""
    after: str = ""
    reason: str = ""
    facts: Mapping[str, str | int | float] = {}


class Sought(Value):
    """Which acts are asked for: one thing's, one person's, those of a span (`until` excluded), or all."""

    entity: str | None = None
    entity_id: int = 0
    member: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class ActPage(Value):
    """A page of acts, newest first; the next one begins before the last row's id when `more`."""

    rows: tuple[Act, ...]
    more: bool


class Undoable(Value):
    """How it stands with taking an act back: `words` are the command that does, or `why_not` says why nothing does."""

    act: Act
    words: str = ""
    why_not: str = ""
    until_at: datetime | None = None
    """After that it is too late; None when there is no hurry."""
    owner_only: bool = False
