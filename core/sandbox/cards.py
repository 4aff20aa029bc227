"""Order cards as the seller's socket shows them (facts: Xianyu 1.10, variants A and B)."""

from dataclasses import dataclass, replace

import orjson

from core.sandbox.frames import chat_url
from core.sandbox.things import Account, Chat, Item, Json, Order
from core.sandbox.wire import WireRecord, pack

H5 = "https://h5.m.goofish.com"
TEMPLATE = "https://dinamicx.alibabausercontent.com/pub/idlefish_message_trade_chat_card/1667222052767/idlefish_message_trade_chat_card.zip"

UPGRADE = f"{H5}/app/idleFish-F2e/fm-downlaod/home.html?noRedriect=true&canBack=true&checkVersion=true"
CHANNELS = {
    "huawei": "EXPRESS",
    "xiaomi": "108000",
    "oppo": "EXPRESS",
    "honor": "NORMAL",
    "agoo": "product",
    "vivo": "ORDER",
}


@dataclass(frozen=True)
class Card:
    """What tells one order card from another; an empty `event` leaves the order id out of the card."""

    title: str
    desc: str
    button: str
    button_url: str
    reminder: str
    event: str
    task: str
    notice: str
    role: str = "Seller"


def waiting_card(order: Order) -> Card:
    """Ordered, not yet paid."""
    url = f"fleamarket://adjust_price?flutter=true&bizOrderId={order.order_id}"
    title = "我已拍下，待付款"
    notice = "买家已拍下，待付款"
    return Card(
        title,
        "请双方沟通及时确认价格",
        "修改价格",
        url,
        "等待买家付款",
        "1_not_pay_seller",
        "已拍下_未付款_卖家",
        notice,
        "seller",
    )


def paid_card(order: Order, item: Item) -> Card:
    """Paid; goods that need no postage carry another button and code."""
    title, reminder = "我已付款，等待你发货", "等待卖家发货"
    base = f"{H5}/wow/moyu/moyu-project/idle-logistics/pages"
    if item.virtual:
        url = f"{base}/noPostageRequired?kun=true&opaque=false&orderId={order.order_id}"
        desc = "该笔订单无需邮寄，为避免交易纠纷，请提供相关交易凭证"
        task = "付款完成待发货_无需发货_卖家"
        return Card(title, desc, "去发货", url, reminder, "64:TRADE_PAID_DONE_SELLER:26", task, title)
    url = f"{base}/idleDeliver?kun=true&titleVisible=false&useCusFont=%27true%27&orderId={order.order_id}"
    desc = "请包装好商品，并按我在闲鱼上提供的地址发货"
    return Card(
        title, desc, "去发货", url, reminder, "63:TRADE_PAID_DONE_SELLER:26", "付款完成待发货_卖家-正向升级", desc
    )


def bargain_card(order: Order, item: Item) -> Card:
    """Paid within a group bargain that is not complete; nothing but its texts is captured."""
    title = "我已小刀，待刀成"
    return replace(paid_card(order, item), title=title, desc=title, reminder="待刀成", notice=title, event="")


def bargain_done_card(order: Order, item: Item) -> Card:
    """The group bargain is complete."""
    title = "我已成功小刀，待发货"
    return replace(paid_card(order, item), title=title, notice=title)


def price_card(order: Order) -> Card:
    """The seller changed the price of an unpaid order."""
    url = f"fleamarket://order_detail?id={order.order_id}&role=seller"
    title = "我已修改价格，等待你付款"
    return Card(
        title,
        "请确认价格与协商一致",
        "查看详情",
        url,
        "等待买家付款",
        "2:TRADE_MODIFY_FEE_SELLER:26",
        "修改价格待付款_卖家",
        title,
    )


def refund_card() -> Card:
    """The buyer asks for the money back; the captured card names no order, only the chat's map does."""
    return Card(
        "我发起了退款申请",
        "请及时处理",
        "去处理",
        "",
        "买家申请退款",
        "",
        "发起退款申请_卖家-新逆向url",
        "买家申请退款",
        "",
    )


def rated_card(order: Order) -> Card:
    """The buyer has rated."""
    url = f"fleamarket://order_detail?id={order.order_id}&role=Seller"
    return Card(
        "我完成了评价", "期待你的评价", "去评价", url, "", "10:BUYER_RATE_SELLER:26", "期待评价_卖家", "我完成了评价"
    )


