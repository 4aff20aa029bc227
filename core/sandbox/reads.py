"""The market's reading calls (facts: Xianyu 2.1)."""

from datetime import timedelta, timezone

from core.clock import from_ms
from core.sandbox.gate import NO_PERMISSION
from core.sandbox.lines import Lines
from core.sandbox.market import Market, Refusal
from core.sandbox.talks import NO_ITEM
from core.sandbox.things import (
    CLOSED,
    COMPLETED,
    PENDING_PAYMENT,
    PENDING_SHIP,
    REFUNDED,
    SHIPPED,
    Account,
    Item,
    Json,
    Order,
)
from core.sandbox.wire import APP_KEY

BEIJING = timezone(timedelta(hours=8))
TITLES = {
    PENDING_PAYMENT: "待付款",
    PENDING_SHIP: "待发货",
    SHIPPED: "已发货",
    COMPLETED: "交易成功",
    CLOSED: "交易关闭",
    REFUNDED: "退款成功",
}
CODES = {PENDING_PAYMENT: "1", PENDING_SHIP: "2", SHIPPED: "3", COMPLETED: "4", CLOSED: "6", REFUNDED: "6"}
PLAIN_PAGE = 20


def yuan(fen: int) -> str:
    """`3900` as `39.00`."""
    return f"{fen // 100}.{fen % 100:02d}"


def beijing(ms: int) -> str:
    """An instant as the platform prints it: Beijing time, no zone; empty when it has not happened."""
    return from_ms(ms).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if ms else ""


class Reads:
    """What a seller may ask."""

    def __init__(self, market: Market, lines: Lines) -> None:
        self._market = market
        self._lines = lines

    def login_token(self, account: Account, data: Json) -> Json:
        """An access token bound to the device; a dial lets it make the sockets deaf that are open now."""
        if data["appKey"] != APP_KEY or not data["deviceId"]:
            raise ValueError("appKey")
        if self._lines.live(account.name) and self._market.faults.strikes("deaf_after_renewal", account.name):
            self._lines.deafen(account.name)
        token = self._market.new_access_token(account, data["deviceId"])
        refresh = f"oauth_k1:{self._market.ids.hex(48)}"
        return {
            "accessToken": token,
            "accessTokenExpiredTime": str(self._market.access_token_ms),
            "refreshToken": refresh,
        }

    def login_user(self, account: Account, data: Json) -> Json:
        """Who is logged in."""
        del data
        return {"userId": account.unb, "nick": account.name}

    def item_detail(self, account: Account, data: Json) -> Json:
        """An item as anyone sees it; money in yuan, choices in fen."""
        del account
        item = self._market.items.get(str(data["itemId"]))
        if item is None:
            raise Refusal(NO_ITEM)
        return {"itemDO": _item_do(item), "sellerDO": {"sellerId": self._market.accounts[item.account].unb}}

    def item_list(self, account: Account, data: Json) -> Json:
        """The seller's items on sale, a page at a time."""
        if str(data["userId"]) != account.unb:
            return {"cardList": [], "nextPage": False}
        mine = [item for item in self._market.items.values() if item.account == account.name]
        first = (int(data["pageNumber"]) - 1) * int(data["pageSize"])
        page = mine[first : first + int(data["pageSize"])]
        return {"cardList": [_item_card(item) for item in page], "nextPage": first + len(page) < len(mine)}

    def order_detail(self, account: Account, data: Json) -> Json:
        """Everything about one order of this seller, or one it made as a buyer."""
        order = self._market.seen_order(account, data["tid"])
        peer = self._market.accounts[order.account].unb if order.account != account.name else order.buyer_id
        item = self._market.items[order.item_id]
        status = {"orderStatusInfo": {"title": _title(order)}, "orderStatusNodeList": _nodes(order)}
        components: list[Json] = [{"render": "orderStatusVO", "data": status}]
        if not item.virtual:
            address = {"name": "张三", "phoneNumber": "13800000000", "address": "浙江省杭州市余杭区某路1号"}
            components.append({"render": "addressInfoVO", "data": address})
        components.append({"render": "orderInfoVO", "data": self._order_info(order, item)})
        return {
            "itemId": order.item_id,
            "peerUserId": peer,
            "utArgs": {"orderStatus": CODES[order.status]},
            "components": components,
        }

    def _order_info(self, order: Order, item: Item) -> Json:
        times = [
            ("订单编号", order.order_id),
            ("下单时间", beijing(order.created_ms)),
            ("付款时间", beijing(order.paid_ms)),
        ]
        times += [("发货时间", beijing(order.shipped_ms)), ("买家昵称", self._market.buyers[order.buyer_id].nick)]
        item_info: Json = {"itemId": item.item_id, "title": item.title, "price": yuan(item.price_fen)}
        item_info["buyAmount"] = str(order.quantity)
        if order.spec:
            item_info["skuInfo"] = order.spec
        bills = [
            {"code": "ITEM_TOTAL_FEE", "value": yuan(order.amount_fen - item.postage_fen)},
            {"code": "POST_FEE", "value": yuan(item.postage_fen)},
        ]
        return {
            "buyerUserId": order.buyer_id,
            "itemInfo": item_info,
            "priceInfo": {"amount": {"value": yuan(order.amount_fen)}, "billList": bills},
            "orderInfoList": [{"title": title, "value": value} for title, value in times if value],
        }

    def sold_merchant(self, account: Account, data: Json) -> Json:
        """The sold list of a 鱼小铺; refused to anybody else."""
        if not account.merchant:
            raise Refusal(NO_PERMISSION)
        rows, page = int(data["rowsPerPage"]), int(data["pageNumber"])
        orders = self._market.list_orders(account.name)
        if data["queryCode"] == "NOT_SHIP":
            orders = [order for order in orders if order.status == PENDING_SHIP]
        shown = orders[(page - 1) * rows : page * rows]
        module = {
            "items": [self._merchant_row(order) for order in shown],
            "lastEndRow": str(page * rows),
            "nextPage": "true" if page * rows < len(orders) else "false",
            "totalCount": str(len(orders)),
        }
        return {"module": module}

    def _merchant_row(self, order: Order) -> Json:
        nick = self._market.buyers[order.buyer_id].nick
        common = {
            "createTime": beijing(order.created_ms),
            "itemId": order.item_id,
            "orderId": order.order_id,
            "orderStatus": TITLES[order.status],
            "paySuccessTime": beijing(order.paid_ms),
            "inRefund": "true" if order.refunding else "false",
        }
        return {
            "buyerInfoVO": {"buyerId": order.buyer_id, "userNick": nick},
            "commonData": common,
            "itemVO": {"title": self._market.items[order.item_id].title},
            "priceVO": {"totalPrice": yuan(order.amount_fen), "buyNum": str(order.quantity)},
            "rightVO": {"btnList": [{"tradeAction": "SKIP_PIN"}] if order.bargaining else []},
        }

    def sold_plain(self, account: Account, data: Json) -> Json:
        """The sold list of any seller: 20 rows from an offset; a dial makes it ignore its status filter."""
        orders, wanted = self._market.list_orders(account.name), data["orderStatus"]
        if wanted == "NOT_SHIP" and not self._market.faults.strikes("loose_filter"):
            orders = [order for order in orders if order.status == PENDING_SHIP]
        first = int(data["offsetRow"])
        return {"items": [self._plain_row(order) for order in orders[first : first + PLAIN_PAGE]]}

    def _plain_row(self, order: Order) -> Json:
        return {
            "bizOrderId": order.order_id,
            "auctionId": order.item_id,
            "buyerId": order.buyer_id,
            "buyerNick": self._market.buyers[order.buyer_id].nick,
            "auctionTitle": self._market.items[order.item_id].title,
            "totalFee": str(order.amount_fen),
            "buyAmount": str(order.quantity),
            "orderStatus": CODES[order.status],
        }

    def headinfo(self, account: Account, data: Json) -> Json:
        """The newest order of a chat about an item."""
        chat_id, item_id = str(data["sessionId"]), str(data["itemId"])
        for order in reversed(self._market.orders.values()):
            mine = order.account == account.name or order.buyer_id == account.unb
            if mine and order.chat_id == chat_id and order.item_id == item_id:
                return _head(order)
        return {"commonData": {}, "right": {"data": {"btnList": []}}}


