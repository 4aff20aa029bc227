"""What people see in the pretend Telegram, and waiting for it."""

import asyncio
import re
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.menus import Menus
from bot.sandbox.telegram.things import Message, Press
from bot.sandbox.telegram.wire import chat_json, message_json, user_json

T = TypeVar("T")
WAIT_S = 10.0


class Screen:
    """Messages as they stand; `see…` and `answer` wait in real time and raise TimeoutError saying what was there."""

    def __init__(self, cloud: Cloud, menus: Menus) -> None:
        self._cloud = cloud
        self._menus = menus

    def messages(self, chat: int) -> list[Message]:
        """What the chat shows, oldest first."""
        return self._cloud.list_messages(chat)

    def from_bot(self, chat: int) -> list[Message]:
        """What the bot says there, oldest first."""
        return [one for one in self.messages(chat) if one.sender == self._cloud.bot.id]

    def menu(self, user: int, chat: int) -> list[Json]:
        """The commands a person is offered there."""
        return self._menus.shown_to(user, self._cloud.chats[chat])

    async def see(self, chat: int, pattern: str, *, after: int = 0, wait_s: float = WAIT_S) -> Message:
        """The newest message of the bot, with an id over `after`, whose words match."""

        def look() -> Message | None:
            shown = [one for one in self.from_bot(chat) if one.id > after]
            return next((one for one in reversed(shown) if re.search(pattern, one.words)), None)

        try:
            return await self.until(look, wait_s)
        except TimeoutError:
            words = [one.words for one in self.from_bot(chat) if one.id > after]
            raise TimeoutError(f"nobody saw {pattern!r} in {chat}, but {words[-5:]}") from None

    async def see_edit(self, message: Message, pattern: str, *, wait_s: float = WAIT_S) -> Message:
        """The same message, once its words match."""
        try:
            return await self.until(lambda: message if re.search(pattern, message.words) else None, wait_s)
        except TimeoutError:
            raise TimeoutError(f"the message never said {pattern!r}, but {message.words!r}") from None

    async def answer(self, press: Press, *, wait_s: float = WAIT_S) -> Json:
        """What the bot answered a press: `{"text", "show_alert"}`; an empty text only stops the spinner."""
        try:
            return await self.until(lambda: press.answer, wait_s)
        except TimeoutError:
            raise TimeoutError(f"nobody answered the press of {press.data!r}") from None

    async def until(self, look: Callable[[], T | None], wait_s: float = WAIT_S) -> T:
        """Look again whenever something changes, until there is something."""
        async with asyncio.timeout(wait_s):
            while True:
                bell = self._cloud.changed.next
                if (found := look()) is not None:
                    return found
                await bell.wait()

    def since(self, version: int) -> Json:
        """Everything a person could see that changed after a count of changes, for the page and other processes."""
        cloud = self._cloud
        messages = [one for one in cloud.messages.values() if one.version > version]
        presses = [one for one in cloud.presses.values() if one.version > version]
        return {
            "version": cloud.version,
            "bot": {"id": cloud.bot.id, "username": cloud.bot.username},
            "users": [user_json(user) for user in cloud.users.values()],
            "chats": [
                {
                    **chat_json(cloud, chat),
                    "pinned": chat.pinned,
                    "migrated": chat.migrated_to is not None,
                    "typing": chat.typing,
                    "topics": [{"id": one.id, "name": one.name} for one in chat.topics.values()],
                    "members": {str(user): str(status) for user, status in chat.members.items()},
                }
                for chat in cloud.chats.values()
            ],
            "messages": [self.shown(one) for one in messages],
            "presses": [
                {
                    "id": one.id,
                    "user": one.user,
                    "chat": one.chat_id,
                    "message": one.message_id,
                    "data": one.data,
                    "answer": one.answer,
                }
                for one in presses
            ],
            "calls": [call for call in cloud.calls if call["version"] > version],
        }

    def shown(self, message: Message) -> Json:
        """A message as the Bot API writes it, and what only eyes see: reactions, earlier words, that it is gone."""
        users = {str(user): emoji for user, emoji in message.reactions.items()}
        more = {"reactions": users, "history": message.history, "deleted": message.deleted, "silent": message.silent}
        return message_json(self._cloud, message) | more