def buyers_view(card: Card, order: Order) -> Card:
    """The same card as the buyer's socket shows it (S13, S27: role Buyer, task `…_买家`, event `…_BUYER`)."""
    url = f"fleamarket://order_detail?id={order.order_id}&role=Buyer"
    task, event = card.task.replace("_卖家", "_买家"), card.event.replace("SELLER", "BUYER").replace("seller", "buyer")
    return replace(card, button="查看详情", button_url=url, task=task, event=event, role="Buyer")


def card_content(card: Card, order: Order, message_id: str) -> Json:
    """The content JSON of a trade card."""
    args = {"task_id": f"T{message_id[:8]}", "source": "im", "msg_id": message_id}
    button = {
        "bgColor": "#FFE60F",
        "borderColor": "#FFE60F",
        "clickParam": {"arg1": "MsgCardAction", "args": args | {"button_text": card.button}},
        "fontColor": "#333333",
        "targetUrl": card.button_url,
        "text": card.button,
    }
    target = f"fleamarket://order_detail?id={order.order_id}&role={card.role}" if card.event else ""
    main = {
        "clickParam": {"arg1": "MsgCard", "args": args},
        "exContent": {
            "bgColor": "#FFFFFF",
            "button": button,
            "desc": card.desc,
            "descColor": "#A3A3A3",
            "title": card.title,
            "upgrade": {"targetUrl": UPGRADE, "version": "7.7.90"},
        },
        "targetUrl": target,
    }
    template = {"name": "idlefish_message_trade_chat_card", "url": TEMPLATE, "version": "1667222052767"}
    return {"contentType": 26, "dxCard": {"item": {"main": main}, "template": template}}


def _text(value: Json) -> str:
    return orjson.dumps(value).decode()


def update_key(card: Card, order: Order) -> str:
    """`<chat>:<order>:<code>:<EVENT>:26`."""
    return f"{order.chat_id}:{order.order_id}:{card.event}"


def card_extension(card: Card, order: Order, chat: Chat, account: Account, message_id: str) -> Json:
    """Key "10" of a trade card."""
    task_id = f"T{message_id[:8]}"
    ext: Json = {"msgArgs": {"task_id": task_id, "source": "im", "msg_id": message_id}, "quickReply": "1"}
    ext |= {"msgArg1": "MsgCard", "messageId": message_id, "contentType": "26"}
    ext |= {"multiChannel": CHANNELS, "correlationGroupId": f"{task_id}_{message_id[8:20]}"}
    if card.event:
        ext["updateKey"] = update_key(card, order)
    tag = {"sourceId": f"C2C:{task_id}", "taskName": card.task, "materialId": task_id, "taskId": task_id}
    extension = {
        "bizTag": _text(tag),
        "closePushReceiver": "false",
        "closeUnreadNumber": "false",
        "detailNotice": f"[{card.title}]",
        "extJson": _text(ext),
        "receiver": account.unb,
        "redReminder": card.reminder,
        "redReminderStyle": "1",
        "reminderContent": f"[{card.title}]",
        "reminderNotice": card.notice,
        "reminderTitle": card.notice,
        "reminderUrl": chat_url(chat, message_id),
        "senderUserId": order.buyer_id,
        "senderUserType": "0",
        "sessionType": "1",
        "updateHead": "true",
    }
    return extension if card.reminder else {key: extension[key] for key in extension if "redReminder" not in key}


def paid_update_record(order: Order, item: Item, now_ms: int) -> WireRecord:
    """The waiting card turns into a paid one in place (variant B)."""
    code = "64" if item.virtual else "63"
    button = {"targetUrl": f"fleamarket://order_detail?id={order.order_id}&role=seller", "text": "已付款"}
    changes = {
        "_CONTENT_MAP_UPDATE_PRE_dxCard.item.main.exContent.button": _text(button),
        "updateKey": f"{order.chat_id}:{order.order_id}:{code}:TRADE_PAID_DONE_SELLER:26",
        "reminderContent": "[我已付款，等待你发货]",
        "reminderUrl": f"fleamarket://message_chat?itemId={order.item_id}&peerUserId={order.buyer_id}",
    }
    record = {"1": order.card_pnm, "2": f"{order.chat_id}@goofish", "3": 1, "4": changes, "5": now_ms}
    return WireRecord("update", pack(record))
