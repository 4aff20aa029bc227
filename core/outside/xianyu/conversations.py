"""Conversations and their history as the socket lists them (facts: S62, S25)."""

from core.clock import from_ms
from core.outside.xianyu.fields import Fields, as_fields, fields_at, id_at, instant_ms_at, list_at, text_at
from core.outside.xianyu.message import find_body, message_of_body
from core.values.ids import ChatNo, ItemId, UserId
from core.values.market import ChatMessage, Conversation


def conversations_of(body: Fields, me: UserId) -> list[Conversation]:
    """The conversations of one page, in its order; the platform's own sessions are left out."""
    rows = [fields_at(as_fields(row), "singleChatUserConversation") for row in list_at(body, "userConvs")]
    found = [_conversation(row, me) for row in rows]
    return [one for one in found if one is not None]


def oldest_ms(body: Fields) -> int | None:
    """The time of the last conversation of a page, also of one that is left out."""
    rows = [fields_at(as_fields(row), "singleChatUserConversation") for row in list_at(body, "userConvs")]
    return instant_ms_at(rows[-1], "modifyTime") if rows else None


def chat_of_reply(body: Fields) -> ChatNo | None:
    """The conversation that a create reply names."""
    inner = fields_at(body, "singleChatConversation") or fields_at(
        body, "singleChatUserConversation", "singleChatConversation"
    )
    chat = id_at(inner, "cid") or id_at(body, "cid")
    return ChatNo(chat) if chat else None


def message_of(push: Fields) -> ChatMessage | None:
    """One history message (as a push record) as a line of the conversation; None when it lacks its names or time."""
    message = message_of_body(find_body(push) or {})
    if not (message.chat_no and message.pnm_id and message.sender and message.ts_ms):
        return None
    return ChatMessage(
        chat_no=ChatNo(message.chat_no),
        pnm_id=message.pnm_id,
        sender_id=UserId(message.sender),
        text=message.text or "",
        sent_at=from_ms(message.ts_ms),
        user_authored=message.user_authored is True,
    )


def _conversation(row: Fields, me: UserId) -> Conversation | None:
    single = fields_at(row, "singleChatConversation")
    chat, changed_ms = id_at(single, "cid"), instant_ms_at(row, "modifyTime")
    pair = [id_at(single, "pairFirst"), id_at(single, "pairSecond")]
    other = next((user for user in pair if user and user != me), None)
    if chat is None or changed_ms is None or other is None:
        return None
    extension = fields_at(single, "extension")
    is_ours = (id_at(extension, "itemSellerId") or me) == me
    item = id_at(extension, "itemId")
    return Conversation(
        chat_no=ChatNo(chat),
        buyer_user_id=UserId(other) if is_ours else None,
        buyer_nick=_nick(fields_at(row, "lastMessage", "message"), other),
        item_id=ItemId(item) if item else None,
        item_title=text_at(extension, "itemTitle") or "",
        changed_at=from_ms(changed_ms),
    )


def _nick(last: Fields, other: str) -> str:
    """The other's nick, when they said the last words. A card (`[…]`) has its own title where the nick would be."""
    extension = fields_at(last, "extension")
    summary = text_at(fields_at(last, "content", "custom"), "summary") or "["
    if id_at(extension, "senderUserId") != other or summary.startswith("["):
        return ""
    return text_at(extension, "reminderTitle") or ""
