"""The wire to Telegram: the one module that knows python-telegram-bot.

Two `Bot`s on connections of their own: what answers a pressed button never waits behind what is sent. The library's
errors end here; none of them, and no address, goes further, for an address holds the token (law 11).
"""

import json
import os
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    BotCommandScopeDefault,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram import error as said
from telegram.request import HTTPXRequest

from bot.fronts.telegram.faults import Conflict, Migrated, Rejected, reason_of
from bot.fronts.telegram.letters import Letter
from bot.fronts.telegram.paint import Key, Rows
from bot.fronts.telegram.shapes import KINDS
from bot.fronts.telegram.updates import Me
from core.errors import Busy, MaybeSent, Transient

T = TypeVar("T")
os.environ.setdefault("PTB_TIMEDELTA", "true")
"""Lengths of the library as timedeltas, its only way from its next version on; else it warns at each 429."""
HTML = "HTML"
POLL_S = 25
"""How long Telegram may hold a poll when nothing happens; its own limit is 50."""
NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"})
"""Errors of the HTTP client after which a request surely did not leave this machine."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A buyer's link is not fetched and shown in the owner's group."""


class Wire:
    """The Bot API's methods that the front uses.

    All raise Busy(retry_after_s) at 429, MaybeSent when the answer was lost, Transient when nothing left or the bot may
    not write there, Rejected(reason), Migrated(chat_id) when the group has another id, Conflict when another one polls.
    """

    def __init__(self, token: str, api_url: str, *, timeout_s: float = 10.0) -> None:
        """`api_url` is the server's address without a path; `timeout_s` the longest wait for an answer."""
        self._base = f"{api_url.rstrip('/')}/bot"
        self._poll_url = f"{self._base}{token}/getUpdates"
        self._requests = [
            HTTPXRequest(size, read_timeout=timeout_s, write_timeout=timeout_s, connect_timeout=5, pool_timeout=5)
            for size in (2, 16, 16)
        ]
        polls, sends, presses = self._requests
        files = f"{api_url.rstrip('/')}/file/bot"
        self._polls = polls
        self._bot = Bot(token, self._base, files, request=sends, get_updates_request=polls)
        self._answers = Bot(token, self._base, files, request=presses, get_updates_request=polls)

    async def close(self) -> None:
        """Leave every connection."""
        for request in self._requests:
            await request.shutdown()

    async def me(self) -> Me:
        """Who the bot is."""
        user = await _told(self._bot.get_me())
        return Me(user.id, user.username or "", bool(user.can_read_all_group_messages))

    async def updates(self, offset: int | None, wait_s: int = POLL_S) -> list[Mapping[str, object]]:
        """Updates from `offset` on; everything before it is forgotten by Telegram. Raw: shapes.py reads them."""
        asked = {"timeout": wait_s, "allowed_updates": json.dumps(KINDS)}
        query = urlencode(asked if offset is None else {**asked, "offset": offset})
        said_all = await _told(self._poll(f"{self._poll_url}?{query}", wait_s + 10))
        got = said_all.get("result") if isinstance(said_all, dict) else None
        if not isinstance(got, list):
            raise MaybeSent("no_answer", reason="no list of updates")
        return [raw for raw in got if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]

    async def _poll(self, url: str, wait_s: int) -> object:
        """The whole answer; whoever stands in between may have said it (a proxy's page instead of JSON)."""
        return HTTPXRequest.parse_json_payload(await self._polls.retrieve(url, read_timeout=wait_s))

    async def webhook(self) -> str:
        """The host of the address where updates go instead of here; empty when none is set."""
        url = (await _told(self._bot.get_webhook_info())).url
        return urlsplit(url).hostname or "?" if url else ""

    async def drop_webhook(self) -> None:
        """Have updates come by polling; those that wait stay."""
        await _told(self._bot.delete_webhook(drop_pending_updates=False))

    async def send(self, chat: int, letter: Letter) -> str:
        """A new message; its key (updates.message_key)."""
        page = letter.page
        if page.picture is not None:
            return f"p{(await self._send_picture(chat, letter, page.picture)).message_id}"
        if page.file is not None:
            return f"d{(await self._send_file(chat, letter, page.file.content, page.file.name)).message_id}"
        return str((await self._send_text(chat, letter)).message_id)

    async def _send_text(self, chat: int, letter: Letter) -> Message:
        sent = self._bot.send_message(
            chat,
            letter.words,
            parse_mode=_mode(letter),
            link_preview_options=NO_PREVIEW,
            disable_notification=letter.page.quiet,
            protect_content=letter.page.protected,
            message_thread_id=letter.topic,
            reply_parameters=_reply(letter),
            reply_markup=_keys(letter.page.keys),
        )
        return await _told(sent)

    async def _send_picture(self, chat: int, letter: Letter, picture: bytes) -> Message:
        sent = self._bot.send_photo(
            chat,
            picture,
            caption=letter.words,
            parse_mode=_mode(letter),
            disable_notification=letter.page.quiet,
            protect_content=letter.page.protected,
            message_thread_id=letter.topic,
            reply_parameters=_reply(letter),
            reply_markup=_keys(letter.page.keys),
        )
        return await _told(sent)

    async def _send_file(self, chat: int, letter: Letter, content: bytes, name: str) -> Message:
        sent = self._bot.send_document(
            chat,
            InputFile(content, filename=name),
            caption=letter.words,
            parse_mode=_mode(letter),
            disable_notification=letter.page.quiet,
            protect_content=letter.page.protected,
            message_thread_id=letter.topic,
            reply_parameters=_reply(letter),
            reply_markup=_keys(letter.page.keys),
        )
        return await _told(sent)

    async def edit(self, chat: int, message: str, letter: Letter) -> None:
        """Turn a message into another of the same kind, as its key says."""
        number, keys = int(message.lstrip("pd")), _keys(letter.page.keys)
        if message[:1] == "p" and letter.page.picture is not None:
            media = InputMediaPhoto(letter.page.picture, caption=letter.words, parse_mode=_mode(letter))
            await _told(self._bot.edit_message_media(media, chat, number, reply_markup=keys))
        elif message[:1] in ("p", "d"):
            mode = _mode(letter)
            await _told(self._bot.edit_message_caption(chat, number, None, letter.words, keys, mode))
        else:
            await _told(
                self._bot.edit_message_text(
                    letter.words, chat, number, None, _mode(letter), link_preview_options=NO_PREVIEW, reply_markup=keys
                )
            )

    async def answer(self, query: str, text: str = "", *, alert: bool = False) -> None:
        """End the waiting of whoever pressed; `alert` stays until they close it."""
        await _told(self._answers.answer_callback_query(query, text or None, alert))

    async def react(self, chat: int, message: int, sign: str) -> None:
        """Put a sign under somebody's message."""
        await _told(self._bot.set_message_reaction(chat, message, [ReactionTypeEmoji(sign)]))

    async def pin(self, chat: int, message: int, *, on: bool) -> None:
        """Keep a message on top without a sound, or let it go."""
        if on:
            await _told(self._bot.pin_chat_message(chat, message, disable_notification=True))
        else:
            await _told(self._bot.unpin_chat_message(chat, message_id=message))

    async def is_admin(self, chat: int, who: int) -> bool:
        """Whether a member is an admin of a group: then it sees every message, whatever privacy mode says."""
        return (await _told(self._bot.get_chat_member(chat, who))).status in ("administrator", "creator")

    async def set_menu(
        self, rows: Sequence[tuple[str, str]], chat: int | None, language: str, user: int | None = None
    ) -> None:
        """Register the commands shown in a chat (None: everywhere else) to people of a language ("": all others).

        `user`: to this one person of a group. Without rows there is none any more: the wider one shows.
        """
        commands = [BotCommand(name, text) for name, text in rows]
        if commands:
            await _told(self._bot.set_my_commands(commands, _scope(chat, user), language or None))
        else:
            await _told(self._bot.delete_my_commands(_scope(chat, user), language or None))

    async def fetch(self, file_id: str) -> bytes:
        """A file that somebody uploaded; Telegram gives up to 20 MB."""
        file = await _told(self._bot.get_file(file_id))
        return bytes(await _told(file.download_as_bytearray()))


