"""What happens to groups: who comes and goes, what the bot is there, topics, names, moves."""

from collections.abc import Iterable

from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.hearing import Hearing
from bot.sandbox.telegram.people import NotPossible
from bot.sandbox.telegram.rooms import open_topic
from bot.sandbox.telegram.things import Chat, Kind, Message, Status, Topic, User
from bot.sandbox.telegram.wire import user_json


class Groups:
    """Groups by id. Whoever is not named as the doer is the group's creator."""

    def __init__(self, cloud: Cloud, hearing: Hearing) -> None:
        self._cloud = cloud
        self._hearing = hearing

    def create(
        self,
        title: str,
        owner: int,
        *,
        admins: Iterable[int] = (),
        members: Iterable[int] = (),
        bot: Status | None = Status.administrator,
        forum: bool = False,
        basic: bool = False,
    ) -> Chat:
        """A supergroup, or a basic group; `bot` is what the bot is made there, None leaves it out."""
        kind = Kind.group if basic else Kind.supergroup
        chat = Chat(self._cloud.new_chat_id(kind), kind, title, is_forum=forum)
        chat.members = {owner: Status.creator}
        chat.members |= dict.fromkeys(admins, Status.administrator) | dict.fromkeys(members, Status.member)
        self._cloud.chats[chat.id] = chat
        if bot is not None:
            self.set_bot(chat.id, Status.member)
        if bot not in (None, Status.member):
            self.set_bot(chat.id, bot)
        return chat

    def set_bot(self, chat: int, status: Status, *, by: int | None = None) -> None:
        """Add, promote, restrict, kick or take away the bot; joining fixes what its privacy mode hears."""
        self.set_member(chat, self._cloud.bot.id, status, by=by)

    def set_member(self, chat: int, user: int, status: Status, *, by: int | None = None) -> None:
        """The same for anybody."""
        room = self._group(chat)
        actor, was, is_bot = by or _creator(room), room.status(user), user == self._cloud.bot.id
        there = room.has(user)
        room.members[user] = status
        if is_bot and room.has(user) and not there:
            room.sees_all = not self._cloud.privacy
        if is_bot or was is not status:
            self._hearing.membership(room, actor, was, status, user)
        person = user_json(self._cloud.users[user])
        if room.has(user) and not there:
            self._hearing.service(room, actor, new_chat_members=[person])
        if there and not room.has(user):
            self._hearing.service(room, actor, left_chat_member=person)
        self._cloud.touch()

    def set_anonymous(self, chat: int, user: int, *, on: bool = True) -> None:
        """An admin writes as the group from now on."""
        room = self._group(chat)
        if on:
            room.anonymous.add(user)
        else:
            room.anonymous.discard(user)

    def set_privacy(self, *, on: bool) -> None:
        """Switch the bot's privacy mode; groups notice when the bot is added again (facts: Telegram 3.2)."""
        self._cloud.privacy = on

    def rename(self, chat: int, title: str) -> None:
        """Give the group another name."""
        room = self._group(chat)
        room.title = title
        self._hearing.service(room, _creator(room), new_chat_title=title)

    def topic(self, chat: int, name: str) -> Topic:
        """Open a forum topic."""
        room = self._group(chat)
        if not room.is_forum:
            raise NotPossible("only a forum has topics")
        topic = open_topic(self._cloud, room, _creator(room), name)
        self._hearing.message(self._cloud.messages[chat, topic.id])
        return topic

    def close_topic(self, chat: int, topic: int) -> None:
        """Only admins write there from now on."""
        self._group(chat).topics[topic].closed = True

    def delete_topic(self, chat: int, topic: int) -> None:
        """The topic and what was said in it are gone."""
        del self._group(chat).topics[topic]
        for message in self._cloud.list_messages(chat):
            if message.topic == topic:
                message.deleted, message.version = True, self._cloud.touch()

    def migrate(self, chat: int) -> Chat:
        """A basic group becomes a supergroup with another id; both say so, and the old one is closed."""
        old = self._group(chat)
        if old.kind is not Kind.group:
            raise NotPossible("only a basic group becomes a supergroup")
        new = Chat(self._cloud.new_chat_id(Kind.supergroup), Kind.supergroup, old.title)
        new.members, new.sees_all, new.anonymous = dict(old.members), old.sees_all, set(old.anonymous)
        self._cloud.chats[new.id] = new
        self._hearing.service(old, _creator(old), migrate_to_chat_id=new.id)
        self._hearing.service(new, _creator(old), migrate_from_chat_id=old.id)
        old.migrated_to = new.id
        return new

    def other_bot_speaks(self, chat: int, text: str) -> Message:
        """Another bot says something: this bot never sees it, and is no longer the last one to have spoken."""
        room = self._group(chat)
        other = User(self._cloud.new_user_id(), "另一个机器人", username="another_bot", is_bot=True)
        self._cloud.users[other.id] = other
        room.last_bot = other.id
        id_ = self._cloud.new_message_id(room)
        return self._cloud.add(Message(id_, room.id, other.id, self._cloud.now_s(), text))

    def _group(self, chat: int) -> Chat:
        room = self._cloud.chats.get(chat)
        if room is None or room.kind is Kind.private or room.migrated_to is not None:
            raise NotPossible(f"there is no group {chat}")
        return room


def _creator(chat: Chat) -> int:
    return next(user for user, status in chat.members.items() if status is Status.creator)
