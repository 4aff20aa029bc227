"""The pretend Telegram, whole: the Bot API, the people, and the control of both on one HTTP port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from starlette.routing import BaseRoute, Route

from bot.sandbox.faults import Dial, Faults
from bot.sandbox.record import Record
from bot.sandbox.serving import Serving
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.control import Control
from bot.sandbox.telegram.editing import Editing
from bot.sandbox.telegram.gate import Gate, Method
from bot.sandbox.telegram.groups import Groups
from bot.sandbox.telegram.hearing import Hearing
from bot.sandbox.telegram.menus import Menus
from bot.sandbox.telegram.page import Page
from bot.sandbox.telegram.people import People
from bot.sandbox.telegram.presses import Presses
from bot.sandbox.telegram.rooms import Rooms
from bot.sandbox.telegram.screen import Screen
from bot.sandbox.telegram.sending import Sending
from bot.sandbox.telegram.updates import Updates
from core.clock import Clock, SystemClock


class TelegramWorld:
    """`api_url` and `token` are what a bot is configured with; `people`, `groups` and `screen` play everybody else."""

    def __init__(self, clock: Clock, seed: int, record: Path | None, market: str | None = None) -> None:
        self.cloud = Cloud(clock, seed, record)
        self.menus = Menus(self.cloud)
        self.presses = Presses(self.cloud)
        self._closing = asyncio.Event()
        self.updates = Updates(self.cloud, self._closing)
        hearing = Hearing(self.cloud, self.updates.push)
        self.people = People(self.cloud, hearing)
        self.groups = Groups(self.cloud, hearing)
        self.screen = Screen(self.cloud, self.menus)
        self._page = Page(market)
        self._serving = Serving(self._routes())

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        port: int = 0,
        record: Path | None = None,
        market: str | None = None,
    ) -> AsyncIterator[Self]:
        """Serve while the block runs; port 0 takes any. The record's file outlives the world and is gone on with.

        `market` is the control address of a pretend marketplace whose buyers the page shows.
        """
        world = cls(clock or SystemClock(), seed, record, market)
        await world._serving.start(port)
        try:
            yield world
        finally:
            await world._stop()

    async def _stop(self) -> None:
        self._closing.set()
        self.updates.close()
        self.cloud.changed.ring()
        await self._serving.stop()
        await self._page.close()
        self.cloud.record.close()

    @property
    def api_url(self) -> str:
        """Where the Bot API is: `<api_url>/bot<token>/<method>` and `<api_url>/file/bot<token>/<path>`."""
        return self._serving.origin

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.cloud.token

    @property
    def bot_username(self) -> str:
        """The bot's name after the @."""
        return self.cloud.bot.username

    @property
    def record(self) -> Record:
        """Everything that really happened: sent, edited, answered, typed, pressed …"""
        return self.cloud.record

    @property
    def faults(self) -> Faults:
        """The dials; their names and meanings are `cloud.DIALS`."""
        return self.cloud.faults

    def fault(
        self, name: str, *, times: int | None = None, probability: float | None = None,
        on: str | None = None, by_s: float = 1.0,
    ) -> None:  # fmt: skip
        """Turn a dial, for one method or all."""
        self.faults.set(Dial(name, probability, times, on, by_s))

    def pacing(self, *, on: bool) -> None:
        """Whether the documented limits are kept; they are from the start."""
        self.cloud.pace.is_on = on

    def _routes(self) -> list[BaseRoute]:
        gate = Gate(self.cloud, self._methods())
        control = Control(self.cloud, self.updates, self.people, self.groups, self.screen, self._closing)
        return [
            Route("/bot{token}/{method}", gate.handle, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", gate.download, methods=["GET"]),
            *control.routes(),
            *self._page.routes(),
        ]

    def _methods(self) -> dict[str, Method]:
        sending, rooms, updates = Sending(self.cloud), Rooms(self.cloud), self.updates
        editing = Editing(self.cloud, sending)
        return {
            "getMe": rooms.get_me,
            "getUpdates": updates.get_updates,
            "setWebhook": updates.set_webhook,
            "deleteWebhook": updates.delete_webhook,
            "getWebhookInfo": updates.get_webhook_info,
            "sendMessage": sending.send_message,
            "sendPhoto": sending.send_photo,
            "sendDocument": sending.send_document,
            "sendChatAction": sending.send_chat_action,
            "editMessageText": editing.edit_text,
            "editMessageCaption": editing.edit_caption,
            "editMessageMedia": editing.edit_media,
            "editMessageReplyMarkup": editing.edit_markup,
            "deleteMessage": editing.delete,
            "pinChatMessage": editing.pin,
            "unpinChatMessage": editing.unpin,
            "setMessageReaction": editing.react,
            "answerCallbackQuery": self.presses.answer,
            "setMyCommands": self.menus.set,
            "getMyCommands": self.menus.get,
            "deleteMyCommands": self.menus.delete,
            "getChat": rooms.get_chat,
            "getChatMember": rooms.get_member,
            "getChatAdministrators": rooms.get_admins,
            "getChatMemberCount": rooms.count_members,
            "leaveChat": rooms.leave,
            "createForumTopic": rooms.create_topic,
            "getFile": rooms.get_file,
        }
