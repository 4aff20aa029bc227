"""An update becomes a request, or something that happened to a chat, or nothing: pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.auth import Request
from bot.fronts.telegram.paint import read_data
from bot.fronts.telegram.shapes import File, MemberChange, Message, Query, Update, User
from core.values.people import ChatKind

NAME = "telegram"
ANONYMOUS = 1087968824
"""GroupAnonymousBot: the sender of what an anonymous admin writes (Bot API constants)."""
KINDS = {"private": ChatKind.private, "group": ChatKind.group, "supergroup": ChatKind.group}
AWAY = frozenset({"left", "kicked"})
LONGEST_NAME = 64
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""Kinds of files that are read as pictures."""
_COMMAND = re.compile(r"[/／][^\s@]{1,64}@(\w{1,64})")


@dataclass(frozen=True)
class Me:
    """The bot itself, as getMe tells; `reads_all` is privacy mode off."""

    id: int
    username: str = ""
    reads_all: bool = False


@dataclass(frozen=True)
class Moment:
    """When updates were fetched, in shop time; `speed` is how fast that runs, `real_s` seconds since 1970."""

    at: datetime
    real_s: float
    speed: float = 1.0

    def of(self, date: int) -> datetime:
        """Shop time of a message's date."""
        return self.at - timedelta(seconds=max(0.0, self.real_s - date) * self.speed)


@dataclass(frozen=True)
class Asked:
    """Something a person wants: what a front has to know beside the request itself."""

    request: Request
    query: str | None = None
    """The press to be answered."""
    file: File | None = None


@dataclass(frozen=True)
class Forged:
    """A press whose data is not ours: a changed client."""

    query: str


@dataclass(frozen=True)
class Left:
    """The bot was thrown out of a chat, or blocked."""

    chat: str


@dataclass(frozen=True)
class Came:
    """The bot was let into a chat, or its rights there changed."""

    chat: str


@dataclass(frozen=True)
class Moved:
    """A group became a supergroup."""

    chat: str
    new: str


@dataclass(frozen=True)
class Renamed:
    """A group has another name."""

    chat: str
    title: str


Found = Asked | Forged | Left | Came | Moved | Renamed


def read_update(raw: Mapping[str, object], me: Me, moment: Moment) -> Found | None:
    """What an update means; None for what is not for us. pydantic's ValidationError when it has no known shape."""
    update = Update.model_validate(raw)
    key = f"{NAME}:{me.id}:{update.update_id}"
    if update.callback_query is not None:
        return _pressed(update.callback_query, moment, key)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or message.chat.type not in KINDS:
        return None
    return _happened(message) or _wrote(message, me, moment, key, edited=update.message is None)


def id_of(number: int) -> str:
    """How the shop names a chat or a person of Telegram's."""
    return f"{NAME}:{number}"


def number_of(name: str) -> int:
    """Telegram's number of a chat or a person."""
    return int(name.removeprefix(f"{NAME}:"))


def message_key(message: Message) -> str:
    """How the shop names a message of the bot's: what kind it is decides how it can be edited."""
    return f"{'p' if message.photo else 'd' if message.document else ''}{message.message_id}"


def name_of(user: User) -> str:
    """A person's name as they chose it, without signs that cannot be seen."""
    name = " ".join(f"{user.first_name} {user.last_name}".split())
    return "".join(char for char in name if unicodedata.category(char)[0] != "C")[:LONGEST_NAME]


def _pressed(query: Query, moment: Moment, key: str) -> Found | None:
    message, button = query.message, read_data(query.data)
    if message is None or message.chat.type not in KINDS or button is None:
        return Forged(query.id)
    request = Request(
        who=id_of(query.sender.id),
        name=name_of(query.sender),
        chat=id_of(message.chat.id),
        chat_kind=KINDS[message.chat.type],
        chat_title=message.chat.title,
        topic=_topic(message),
        button=button,
        reply_to=message_key(message),
        sent_at=moment.at,
        anonymous=query.sender.id == ANONYMOUS,
        locale=query.sender.language_code,
        update_id=key,
    )
    return Asked(request, query.id)


def _member(change: MemberChange) -> Found | None:
    if change.chat.type not in KINDS:
        return None
    chat = id_of(change.chat.id)
    return Left(chat) if change.new_chat_member.status in AWAY else Came(chat)


def _happened(message: Message) -> Found | None:
    chat = id_of(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Moved(chat, id_of(message.migrate_to_chat_id))
    return Renamed(chat, message.new_chat_title) if message.new_chat_title is not None else None


def _wrote(message: Message, me: Me, moment: Moment, key: str, *, edited: bool) -> Found | None:
    sender, words = message.sender, message.text if message.text is not None else message.caption
    shown = bool(message.photo) or (message.document is not None and message.document.mime_type in PICTURES)
    brought = message.document.file_name or message.document.file_id if message.document is not None else ""
    if sender is None or not (words or shown or brought) or (sender.is_bot and sender.id != ANONYMOUS):
        return None
    if words is not None and _is_for_another(words, me):
        return None
    ours, person = _answered(message, me)
    request = Request(
        who=id_of(sender.id),
        name=name_of(sender),
        chat=id_of(message.chat.id),
        chat_kind=KINDS[message.chat.type],
        chat_title=message.chat.title,
        topic=_topic(message),
        message=str(message.message_id),
        words=words.removeprefix(f"@{me.username} ") if words is not None else None,
        picture=shown,
        brought=brought if words is None and not shown else "",
        reply_to=message_key(ours) if ours else None,
        reply_button=_button_of(ours) if ours else None,
        reply_who=id_of(person.id) if person else None,
        reply_name=name_of(person) if person else "",
        sent_at=moment.of(message.date),
        edited=edited,
        forwarded=message.forward_origin is not None or message.via_bot is not None,
        anonymous=sender.id == ANONYMOUS or message.sender_chat is not None,
        locale=sender.language_code,
        update_id=key,
    )
    return Asked(request, file=message.document or (message.photo or (None,))[-1])


def _answered(message: Message, me: Me) -> tuple[Message | None, User | None]:
    """The message of ours that is replied to, or the person whose. The first one of a topic only opens it."""
    target = message.reply_to_message
    if target is None or target.forum_topic_created is not None or target.sender is None:
        return None, None
    if target.sender.id == me.id:
        return target, None
    is_person = not target.sender.is_bot and target.sender_chat is None
    return None, target.sender if is_person else None


def _button_of(message: Message) -> str | None:
    """A button of the card answered: any of them tells what the card is about."""
    keys = (key for row in (message.reply_markup.inline_keyboard if message.reply_markup else ()) for key in row)
    return next(filter(None, (read_data(key.callback_data) for key in keys)), None)


def _topic(message: Message) -> str | None:
    """Only forums have topics; elsewhere the same field counts replies."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else None


def _is_for_another(words: str, me: Me) -> bool:
    """/stock@other_bot is a command of another bot in the same group."""
    named = _COMMAND.match(words)
    return named is not None and named[1].casefold() != me.username.casefold()