def _head(order: Order) -> Json:
    buttons = []
    if order.status == PENDING_SHIP and not order.bargaining:
        buttons.append({"name": "去发货", "tradeAction": "LOGISTICS_SEND"})
    if order.refunding:
        buttons.append({"name": "处理退款", "tradeAction": "DEAL_REFUND"})
    return {"commonData": {"utArgs": {"orderId": order.order_id}}, "right": {"data": {"btnList": buttons}}}


def _title(order: Order) -> str:
    if order.refunding:
        return "退款中"
    return "待刀成" if order.bargaining and order.paid_ms else TITLES[order.status]


def _nodes(order: Order) -> list[Json]:
    done = {
        "已拍下": True,
        "已付款": bool(order.paid_ms),
        "待发货": bool(order.shipped_ms),
        "已发货": bool(order.shipped_ms),
        "交易成功": order.status == COMPLETED,
    }
    if order.bargaining:
        del done["待发货"]
    return [{"title": title, "completed": completed} for title, completed in done.items()]


def _item_do(item: Item) -> Json:
    return {
        "itemId": item.item_id,
        "title": item.title,
        "desc": item.desc,
        "soldPrice": yuan(item.price_fen),
        "quantity": item.quantity,
        "skuList": [_sku(sku.spec, sku.price_fen, item.quantity) for sku in item.skus],
    }


def _sku(spec: str, price_fen: int, quantity: int) -> Json:
    name, _, value = spec.rpartition(":")
    prop = {"propertyText": name or "规格", "valueText": value}
    return {"price": price_fen, "quantity": quantity, "propertyList": [prop]}


def _item_card(item: Item) -> Json:
    card = {
        "id": item.item_id,
        "title": item.title,
        "categoryId": "50023914",
        "auctionType": "b",
        "itemStatus": 0,
        "priceInfo": {"price": yuan(item.price_fen), "preText": "￥"},
        "picInfo": {"picUrl": "https://example.test/item.jpg"},
        "detailParams": {"itemId": item.item_id},
        "detailUrl": f"https://www.goofish.com/item?id={item.item_id}",
    }
    return {"cardType": 1, "cardData": card}