def _scope(chat: int | None, user: int | None) -> BotCommandScope:
    if chat is None:
        return BotCommandScopeDefault()
    return BotCommandScopeChat(chat) if user is None else BotCommandScopeChatMember(chat, user)


def _mode(letter: Letter) -> str | None:
    return HTML if letter.formatted else None


def _reply(letter: Letter) -> ReplyParameters | None:
    return ReplyParameters(letter.reply_to) if letter.reply_to is not None else None


def _keys(rows: Rows) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in rows]) if rows else None


def _button(key: Key) -> InlineKeyboardButton:
    if key.copies:
        return InlineKeyboardButton(key.label, copy_text=CopyTextButton(key.copies))
    return InlineKeyboardButton(key.label, callback_data=key.data, style=key.style or None)


async def _told(call: Awaitable[T]) -> T:
    """What a call gives; the library's errors become the shop's."""
    try:
        return await call
    except said.RetryAfter as error:
        raise Busy("chat_busy", retry_after_s=_seconds(error.retry_after)) from None
    except said.ChatMigrated as error:
        raise Migrated(error.new_chat_id) from None
    except said.Conflict as error:
        raise Conflict(error.message) from None
    except said.BadRequest as error:
        raise Rejected(reason_of(error.message), error.message) from None
    except said.Forbidden as error:
        raise Transient("chat_closed", reason=error.message) from None
    except said.InvalidToken:
        raise Transient("token_refused") from None
    except said.TelegramError as error:
        raise _lost(error) from None


def _seconds(length: int | timedelta) -> float:
    return length.total_seconds() if isinstance(length, timedelta) else float(length)


def _lost(error: said.TelegramError) -> Transient:
    """No answer, or none that can be read: whether the request arrived is known only when it surely never left."""
    cause = type(error.__cause__).__name__
    kind = cause if error.__cause__ is not None else type(error).__name__
    return Transient("chat_unreachable", reason=kind) if cause in NEVER_LEFT else MaybeSent("no_answer", reason=kind)
