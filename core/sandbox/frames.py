"""The small records of a seller's socket: chat lines, maps, summaries, tips, receipts (facts: Xianyu 1.8 to 1.10)."""

from core.sandbox.things import Account, Buyer, Chat, Item, Json, Message, Order
from core.sandbox.wire import WireRecord, pack, pack_json


def chat_url(chat: Chat, message_id: str) -> str:
    """The reminderUrl of a message, which carries the item."""
    return (
        f"fleamarket://message_chat?itemId={chat.item_id}&peerUserId={chat.buyer_id}"
        f"&sid={chat.chat_id}&messageId={message_id}&adv=no"
    )


def text_content(text: str) -> Json:
    """The content JSON of a chat text."""
    return {"atUsers": [], "contentType": 1, "text": {"text": text}}


def image_content(url: str) -> Json:
    """The content JSON of a picture."""
    return {
        "atUsers": [],
        "contentType": 2,
        "image": {"pics": [{"height": 1440, "type": 0, "url": url, "width": 1080}]},
    }


def tip_content(text: str) -> Json:
    """The content JSON of a system tip."""
    return {"contentType": 14, "tip": {"tip": text}}


def chat_extension(chat: Chat, sender_id: str, nick: str, text: str, message_id: str, platform: str) -> Json:
    """Key "10" of an ordinary chat line."""
    bare = f'"messageId":"{message_id}"'
    return {
        "_platform": platform,
        "bizTag": f'{{"sourceId":"S:1",{bare}}}',
        "detailNotice": text,
        "extJson": f'{{"quickReply":"1",{bare},"tag":"u"}}',
        "reminderContent": text,
        "reminderNotice": "发来一条新消息",
        "reminderTitle": nick,
        "reminderUrl": chat_url(chat, message_id),
        "senderUserId": sender_id,
        "senderUserType": "0",
        "sessionType": "1",
    }


def tip_extension(
    chat: Chat, account: Account, text: str, detail: str, message_id: str, content_type: int = 14
) -> Json:
    """Key "10" of a system tip or card; it carries the buyer as sender although nobody typed it."""
    kind = "MsgTips" if content_type == 14 else "MsgCard"
    return {
        "bizTag": '{"sourceId":"C2C:tip"}',
        "detailNotice": detail,
        "extJson": f'{{"msgArg1":"{kind}","messageId":"{message_id}","contentType":"{content_type}"}}',
        "receiver": account.unb,
        "reminderContent": text,
        "reminderNotice": "发来一条新消息",
        "reminderTitle": "交易消息",
        "reminderUrl": chat_url(chat, message_id),
        "senderUserId": chat.buyer_id,
        "senderUserType": "0",
        "sessionType": "1",
    }


def message_record(message: Message, kind: str, content_json: str, receiver: object = 0, *, nested: bool) -> WireRecord:
    """A whole message record; `nested` is the newer shape with one level more and no reminderUrl."""
    body = {
        "1": {"1": f"{message.sender_id}@goofish"},
        "2": f"{message.chat_id}@goofish",
        "3": message.pnm_id,
        "4": receiver,
        "5": message.created_ms,
        "6": {
            "1": 101,
            "3": {"1": "", "2": message.text, "3": "", "4": message.content["contentType"], "5": content_json},
        },
        "7": 2 if message.user_typed else 1,
        "8": 1,
        "9": 0,
        "10": message.extension,
        "12": 1,
    }
    push_wanted = "false" if message.content["contentType"] == 14 else "true"
    record: Json = {"1": body, "3": {"needPush": push_wanted}}
    if nested:
        body["10"] = {key: value for key, value in message.extension.items() if key != "reminderUrl"}
        record = {"1": {"1": body, "3": {"needPush": push_wanted}}}
    return WireRecord(kind, pack(record))


def summary_record(chat_id: str, reminder: str, now_ms: int) -> WireRecord:
    """The session's order-status line; its id is the chat's, never the buyer's."""
    record = {"1": f"{chat_id}@goofish", "2": 1, "3": {"redReminder": reminder, "redReminderStyle": "1"}, "4": now_ms}
    return WireRecord("summary", pack(record))


def order_map_record(order: Order, item: Item, account: Account, now_ms: int) -> WireRecord:
    """Chat to order, the best map there is."""
    facts = {
        "extUserId": order.buyer_id,
        "extUserType": "0",
        "itemFeatures": '{"idle_cat_leaf":"50023914"}',
        "itemId": order.item_id,
        "itemMainPic": "https://example.test/item.jpg",
        "itemSellerId": account.unb,
        "itemTitle": item.title,
        "orderId": order.order_id,
        "ownerUserId": account.unb,
        "ownerUserType": "0",
    }
    return WireRecord("map", pack({"1": f"{order.chat_id}@goofish", "2": 1, "3": facts, "4": now_ms}))


def arouse_record(chat: Chat, item: Item, account: Account, now_ms: int) -> WireRecord:
    """Chat to item, sent as plain base64 JSON when a conversation begins."""
    extensions = {
        "itemId": item.item_id,
        "itemTitle": item.title,
        "itemSellerId": account.unb,
        "ownerUserId": account.unb,
        "extUserId": chat.buyer_id,
    }
    session = {"createTime": now_ms, "extensions": extensions, "groupOwnerId": account.unb, "sessionId": chat.chat_id}
    operation = {
        "content": {"contentType": 8, "sessionArouse": {"sessionArouseInfo": {"chatScripInfo": []}}},
        "receiverIds": [account.unb],
        "sessionInfo": session | {"sessionType": 1, "type": 1},
    }
    record = {"chatType": 1, "incrementType": 1, "operation": operation, "sessionId": chat.chat_id}
    return WireRecord("arouse", pack_json(record), 370, 370000)


def typing_record(chat: Chat, account: Account) -> WireRecord:
    """Somebody is typing."""
    return WireRecord(
        "typing", pack({"1": [{"1": f"{chat.chat_id}@goofish", "2": 1, "3": 1, "4": f"{account.unb}@goofish"}]})
    )


def notice_record(chat: Chat, pnm_id: str, now_ms: int) -> WireRecord:
    """The light notice that a message exists."""
    return WireRecord("notice", pack({"1": f"{chat.chat_id}@goofish", "2": 1, "3": pnm_id, "4": str(now_ms)}))


def receipt_record(chat: Chat, pnm_ids: list[str], now_ms: int) -> WireRecord:
    """The buyer has read these messages; one id comes in the second of the two captured layouts."""
    if len(pnm_ids) == 1:
        single = {"1": pnm_ids[0], "2": 2, "3": 0, "4": f"{chat.chat_id}@goofish", "5": 1, "6": now_ms}
        return WireRecord("receipt", pack(single), 40103, 40103)
    batch = {"1": pnm_ids, "2": 2, "3": f"{chat.chat_id}@goofish", "4": 1, "5": str(now_ms)}
    return WireRecord("receipt", pack(batch))


def nick_of(buyers: dict[str, Buyer], user_id: str) -> str:
    """The nick shown beside a line."""
    return buyers[user_id].nick if user_id in buyers else "我"
