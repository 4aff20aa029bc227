"""Who stands at the counter, and the one gate that says what they may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ConfigDict

from core.engine.front import Engine
from core.errors import NotAllowed
from core.values import Value
from core.values.counter import Member, Room
from core.values.people import ChatKind, Role


class Attachment(Value):
    """A file that came with a request; a front refuses what is over its own limit before it gets here."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    content: bytes


class Request(Value):
    """What a person asked, as every front says it: typed `words`, or the id of a pressed `button`.

    `who` and `chat` begin with the front's name ("terminal:owner", "telegram:-1001") and are the platform's stable
    ids, never names; a private chat has its person's id. `chat_title` is a group's name. `update_id` is the natural
    key of this update for ever: the same one twice is one request. `message` is the one that asks. `reply_to` is the
    message answered, or the one that carries the pressed button, `reply_button` a button of the card answered where the
    platform shows it; `reply_who` is who wrote it, when that was a person.
    `picture`: what came along is a picture, fetched already or still to be; it may come without words.
    `brought` is the name of a file that came without words, fetched already or still to be.
    `problem` is the key of a refusal when the front could not bring what came along (a file too large). Words that
    were edited or `forwarded` are no command, and neither is anything of an `anonymous` admin: the platform does not
    tell who that is.
    """

    who: str
    name: str = ""
    chat: str
    chat_kind: ChatKind
    chat_title: str = ""
    topic: str | None = None
    words: str | None = None
    button: str | None = None
    message: str | None = None
    reply_to: str | None = None
    reply_button: str | None = None
    reply_who: str | None = None
    reply_name: str = ""
    attachment: Attachment | None = None
    picture: bool = False
    brought: str = ""
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


@dataclass(frozen=True)
class Guest:
    """Who stands at the counter, and where: the person and the room as the shop knows them now."""

    request: Request
    member: Member | None
    room: Room | None

    @property
    def person(self) -> str:
        """The person as one, by whichever of their ids they came; a stranger is their id."""
        return f"m{self.member.id}" if self.member is not None else self.request.who

    @property
    def is_bound(self) -> bool:
        """Whether the chat belongs to the shop."""
        return self.room is not None and self.room.is_open

    @property
    def locale(self) -> str:
        """The language to answer in: the person's own, else the room's, else what their app is in; may be empty."""
        own = self.member.locale if self.member is not None else None
        return own or (self.room.locale if self.room is not None else None) or self.request.locale

    def is_overheard(self, row: Gate | None) -> bool:
        """Whether a stranger talks in a group: nobody is answered there but by what is for anybody."""
        typed = self.request.chat_kind is ChatKind.group and self.request.button is None
        return typed and self.member is None and (row is None or row.role is not None)


async def enter(request: Request, engine: Engine) -> Guest:
    """Look up who asks and where. A request from a chat that moved counts as made in the new one.

    A person of the shop opens their own private chat by writing in it, and a room it had to leave by being heard there.
    """
    member, room = await engine.people.find(request.who), await engine.rooms.enter(request.chat)
    if room is not None and room.chat != request.chat:
        gone = dict.fromkeys(("topic", "message", "reply_to", "reply_button"))
        request = request.model_copy(update={"chat": room.chat, **gone})
    if member is None or (room is not None and room.is_open):
        return Guest(request, member, room)
    if request.chat_kind is ChatKind.private and request.chat == request.who:
        await engine.rooms.bind(request.chat, ChatKind.private, member.name)
    elif not await engine.rooms.back(request.chat):
        return Guest(request, member, room)
    return Guest(request, member, await engine.rooms.find(request.chat))


def allow(guest: Guest, row: Gate) -> None:
    """Let a person use a row of the table, pressed or typed; NotAllowed says why not.

    In a chat that is not the shop's only rows for anybody answer.
    """
    if row.role is None:
        return
    if guest.member is None:
        raise NotAllowed("stranger")
    if not guest.is_bound:
        raise NotAllowed("chat_not_bound")
    if not may(guest.member, row.role):
        raise NotAllowed("role_too_low", role=row.role, yours=guest.member.role)
