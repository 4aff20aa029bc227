"""Things as the Bot API writes them."""

from bot.sandbox.serving import Json
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.things import Chat, Kind, Message, Press, Status, StoredFile, User

THUMB = 320


def user_json(user: User) -> Json:
    """`User`."""
    more = {"last_name": user.last_name, "username": user.username, "language_code": user.language_code}
    known = {key: value for key, value in more.items() if value}
    return {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name, **known}


def chat_json(cloud: Cloud, chat: Chat) -> Json:
    """`Chat`, as it stands in messages."""
    if chat.kind is Kind.private:
        person = user_json(cloud.users[chat.id])
        return {
            "id": chat.id,
            "type": "private",
            **{k: v for k, v in person.items() if k.endswith("name")},
        }
    forum = {"is_forum": True} if chat.is_forum else {}
    return {"id": chat.id, "type": str(chat.kind), "title": chat.title, **forum}


def member_json(cloud: Cloud, chat: Chat, user_id: int) -> Json:
    """`ChatMember`, with the rights that matter to a bot."""
    status = chat.status(user_id)
    member: Json = {"user": user_json(cloud.users[user_id]), "status": str(status)}
    if status is Status.creator:
        member["is_anonymous"] = user_id in chat.anonymous
    if status is Status.administrator:
        rights = ("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members",
                  "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories", "pin_messages",
                  "manage_topics")  # fmt: skip
        member |= {f"can_{right}": True for right in rights}
        member |= {"can_be_edited": False, "is_anonymous": user_id in chat.anonymous}
    if status is Status.restricted:
        member |= {"is_member": True, "can_send_messages": False, "until_date": 0}
    if status is Status.kicked:
        member["until_date"] = 0
    return member


def file_json(file: StoredFile) -> Json:
    """What every kind of file has."""
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def photo_json(file: StoredFile) -> list[Json]:
    """A photo's sizes, the original last."""
    whole = {**file_json(file), "width": file.width, "height": file.height}
    scale = THUMB / max(file.width, file.height)
    if scale >= 1:
        return [whole]
    small = {"width": max(1, round(file.width * scale)), "height": max(1, round(file.height * scale))}
    return [{**whole, **small, "file_unique_id": f"{file.unique_id}s"}, whole]


def message_json(cloud: Cloud, message: Message, *, deep: bool = True) -> Json:
    """`Message`; the message replied to is shown once, without what it replied to."""
    chat = cloud.chats[message.chat_id]
    body: Json = {"message_id": message.id, "date": message.date, "chat": chat_json(cloud, chat)}
    body["from"] = user_json(cloud.users[message.sender])
    if message.anonymous:
        body["sender_chat"] = chat_json(cloud, chat)
    if message.topic is not None:
        body |= {"message_thread_id": message.topic, "is_topic_message": True}
    body |= _content(message) | message.service
    optional = {
        "edit_date": message.edit_date,
        "forward_origin": message.forward,
        "reply_markup": message.markup,
        "has_protected_content": message.protected or None,
    }
    body |= {key: value for key, value in optional.items() if value is not None}
    original = cloud.find_message(chat.id, message.reply_to)
    if deep and original is not None:
        body["reply_to_message"] = message_json(cloud, original, deep=False)
    return body


def _content(message: Message) -> Json:
    body: Json = {}
    if message.photo is not None:
        body["photo"] = photo_json(message.photo)
    if message.document is not None:
        name = {"file_name": message.document.name, "mime_type": message.document.mime}
        body["document"] = {**file_json(message.document), **name}
    prefix = "caption" if body else "text"
    if message.words:
        body[prefix] = message.words
    if message.entities:
        body["caption_entities" if body.get("caption") else "entities"] = message.entities
    return body


def press_json(cloud: Cloud, press: Press) -> Json:
    """`CallbackQuery`."""
    message = cloud.messages[press.chat_id, press.message_id]
    return {
        "id": press.id,
        "from": user_json(cloud.users[press.user]),
        "message": message_json(cloud, message),
        "chat_instance": str(press.chat_id * 7919),
        "data": press.data,
    }
