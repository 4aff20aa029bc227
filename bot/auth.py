"""Who stands at the counter, and the one gate that says what they may do."""

from datetime import datetime
from typing import Protocol

from pydantic import ConfigDict

from core.errors import NotAllowed
from core.values import Value
from core.values.counter import Member
from core.values.people import ChatKind, Role


class Attachment(Value):
    """A file that came with a request; a front refuses what is over its own limit before it gets here."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    content: bytes


class Request(Value):
    """What a person asked, as every front says it: typed `words`, or the id of a pressed `button`.

    `who` and `chat` begin with the front's name ("terminal:owner", "telegram:-1001") and are the platform's stable
    ids, never names. `update_id` is the natural key of this update for ever: the same one twice is one request.
    `message` is the one that asks. `reply_to` is the message answered, or the one that carries the pressed button;
    `reply_who` is who wrote it, when that was a person. `problem` is the key of a refusal when the front could not
    bring what came along (a file too large). Words that were edited or `forwarded` are no command, and
    neither is anything of an `anonymous` admin: the platform does not tell who that is.
    """

    who: str
    name: str = ""
    chat: str
    chat_kind: ChatKind
    topic: str | None = None
    words: str | None = None
    button: str | None = None
    message: str | None = None
    reply_to: str | None = None
    reply_who: str | None = None
    reply_name: str = ""
    attachment: Attachment | None = None
    sent_at: datetime
    edited: bool = False
    forwarded: bool = False
    anonymous: bool = False
    problem: str = ""
    locale: str = ""
    update_id: str

    @property
    def front(self) -> str:
        """The name of the front it came through."""
        return self.chat.partition(":")[0]


class Gate(Protocol):
    """What the gate looks at in a row of the command table."""

    @property
    def role(self) -> Role | None:
        """The least role that may, or None for anybody at all."""
        ...


RANKS = (Role.viewer, Role.operator, Role.owner)
"""Weakest first."""


def may(member: Member | None, role: Role | None) -> bool:
    """Whether a person has at least a role."""
    if role is None:
        return True
    return member is not None and RANKS.index(member.role) >= RANKS.index(role)


def allow(member: Member | None, row: Gate, *, bound: bool) -> None:
    """Let a person use a row of the table, pressed or typed; NotAllowed says why not.

    `bound` is whether the chat belongs to the shop: elsewhere only rows for anybody answer.
    """
    if row.role is None:
        return
    if not bound:
        raise NotAllowed("chat_not_bound")
    if member is None:
        raise NotAllowed("stranger")
    if not may(member, row.role):
        raise NotAllowed("role_too_low", role=row.role, yours=member.role)
