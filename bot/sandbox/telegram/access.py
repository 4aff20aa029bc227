"""Which chat a method means, and whether the bot may write there."""

from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusal import Refusal, bad, forbidden
from bot.sandbox.telegram.things import Chat, Kind, Message, Status


def find_chat(cloud: Cloud, params: Params) -> Chat:
    """The chat of `chat_id`; Refusal when there is none, it has moved, or the bot is not in it."""
    raw = params.values.get("chat_id")
    if raw is None or raw == "":
        raise bad("chat_id is empty")
    try:
        chat_id = int(raw)
    except (TypeError, ValueError):
        raise bad("chat not found") from None
    chat = cloud.chats.get(chat_id)
    if chat is None:
        raise _unknown(cloud, chat_id)
    if chat.migrated_to is not None:
        raise bad("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})
    if chat.kind is not Kind.private and not chat.has(cloud.bot.id):
        raise _outside(cloud, chat)
    return chat


def _unknown(cloud: Cloud, chat_id: int) -> Refusal:
    """A person the bot has met in a group but who never pressed start, or nobody at all."""
    met = any(chat.has(cloud.bot.id) and chat.has(chat_id) for chat in cloud.chats.values())
    return forbidden("bot can't initiate conversation with a user") if met else bad("chat not found")


def _outside(cloud: Cloud, chat: Chat) -> Refusal:
    name = "supergroup" if chat.kind is Kind.supergroup else "group"
    if chat.status(cloud.bot.id) is Status.kicked:
        return forbidden(f"bot was kicked from the {name} chat")
    if cloud.bot.id in chat.members:
        return forbidden(f"bot is not a member of the {name} chat")
    return bad("chat not found")


def writable_chat(cloud: Cloud, params: Params) -> Chat:
    """A chat the bot may write into now."""
    chat = find_chat(cloud, params)
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.status(cloud.bot.id) is Status.restricted:
        raise bad("not enough rights to send text messages to the chat")
    return chat


def find_own(cloud: Cloud, chat: Chat, params: Params, verb: str) -> Message:
    """The bot's message that a method wants to edit."""
    message = find_any(cloud, chat, params, verb)
    if message.sender != cloud.bot.id or message.service:
        raise bad(f"message can't be {verb}ed")
    return message


def find_any(cloud: Cloud, chat: Chat, params: Params, verb: str) -> Message:
    """Any message of the chat, by `message_id`."""
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad("message identifier is not specified")
    message = cloud.find_message(chat.id, message_id)
    if message is None:
        raise bad(f"message to {verb} not found")
    return message


def find_topic(chat: Chat, params: Params, cloud: Cloud) -> int | None:
    """The forum topic to write into; None is the general one."""
    topic_id = params.integer("message_thread_id")
    if topic_id is None:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and not chat.is_admin(cloud.bot.id):
        raise bad("TOPIC_CLOSED")
    return topic_id


def find_reply(cloud: Cloud, chat: Chat, params: Params) -> int | None:
    """The message to be replied, None for none, or for one that is gone and may be."""
    wish = params.json("reply_parameters") or {
        "message_id": params.integer("reply_to_message_id"),
        "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
    }
    if not isinstance(wish, dict):
        raise bad("can't parse reply parameters JSON object")
    if not wish.get("message_id"):
        return None
    message_id = Params(wish).integer("message_id")
    if cloud.find_message(chat.id, message_id) is not None:
        return message_id
    if wish.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")
