"""The owner's side of the counter: its people, their rooms, buttons, cards that stand, requests that were kept."""

from datetime import datetime

from core.values import Value
from core.values.ids import ActionId, InboxId
from core.values.notices import NoticeKind
from core.values.people import ChatKind, Role


class Member(Value):
    """A person of the owner's group, by the id they were looked up with; a person may have several."""

    id: int
    who: str
    name: str
    role: Role
    locale: str | None = None


class Person(Value):
    """A person of the shop with every id they have; `last_verb` at `last_at` is what they did last."""

    id: int
    name: str
    role: Role
    locale: str | None = None
    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    last_verb: str = ""
    last_at: datetime | None = None


class Called(Value):
    """A person an alert calls, by whichever of their ids the chat knows."""

    name: str
    ids: tuple[str, ...] = ()


class Room(Value):
    """A chat of the owner's people in which the shop may speak; `left_at` once it was thrown out.

    `moved_to` is the chat a group became: whatever still comes from the old one belongs there.
    """

    id: int = 0
    chat: str
    kind: ChatKind
    title: str = ""
    locale: str | None = None
    left_at: datetime | None = None
    moved_to: str | None = None
    shop: str | None = None
    """The shop whose alerts go here first; None: every shop's."""

    @property
    def is_open(self) -> bool:
        """Whether the shop may speak there now."""
        return self.left_at is None

    @property
    def front(self) -> str:
        """The name of the front it belongs to."""
        return self.chat.partition(":")[0]


class Action(Value):
    """What a button does: command words, the thing they were made for and the version it had."""

    id: ActionId
    words: str
    entity: str
    entity_id: int
    version: int
    chat: str
    created_at: datetime
    expires_at: datetime | None = None
    used_by: str | None = None
    used_at: datetime | None = None
    confirms: bool = False
    """The second press of a destructive act; only the person who made the first may press."""
    made_for: str | None = None


class Copy(Value):
    """A card as it stands in a chat, to be redrawn when its thing changes."""

    id: int
    chat: str
    message: str
    kind: NoticeKind
    entity: str
    entity_id: int
    version: int
    shown_at: datetime
    """When it was shown as a card of this thing; drawn again it is as old."""


class KeptRequest(Value):
    """A stored request: `again` means it was kept before (a repeated delivery)."""

    id: InboxId
    again: bool
    done: bool


class WaitingRequest(Value):
    """A request that was stored and not finished before a crash; `body` is what the front kept."""

    id: InboxId
    key: str
    body: bytes
