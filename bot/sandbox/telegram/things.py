"""What the pretend Telegram knows: people, chats, messages, presses, files."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.serving import Json

ANONYMOUS_ADMIN = 1087968824
"""The sender of everything an anonymous admin writes (facts: Telegram 3.2)."""


class Kind(StrEnum):
    """The kinds of chat."""

    private = "private"
    group = "group"
    supergroup = "supergroup"


class Status(StrEnum):
    """What somebody is in a group."""

    creator = "creator"
    administrator = "administrator"
    member = "member"
    restricted = "restricted"
    left = "left"
    kicked = "kicked"


PRESENT = (Status.creator, Status.administrator, Status.member, Status.restricted)
ADMINS = (Status.creator, Status.administrator)


@dataclass
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False


@dataclass
class Topic:
    """A forum topic; its id is the id of the message that created it."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    """A private chat has its person's id. `sees_all`: privacy mode was off when the bot joined."""

    id: int
    kind: Kind
    title: str = ""
    is_forum: bool = False
    members: dict[int, Status] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    sees_all: bool = False
    last_bot: int | None = None
    blocked: bool = False
    typing: str = ""

    def status(self, user_id: int) -> Status:
        """What somebody is here; strangers have left."""
        return self.members.get(user_id, Status.left)

    def has(self, user_id: int) -> bool:
        """Whether somebody is in the group now."""
        return self.status(user_id) in PRESENT

    def is_admin(self, user_id: int) -> bool:
        """Whether somebody may administer it."""
        return self.status(user_id) in ADMINS


@dataclass(frozen=True)
class StoredFile:
    """A file in Telegram's cloud; `width` and `height` only for pictures."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0


@dataclass
class Message:
    """One message as it stands; `words` is the text, or the caption when there is a photo or document.

    `history` keeps what earlier versions showed; `version` is the world's count when it last changed.
    """

    id: int
    chat_id: int
    sender: int
    date: int
    words: str = ""
    entities: list[Json] = field(default_factory=list)
    photo: StoredFile | None = None
    document: StoredFile | None = None
    markup: Json | None = None
    reply_to: int | None = None
    topic: int | None = None
    edit_date: int | None = None
    forward: Json | None = None
    anonymous: bool = False
    silent: bool = False
    protected: bool = False
    service: Json = field(default_factory=dict)
    reactions: dict[int, str] = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    deleted: bool = False
    version: int = 0

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row after row."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What the inline buttons say."""
        return [button["text"] for button in self.buttons]


@dataclass
class Press:
    """A pressed button: a callback query. `answer` is what the person saw: `{"text", "show_alert"}`, or None yet."""

    id: str
    user: int
    chat_id: int
    message_id: int
    data: str
    at_s: float
    answer: Json | None = None
    version: int = 0
