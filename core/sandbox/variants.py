"""The rarer shapes of a seller's frames (facts: Xianyu 1.8, 1.10: variants D, F, G, H, types 6, 7, `operation`).

None of D, G, H and the `operation` chat line was captured whole: their frames are built around the key paths and texts
the facts name, in the envelope of the captured ones.
"""

import orjson

from core.sandbox.cards import Card, card_content, card_extension
from core.sandbox.frames import chat_url
from core.sandbox.things import Account, Chat, Item, Json, Message, Order
from core.sandbox.wire import WireRecord, pack, pack_json

WORKBENCH_CHAT = "10000000028"
"""The session of the seller's workbench: no conversation with a buyer."""
RATE_TITLE = "快给ta一个评价吧～"
SIGNED_TITLE = '<strong><font color="#000000" fontFamily="xianyubeta">物流已签收</font></strong>'


def changed_card_record(card: Card, order: Order, chat: Chat, account: Account, now_ms: int) -> WireRecord:
    """Variant D: the card that was sent before, changed in place by a message of content type 32 under the same ids."""
    shown = card_content(card, order, order.card_pnm)
    content = {"contentType": 32, "dynamicOperation": {"changeContent": {"dxCard": shown["dxCard"]}}}
    extension = card_extension(card, order, chat, account, order.card_pnm)
    body = _body(order.buyer_id, order.chat_id, order.card_pnm, now_ms, content, f"[{card.title}]", extension)
    return WireRecord("change", pack({"1": body, "3": {"needPush": "false"}}))


def flat_paid_record(order: Order, chat: Chat) -> WireRecord:
    """Variant G: the flattened notice of a payment, which names no order and has no instant."""
    record = {
        "reminderContent": "[已付款，待发货]",
        "reminderTitle": "买家已付款",
        "senderUserId": order.buyer_id,
        "reminderUrl": chat_url(chat, order.card_pnm),
    }
    return WireRecord("flat", pack(record))


def workbench_record(order: Order, account: Account, pnm_id: str, text: str, now_ms: int, *, named: bool) -> WireRecord:
    """Variant H: a card in the workbench's session (type 28, session type 53); whether its link names the order is not
    certain, so both are sent.
    """
    target = f"fleamarket://order_detail?id={order.order_id}&role=seller" if named else ""
    content = {
        "contentType": 28,
        "dxCard": {"item": {"main": {"exContent": {"title": text}, "targetUrl": target}}},
    }
    extension = {
        "reminderContent": text,
        "reminderTitle": "卖家工作台",
        "detailNotice": text,
        "receiver": account.unb,
        "senderUserId": WORKBENCH_CHAT,
        "sessionType": "53",
        "extJson": '{"contentType":"28"}',
    }
    body = _body(WORKBENCH_CHAT, WORKBENCH_CHAT, pnm_id, now_ms, content, text, extension)
    return WireRecord("workbench", pack({"1": body, "3": {"needPush": "true"}}))


def rate_content() -> Json:
    """Variant F: the platform asks for a rating (type 25), which says that the trade is complete (S27)."""
    button = {"text": "去评价", "targetUrl": "https://h5.m.goofish.com/wow/moyu/evaluate"}
    inner = {"title": RATE_TITLE, "subTitle": "交易体验还满意吗？评价帮更多人选购", "button": button}
    return {"contentType": 25, "dxCard": {"item": {"main": {"exContent": inner, "targetUrl": ""}}}}


def signed_content(order: Order) -> Json:
    """A text card (type 6): the parcel was signed for; no state of the order (S27)."""
    link = f'<a size=13 href="fleamarket://order_detail?id={order.order_id}&role=Seller" target="_blank">查看详情</a>'
    content = f'<strong><font color="#999999">3天后自动确认收货，如有问题可延长收货 {link}</font></strong>'
    return {"contentType": 6, "textCard": {"title": SIGNED_TITLE, "content": content}}


def item_card_content(item: Item) -> Json:
    """An item somebody shows in a chat (type 7; S27, made)."""
    card = {
        "itemId": item.item_id,
        "title": item.title,
        "price": f"{item.price_fen / 100:.2f}",
        "mainPic": "https://example.test/item.jpg",
        "targetUrl": f"fleamarket://item?id={item.item_id}",
    }
    return {"contentType": 7, "itemCard": card}


def operation_record(message: Message, nick: str) -> WireRecord:
    """A chat line in the base64 JSON family (facts: "Other format")."""
    content = message.content | {"reminder": {"reminderTitle": nick, "reminderContent": message.text}}
    operation = {
        "content": content,
        "messageId": message.pnm_id,
        "createTime": message.created_ms,
        "senderInfo": {"senderUserId": message.sender_id},
        "sessionInfo": {"sessionId": message.chat_id, "sessionType": 1, "type": 1},
    }
    record = {"chatType": 1, "incrementType": 1, "operation": operation, "sessionId": message.chat_id}
    return WireRecord("message", pack_json(record), 370, 370000)


def _body(
    sender: str, chat_id: str, pnm_id: str, now_ms: int, content: Json, summary: str, extension: Json
) -> dict[str, object]:
    """A message of the platform's own ("7" is 1)."""
    custom = {"1": "", "2": summary, "3": "", "4": content["contentType"], "5": orjson.dumps(content).decode()}
    return {
        "1": {"1": f"{sender}@goofish"},
        "2": f"{chat_id}@goofish",
        "3": pnm_id,
        "4": 0,
        "5": now_ms,
        "6": {"1": 101, "3": custom},
        "7": 1,
        "8": 1,
        "9": 0,
        "10": extension,
        "12": 1,
    }
