"""An account's orders and items over the web API: what is true, and the two ways to ship."""

from core.errors import Refused
from core.outside.ports import MOST_ITEMS
from core.outside.xianyu import apis
from core.outside.xianyu.fields import Fields, fields_at, id_at, list_at, number_at
from core.outside.xianyu.items import item_of_detail, items_of_list
from core.outside.xianyu.login import Login
from core.outside.xianyu.mtop import Mtop
from core.outside.xianyu.order_detail import order_of_detail, order_of_headinfo
from core.outside.xianyu.ret import is_already_shipped, is_missing, is_no_permission
from core.outside.xianyu.sold_lists import orders_of_merchant_list, orders_of_plain_list
from core.values.ids import ChatNo, ItemId, OrderNo
from core.values.orders import OrderRecord
from core.values.products import ItemRecord

_PAGE_ROWS = 20
_MOST_PAGES = 25
_BY_PARCEL = "OFFLINE_CONSIGN"
_ON_SALE_GROUP = "58877261"


class Trades:
    """Reads and ships. A refusal "not found" gives None; everything else is an error of core/errors."""

    def __init__(self, mtop: Mtop, login: Login) -> None:
        self._mtop = mtop
        self._login = login

    async def find_order(self, order_no: OrderNo) -> OrderRecord | None:
        """The platform's record of an order that this account sold; what it bought itself is none of ours."""
        try:
            record = order_of_detail(order_no, await self._mtop.call(apis.ORDER_DETAIL, {"tid": order_no}))
        except Refused as error:
            if not is_missing(error):
                raise
            return None
        return None if record.buyer_user_id == self._login.user_id else record

    async def find_order_of_chat(self, chat_no: ChatNo, item_id: ItemId) -> OrderNo | None:
        """The present order of a chat about an item."""
        asked: Fields = {
            "itemId": item_id,
            "sessionId": number_at({"": chat_no}, "") or chat_no,
            "sessionType": 1,
        }
        try:
            return order_of_headinfo(await self._mtop.call(apis.HEADINFO, asked))
        except Refused as error:
            if not is_missing(error):
                raise
            return None

    async def list_sold(self) -> tuple[OrderRecord, ...]:
        """The orders that wait to be shipped, newest first: by the merchant list, else by the plain one.

        Without a merchant shop (鱼小铺) the first list is refused; that is kept with the login and asked again after a
        day, or when the owner says so.
        """
        if self._login.is_plain:
            return await self._list_plain()
        try:
            found = await self._list_merchant()
        except Refused as error:
            if not is_no_permission(error):
                raise
            await self._login.take_plain(plain=True)
            return await self._list_plain()
        await self._login.take_plain(plain=False)
        return found

    async def find_item(self, item_id: ItemId) -> ItemRecord | None:
        """The platform's record of an item."""
        try:
            return item_of_detail(item_id, await self._mtop.call(apis.ITEM_DETAIL, {"itemId": item_id}))
        except Refused as error:
            if not is_missing(error):
                raise
            return None

    async def list_items(self) -> tuple[ItemRecord, ...]:
        """The account's items on sale, MOST_ITEMS at most: then there may be more."""
        found: dict[ItemId, ItemRecord] = {}
        for number in range(1, _MOST_PAGES + 1):
            page, cards = items_of_list(await self._mtop.call(apis.ITEM_LIST, self._item_page(number)))
            fresh = {item.item_id: item for item in page if item.item_id not in found}
            found |= fresh
            if cards < _PAGE_ROWS or not fresh:
                break
        return tuple(found.values())[:MOST_ITEMS]

    async def ship_virtual(self, order_no: OrderNo) -> None:
        """Ship without a parcel; already shipped counts as done, so asking twice does no harm."""
        asked: Fields = {
            "orderId": order_no,
            "tradeText": "",
            "picList": "[]",
            "newUnconsign": True,
            "source": "normal",
        }
        try:
            await self._mtop.call(apis.CONSIGN_DUMMY, asked)
        except Refused as error:
            _pass_if_shipped(error)

    async def ship_parcel(self, order_no: OrderNo, carrier_code: str, tracking_no: str) -> None:
        """Ship with a carrier and its number, from the address the platform has of us."""
        asked: Fields = {"orderId": order_no, "mailNo": tracking_no, "cpCode": carrier_code, "brandCode": carrier_code}
        try:
            address_id = await self._sender_address(order_no)
            await self._mtop.call(apis.CONSIGN_OFFLINE, {**asked, "addressId": address_id})
        except Refused as error:
            _pass_if_shipped(error)

    async def _sender_address(self, order_no: OrderNo) -> str:
        offered = await self._mtop.call(apis.CONSIGN_RENDER, {"orderId": order_no, "pageSource": "idleDelivery"})
        kinds = list_at(offered, "idleLogisticTypes")
        if kinds and _BY_PARCEL not in kinds:
            raise Refused("no_parcel_offered", order_no=order_no)
        address_id = id_at(fields_at(offered, "senderAddressInfo"), "addressId")
        if address_id is None:
            raise Refused("no_sender_address")
        return address_id

    async def _list_merchant(self) -> tuple[OrderRecord, ...]:
        found: dict[OrderNo, OrderRecord] = {}
        for number in range(1, _MOST_PAGES + 1):
            page, more = orders_of_merchant_list(await self._mtop.call(apis.SOLD_MERCHANT, _merchant_page(number)))
            found |= {order.order_no: order for order in page}
            if not more:
                break
        return tuple(found.values())

    async def _list_plain(self) -> tuple[OrderRecord, ...]:
        found: dict[OrderNo, OrderRecord] = {}
        first = 0
        for _ in range(_MOST_PAGES):
            asked: Fields = {"orderStatus": "NOT_SHIP", "offsetRow": first}
            page, rows = orders_of_plain_list(await self._mtop.call(apis.SOLD_PLAIN, asked))
            found |= {order.order_no: order for order in page}
            if rows < _PAGE_ROWS:
                break
            first += rows
        return tuple(found.values())

    def _item_page(self, number: int) -> Fields:
        group = {"groupName": "在售", "groupId": _ON_SALE_GROUP, "defaultGroup": True, "needGroupInfo": False}
        return {**group, "pageNumber": number, "pageSize": _PAGE_ROWS, "userId": self._login.user_id}


def _merchant_page(number: int) -> Fields:
    return {
        "pageNumber": number,
        "rowsPerPage": _PAGE_ROWS,
        "orderIds": "",
        "queryCode": "NOT_SHIP",
        "orderSearchParam": "{}",
    }


def _pass_if_shipped(error: Refused) -> None:
    if not is_already_shipped(error):
        raise error
