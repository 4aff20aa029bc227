"""What people do in the pretend Telegram: the hands of a test, the demo and the page."""

import time

from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.formatting import Formatted, clean, with_commands
from bot.sandbox.telegram.hearing import Hearing
from bot.sandbox.telegram.things import ANONYMOUS_ADMIN, Chat, Kind, Message, Press, Status, User
from bot.sandbox.telegram.wire import press_json


class NotPossible(Exception):
    """A person cannot do that here; says why."""


class People:
    """Ids everywhere: a private chat with the bot has its person's id."""

    def __init__(self, cloud: Cloud, hearing: Hearing) -> None:
        self._cloud = cloud
        self._hearing = hearing

    def user(self, name: str, *, id: int | None = None, username: str = "", language: str = "zh") -> User:
        """Somebody with an account; who never pressed start cannot be written to."""
        user = User(id or self._cloud.new_user_id(), name, username=username, language_code=language)
        self._cloud.users[user.id] = user
        return user

    def start(self, user: int, payload: str = "") -> Message:
        """Press start in the private chat with the bot, the first time or again."""
        chat = self._cloud.chats.setdefault(user, Chat(user, Kind.private))
        if chat.blocked:
            self.unblock(user)
        return self.type(user, user, f"/start {payload}".strip())

    def block(self, user: int) -> None:
        """Block the bot."""
        self._set_blocked(user, blocked=True)

    def unblock(self, user: int) -> None:
        """Let it write again."""
        self._set_blocked(user, blocked=False)

    def _set_blocked(self, user: int, *, blocked: bool) -> None:
        chat = self._chat(user)
        was, now = (Status.kicked, Status.member) if chat.blocked else (Status.member, Status.kicked)
        if blocked != chat.blocked:
            chat.blocked = blocked
            self._hearing.membership(chat, user, was, now)

    def type(
        self,
        user: int,
        chat: int,
        text: str,
        *,
        reply_to: int | None = None,
        topic: int | None = None,
        anonymous: bool = False,
        forwarded_from: str | None = None,
    ) -> Message:
        """Send words; `forwarded_from` names whose words they were, `anonymous` hides an admin behind the group."""
        words = clean(text).strip()
        message = self._new(user, chat, reply_to, topic, anonymous=anonymous)
        message.words, message.entities = words, with_commands(Formatted(words))
        if forwarded_from is not None:
            message.forward = {"type": "hidden_user", "sender_user_name": forwarded_from, "date": message.date}
        return self._say(message, "typed")

    def upload(
        self,
        user: int,
        chat: int,
        name: str,
        data: bytes,
        *,
        caption: str = "",
        mime: str = "text/plain",
        as_photo: bool = False,
        reply_to: int | None = None,
        topic: int | None = None,
    ) -> Message:
        """Send a file, or a picture as a photo."""
        message = self._new(user, chat, reply_to, topic)
        message.words = clean(caption).strip()
        message.entities = with_commands(Formatted(message.words))
        file = self._cloud.store(name, mime, data, "photos" if as_photo else "documents")
        if as_photo and not file.width:
            raise NotPossible("a photo has to be a picture")
        message.photo, message.document = (file, None) if as_photo else (None, file)
        return self._say(message, "uploaded")

    def _new(
        self, user: int, chat_id: int, reply_to: int | None, topic: int | None, *, anonymous: bool = False
    ) -> Message:
        chat = self._chat(chat_id)
        if chat.kind is Kind.private and user != chat.id:
            raise NotPossible("that private chat is somebody else's")
        if chat.kind is not Kind.private and not chat.has(user):
            raise NotPossible("who is not in the group cannot write there")
        hidden = anonymous or user in chat.anonymous
        if hidden and not chat.is_admin(user):
            raise NotPossible("only an admin can be anonymous")
        sender = ANONYMOUS_ADMIN if hidden else user
        message = Message(self._cloud.new_message_id(chat), chat.id, sender, self._cloud.now_s())
        message.reply_to, message.topic, message.anonymous = reply_to, topic, hidden
        return message

    def _say(self, message: Message, kind: str) -> Message:
        self._cloud.add(message)
        self._cloud.note(kind, chat=message.chat_id, message=message.id, user=message.sender, text=message.words)
        self._hearing.message(message)
        return message

    def edit(self, user: int, chat: int, message: int, text: str) -> Message:
        """Change own words."""
        found = self._message(chat, message)
        if found.sender != user:
            raise NotPossible("only the own words can be edited")
        found.history.append({"words": found.words, "labels": []})
        found.words = clean(text).strip()
        found.entities = with_commands(Formatted(found.words))
        found.edit_date, found.version = self._cloud.now_s(), self._cloud.touch()
        self._hearing.message(found, "edited_message")
        return found

    def press(self, user: int, chat: int, message: int, label: str) -> Press:
        """Press the inline button whose label is, or else holds, these words."""
        found, room = self._message(chat, message), self._chat(chat)
        if room.kind is not Kind.private and not room.has(user):
            raise NotPossible("who is not in the group cannot press there")
        buttons = [one for one in found.buttons if one["text"] == label]
        buttons = buttons or [one for one in found.buttons if label in one["text"]]
        if not buttons:
            raise NotPossible(f"no button says {label!r}; there are {found.labels}")
        if "callback_data" not in buttons[0]:
            raise NotPossible(f"{label!r} asks the bot nothing")
        return self.press_data(user, chat, message, buttons[0]["callback_data"])

    def press_data(self, user: int, chat: int, message: int, data: str) -> Press:
        """Press with any data, as a forged client could."""
        found = self._message(chat, message)
        press = Press(self._cloud.new_query_id(), user, found.chat_id, found.id, data, time.monotonic())
        press.version = self._cloud.touch()
        self._cloud.presses[press.id] = press
        self._cloud.note("pressed", press=press.id, user=user, chat=chat, message=message, data=data)
        self._hearing.tell("callback_query", press_json(self._cloud, press))
        return press

    def react(self, user: int, chat: int, message: int, emoji: str) -> Message:
        """React; an empty emoji takes it back. A bot hears of it as an admin, if it asked."""
        found = self._message(chat, message)
        old = found.reactions.pop(user, "")
        if emoji:
            found.reactions[user] = emoji
        found.version = self._cloud.touch()
        self._hearing.reaction(found, user, old, emoji)
        return found

    def delete(self, chat: int, message: int) -> None:
        """Remove a message for everyone; bots are not told."""
        found = self._message(chat, message)
        found.deleted, found.version = True, self._cloud.touch()

    def _chat(self, chat: int) -> Chat:
        if chat not in self._cloud.chats:
            raise NotPossible(f"there is no chat {chat}; in a private one the person presses start first")
        return self._cloud.chats[chat]

    def _message(self, chat: int, message: int) -> Message:
        found = self._cloud.find_message(chat, message)
        if found is None:
            raise NotPossible(f"there is no message {message} in {chat}")
        return found
