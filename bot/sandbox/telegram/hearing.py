"""What the bot is told of what happens around it: privacy mode, edits, memberships, reactions (facts: Telegram 3.2)."""

from collections.abc import Callable

from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.things import Chat, Kind, Message, Status
from bot.sandbox.telegram.wire import chat_json, member_json, message_json, user_json

Tell = Callable[[str, Json], None]


class Hearing:
    """Decides which updates reach the bot; `tell` queues one as it is."""

    def __init__(self, cloud: Cloud, tell: Tell) -> None:
        self._cloud = cloud
        self.tell = tell

    def message(self, message: Message, kind: str = "message") -> None:
        """Somebody said or edited something."""
        chat = self._cloud.chats[message.chat_id]
        if message.sender != self._cloud.bot.id and self._hears(chat, message):
            self.tell(kind, message_json(self._cloud, message))

    def _hears(self, chat: Chat, message: Message) -> bool:
        if chat.kind is Kind.private:
            return not chat.blocked
        bot = self._cloud.bot
        if not chat.has(bot.id):
            return bool(message.service.get("left_chat_member", {}).get("id") == bot.id)
        if chat.sees_all or chat.is_admin(bot.id) or message.service:
            return True
        replied = self._cloud.find_message(chat.id, message.reply_to)
        return (replied is not None and replied.sender == bot.id) or self._is_called(chat, message)

    def _is_called(self, chat: Chat, message: Message) -> bool:
        """A command names this bot, or names none and this bot was the last one to speak."""
        command = message.words.split(maxsplit=1)[0] if message.words.startswith("/") else ""
        _, at, name = command.partition("@")
        if at:
            return name.lower() == self._cloud.bot.username.lower()
        return bool(command) and chat.last_bot == self._cloud.bot.id

    def membership(self, chat: Chat, by: int, was: Status, now: Status, user: int | None = None) -> None:
        """Somebody's standing in a chat changed: `my_chat_member` for the bot itself, else `chat_member`."""
        cloud = self._cloud
        user = cloud.bot.id if user is None else user
        if user != cloud.bot.id and not chat.is_admin(cloud.bot.id):
            return
        members = {}
        for name, status in (("old_chat_member", was), ("new_chat_member", now)):
            before = Chat(chat.id, chat.kind, members={user: status})
            members[name] = member_json(cloud, before, user)
        change = {"chat": chat_json(cloud, chat), "from": user_json(cloud.users[by]), "date": cloud.now_s()}
        self.tell("my_chat_member" if user == cloud.bot.id else "chat_member", change | members)

    def reaction(self, message: Message, user: int, old: str, new: str) -> None:
        """Somebody reacted: heard in private chats and as an admin."""
        cloud, chat = self._cloud, self._cloud.chats[message.chat_id]
        if chat.kind is not Kind.private and not chat.is_admin(cloud.bot.id):
            return
        as_list = {"old_reaction": old, "new_reaction": new}
        body = {key: [{"type": "emoji", "emoji": one}] if one else [] for key, one in as_list.items()}
        facts = {"message_id": message.id, "date": cloud.now_s(), "user": user_json(cloud.users[user])}
        self.tell("message_reaction", {"chat": chat_json(cloud, chat), **facts, **body})

    def service(self, chat: Chat, by: int, **facts: object) -> Message:
        """A service message, such as `left_chat_member`, shown to people and told to the bot."""
        cloud = self._cloud
        message = Message(cloud.new_message_id(chat), chat.id, by, cloud.now_s(), service=facts)
        cloud.add(message)
        self.message(message)
        return message
