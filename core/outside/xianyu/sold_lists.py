"""The two sold lists as order records (facts: S73 for merchants, S74 for everybody)."""

from core.outside.xianyu.amounts import fen_of, instant_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, id_at, list_at, number_at, quantity_at, text_at
from core.outside.xianyu.status import status_of_text
from core.values.ids import ItemId, OrderNo, UserId
from core.values.money import MOST, Fen
from core.values.orders import OrderRecord, PlatformStatus

_TO_SHIP_CODE = 2
_SKIP_GROUP = "SKIP_PIN"
"""The button that skips a bargain's group: while it is there, the group is not complete."""
_SENT = frozenset({PlatformStatus.shipped, PlatformStatus.completed, PlatformStatus.rated})


def orders_of_merchant_list(data: Fields) -> tuple[list[OrderRecord], bool]:
    """The orders of one page of the merchant list, and whether there is another page."""
    module = fields_at(data, "module")
    rows = [_merchant_row(as_fields(row)) for row in list_at(module, "items")]
    return [row for row in rows if row is not None], module.get("nextPage") in (True, "true")


def orders_of_plain_list(data: Fields) -> tuple[list[OrderRecord], int]:
    """The orders to be shipped on one page of the plain list, and how many rows it had (its filter is not reliable).

    The list says "to be shipped" and no more: the detail, read before shipping, has the last word.
    """
    rows = list_at(data, "items")
    found = [_plain_row(as_fields(row)) for row in rows]
    return [row for row in found if row is not None], len(rows)


def _merchant_row(row: Fields) -> OrderRecord | None:
    common, price, buyer = fields_at(row, "commonData"), fields_at(row, "priceVO"), fields_at(row, "buyerInfoVO")
    order_no = id_at(common, "orderId")
    if order_no is None:
        return None
    paid_at = instant_of(common.get("paySuccessTime"))
    in_refund = common.get("inRefund") in (True, "true")
    said = status_of_text(text_at(common, "orderStatus") or "")
    item, user = id_at(common, "itemId"), id_at(buyer, "buyerId")
    return OrderRecord(
        order_no=OrderNo(order_no),
        status=PlatformStatus.refunding if in_refund else said,
        paid=paid_at is not None,
        shipped=said in _SENT,
        can_ship=said is PlatformStatus.pending_ship and paid_at is not None and not in_refund and not _waits(row),
        item_id=ItemId(item) if item else None,
        buyer_user_id=UserId(user) if user else None,
        buyer_nick=text_at(buyer, "userNick") or "",
        title=text_at(fields_at(row, "itemVO"), "title") or "",
        quantity=quantity_at(price, "buyNum"),
        amount_fen=fen_of(price.get("totalPrice")),
        ordered_at=instant_of(common.get("createTime")),
        paid_at=paid_at,
        in_refund=in_refund,
    )


def _waits(row: Fields) -> bool:
    buttons = list_at(fields_at(row, "rightVO"), "btnList")
    return any(as_fields(button).get("tradeAction") == _SKIP_GROUP for button in buttons)


def _plain_row(row: Fields) -> OrderRecord | None:
    order_no = id_at(row, "bizOrderId")
    if order_no is None or number_at(row, "orderStatus") != _TO_SHIP_CODE:
        return None
    item, user, cents = id_at(row, "auctionId"), id_at(row, "buyerId"), number_at(row, "totalFee")
    return OrderRecord(
        order_no=OrderNo(order_no),
        status=PlatformStatus.pending_ship,
        paid=True,
        shipped=False,
        can_ship=True,
        item_id=ItemId(item) if item else None,
        buyer_user_id=UserId(user) if user else None,
        buyer_nick=text_at(row, "buyerNick") or "",
        title=text_at(row, "auctionTitle") or "",
        quantity=quantity_at(row, "buyAmount"),
        amount_fen=Fen(cents) if cents is not None and 0 <= cents <= MOST else None,
    )
