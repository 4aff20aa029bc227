"""`order.detail` as the order record that shipping needs (facts: S72 and the can-ship rule)."""

from typing import NamedTuple

from core.outside.xianyu.amounts import fen_of, instant_of
from core.outside.xianyu.fields import (
    Fields,
    as_fields,
    as_id,
    fields_at,
    id_at,
    list_at,
    number_at,
    quantity_at,
    text_at,
)
from core.outside.xianyu.status import WAITING_FOR_GROUP, status_of_text
from core.values.ids import ItemId, OrderNo, UserId
from core.values.money import Fen
from core.values.orders import OrderRecord, PlatformStatus
from core.values.receivers import Receiver

_TO_SHIP_CODE = 2
_TO_SHIP, _GROUP_DONE = "待发货", "已刀成"
_AFTER_PAYMENT = (
    ("交易成功", PlatformStatus.completed),
    ("已发货", PlatformStatus.shipped),
    ("已付款", PlatformStatus.pending_ship),
    ("已拍下", PlatformStatus.pending_payment),
)


class Progress(NamedTuple):
    """How far an order is: its title, and each step with whether it is done."""

    title: str
    steps: dict[str, bool]
    code: int | None

    def done(self, step: str) -> bool:
        """Whether a step is there and done."""
        return self.steps.get(step, False)

    @property
    def waits_for_group(self) -> bool:
        """A bargain whose group is not complete."""
        return WAITING_FOR_GROUP in self.title or self.steps.get(WAITING_FOR_GROUP) is False

    @property
    def status(self) -> PlatformStatus | None:
        """What the title says; else the furthest step done; else the code (only 2, to be shipped, is known)."""
        if self.waits_for_group:
            return None
        said = status_of_text(self.title)
        reached = next((status for step, status in _AFTER_PAYMENT if self.done(step)), None)
        return said or reached or (PlatformStatus.pending_ship if self.code == _TO_SHIP_CODE else None)

    @property
    def can_ship(self) -> bool:
        """Paid, not shipped, and the platform waits for us: nothing less ships (law 4)."""
        awaited = _TO_SHIP in self.steps or _TO_SHIP in self.title or self.done(_GROUP_DONE)
        paid_only = self.done("已付款") and not self.done("已发货")
        return paid_only and awaited and self.status is PlatformStatus.pending_ship


def order_of_detail(order_no: OrderNo, data: Fields) -> OrderRecord:
    """The record of one order; parts are found by their `render`, facts that are missing stay None."""
    parts = {
        text_at(as_fields(part), "render"): fields_at(as_fields(part), "data") for part in list_at(data, "components")
    }
    progress = _progress(parts.get("orderStatusVO", {}), data)
    info = parts.get("orderInfoVO", {})
    item, prices = fields_at(info, "itemInfo"), fields_at(info, "priceInfo")
    lines = _titled(info)
    item_id = id_at(data, "itemId") or id_at(item, "itemId")
    buyer = id_at(info, "buyerUserId") or id_at(data, "peerUserId")
    return OrderRecord(
        order_no=order_no,
        status=progress.status,
        paid=progress.done("已付款"),
        shipped=progress.done("已发货"),
        can_ship=progress.can_ship,
        item_id=ItemId(item_id) if item_id else None,
        buyer_user_id=UserId(buyer) if buyer else None,
        buyer_nick=lines.get("买家昵称", ""),
        title=text_at(item, "title") or "",
        spec=_spec(item),
        quantity=quantity_at(item, "buyAmount"),
        unit_price_fen=fen_of(item.get("price")),
        amount_fen=fen_of(fields_at(prices, "amount").get("value")),
        postage_fen=_bill(prices, "POST_FEE"),
        ordered_at=instant_of(lines.get("下单时间")),
        paid_at=instant_of(lines.get("付款时间")),
        receiver=_receiver(parts.get("addressInfoVO", {})),
        in_refund=progress.status is PlatformStatus.refunding,
    )


def _receiver(data: Fields) -> Receiver | None:
    """Whom the parcel goes to (facts: S72, `addressInfoVO`); None unless there is an address."""
    address = text_at(data, "address")
    if not address:
        return None
    return Receiver(name=text_at(data, "name") or "", phone=text_at(data, "phoneNumber") or "", address=address)


def order_of_headinfo(data: Fields) -> OrderNo | None:
    """The present order of a chat about an item (facts: S75; the id stands in one of two places)."""
    common = fields_at(data, "commonData")
    order = id_at(common, "orderId") or id_at(fields_at(common, "utArgs"), "orderId")
    return OrderNo(order) if order else None


def _progress(status: Fields, data: Fields) -> Progress:
    nodes = [as_fields(node) for node in list_at(status, "orderStatusNodeList")]
    return Progress(
        title=text_at(fields_at(status, "orderStatusInfo"), "title") or "",
        steps={str(node.get("title")): node.get("completed") in (True, "true") for node in nodes},
        code=number_at(fields_at(data, "utArgs"), "orderStatus"),
    )


def _titled(info: Fields) -> dict[str, str]:
    rows = [as_fields(row) for row in list_at(info, "orderInfoList")]
    return {title: value for row in rows if (title := text_at(row, "title")) and (value := text_at(row, "value"))}


def _spec(item: Fields) -> str:
    """The chosen variant as `名:值`, wherever it is written."""
    name, value = text_at(item, "specName"), text_at(item, "specValue")
    return text_at(item, "skuInfo") or (f"{name}:{value}" if name and value else "")


def _bill(prices: Fields, code: str) -> Fen | None:
    bills = [as_fields(bill) for bill in list_at(prices, "billList")]
    return next((fen_of(bill.get("value")) for bill in bills if as_id(bill.get("code")) == code), None)
