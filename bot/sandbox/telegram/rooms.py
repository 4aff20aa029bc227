"""The methods about chats, their people and files: getMe, getChat, getChatMember, leaveChat, getFile, topics."""

from bot.sandbox.serving import Json
from bot.sandbox.telegram.access import find_chat, writable_chat
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import bad
from bot.sandbox.telegram.things import ADMINS, PRESENT, Chat, Kind, Message, Status, Topic
from bot.sandbox.telegram.wire import chat_json, file_json, member_json, message_json, user_json

MAX_DOWNLOAD = 20 * 1024 * 1024


class Rooms:
    """What a bot may ask about where it is."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def get_me(self, _: Params) -> Json:
        """`getMe`; `can_read_all_group_messages` is the privacy mode turned round."""
        return {
            **user_json(self._cloud.bot),
            "can_join_groups": True,
            "can_read_all_group_messages": not self._cloud.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def get_chat(self, params: Params) -> Json:
        """`getChat`, with the newest pinned message."""
        chat = find_chat(self._cloud, params)
        full: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
        pinned = self._cloud.find_message(chat.id, (chat.pinned or [0])[-1])
        if pinned is not None:
            full["pinned_message"] = message_json(self._cloud, pinned, deep=False)
        return chat_json(self._cloud, chat) | full

    def get_member(self, params: Params) -> Json:
        """`getChatMember`."""
        chat, user_id = find_chat(self._cloud, params), params.integer("user_id")
        if user_id not in self._cloud.users:
            raise bad("user not found")
        return member_json(self._cloud, chat, user_id)

    def get_admins(self, params: Params) -> list[Json]:
        """`getChatAdministrators`: people, not other bots."""
        chat = find_chat(self._cloud, params)
        if chat.kind is Kind.private:
            raise bad("there are no administrators in the private chat")
        return [member_json(self._cloud, chat, user) for user, status in chat.members.items() if status in ADMINS]

    def count_members(self, params: Params) -> int:
        """`getChatMemberCount`."""
        chat = find_chat(self._cloud, params)
        return sum(status in PRESENT for status in chat.members.values()) or 2

    def leave(self, params: Params) -> bool:
        """`leaveChat`."""
        chat = find_chat(self._cloud, params)
        if chat.kind is Kind.private:
            raise bad("chat can't be left")
        chat.members[self._cloud.bot.id] = Status.left
        self._cloud.touch()
        self._cloud.note("left", chat=chat.id)
        return True

    def create_topic(self, params: Params) -> Json:
        """`createForumTopic`."""
        chat, name = writable_chat(self._cloud, params), params.text("name") or ""
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if not chat.is_admin(self._cloud.bot.id):
            raise bad("not enough rights to create a topic")
        if not 1 <= len(name) <= 128:
            raise bad("topic name must be from 1 to 128 characters")
        self._cloud.pace.check(chat.id)
        topic = open_topic(self._cloud, chat, self._cloud.bot.id, name)
        return {"message_thread_id": topic.id, "name": name, "icon_color": 7322096}

    def get_file(self, params: Params) -> Json:
        """`getFile`: up to 20 MB."""
        file = self._cloud.files.get(params.text("file_id") or "")
        if file is None:
            raise bad("invalid file_id")
        if len(file.data) > MAX_DOWNLOAD:
            raise bad("file is too big")
        return {**file_json(file), "file_path": file.path}


_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def open_topic(cloud: Cloud, chat: Chat, user_id: int, name: str) -> Topic:
    """A new forum topic, with the service message whose id it takes."""
    message = Message(cloud.new_message_id(chat), chat.id, user_id, cloud.now_s())
    message.topic = message.id
    message.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    cloud.add(message)
    chat.topics[message.id] = Topic(message.id, name)
    cloud.note("topic_opened", chat=chat.id, topic=message.id, name=name)
    return chat.topics[message.id]
