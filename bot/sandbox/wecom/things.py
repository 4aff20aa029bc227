"""What the pretend WeCom is made of: robots, chats, cards as they were sent, and refusals."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object of the wire."""


class Refusal(Exception):
    """The gateway says no, with an errcode of WeCom's global list."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


INVALID_BOT = Refusal(853000, "invalid bot_id or secret")
INVALID_REQ_ID = Refusal(846605, "invalid req_id")
NEVER_SPOKE = Refusal(846607, "nobody has spoken to the bot in this chat")
STREAM_TOO_OLD = Refusal(846608, "stream message update expired")
REPLACED = Refusal(846609, "connection is not subscribed")
TASK_ID_REUSED = Refusal(42014, "task_id was used before")
TOO_FAST = Refusal(45009, "api freq out of limit")
TOO_MANY_AT_ONCE = Refusal(45033, "api concurrent out of limit")
INVALID_CHAT = Refusal(93006, "invalid chatid")
VERSION_CONFLICT = Refusal(6000, "data version conflict")


@dataclass
class Chat:
    """A group, or the private chat of a user (its id is then the user's). Ids are case sensitive."""

    chat_id: str
    kind: str
    spoken: bool = False
    """Whether somebody has written to the robot here: before that nothing may be pushed."""


@dataclass
class ShownCard:
    """A template card as it stands in a chat; `seen_by` holds what single people see instead."""

    task_id: str
    chat_id: str
    card: Json
    seen_by: dict[str, Json] = field(default_factory=dict)


@dataclass
class Stream:
    """A message that grows: the whole text each time, until it is finished."""

    stream_id: str
    began_at_s: float
    content: str = ""
    finished: bool = False


@dataclass
class Callback:
    """A frame the gateway sent and may be answered by its req_id. `kind`: message, enter, click."""

    req_id: str
    kind: str
    chat_id: str
    at_s: float
    user_id: str = ""
    task_id: str = ""
    stream: Stream | None = None
    answered: bool = False


@dataclass
class Upload:
    """A file on its way in, chunk by chunk."""

    upload_id: str
    kind: str
    filename: str
    total_size: int
    total_chunks: int
    md5: str
    began_at_s: float
    chunks: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Media:
    """A whole file that messages may name."""

    media_id: str
    kind: str
    filename: str
    content: bytes
