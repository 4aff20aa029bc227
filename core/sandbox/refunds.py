"""The market's refund calls (facts: Xianyu 2.1 and 2.2; agreeing to one is the app's alone).

What stands in them was seen in one or two clients, never on the live platform: parts by their `render`, the data one
level deeper. The words of the reasons and of the refusals are ours, no source has captured them.
"""

import orjson

from core.sandbox.market import Market, Refusal
from core.sandbox.reads import beijing, yuan
from core.sandbox.things import REFUNDED, Account, Json, Order
from core.sandbox.trades import Trades

NO_REFUND = "FAIL_BIZ_REFUND_NOT_FOUND::退款不存在"
WRONG_REASON = "FAIL_BIZ_REFUSE_REASON_ERROR::拒绝原因错误"
IS_OVER = "FAIL_BIZ_REFUND_STATUS_ERROR::退款状态已变更"
REASONS = {"101": "已经发货，买家需先退货", "102": "商品与描述一致", "103": "与买家协商一致不退款"}


class Refunds:
    """What a seller may ask of, and answer to, a buyer's request."""

    def __init__(self, market: Market, trades: Trades) -> None:
        self._market = market
        self._trades = trades

    def detail(self, account: Account, data: Json) -> Json:
        """The newest request of an order; `refundId` is given and may be empty."""
        order = self._market.own_order(account, data["orderId"])
        if not order.refund_id or data["refundId"] not in ("", order.refund_id):
            raise Refusal(NO_REFUND)
        info = {
            "refundId": order.refund_id,
            "refundType": "仅退款",
            "refundReason": order.refund_reason,
            "refundAmount": f"¥{yuan(order.refund_fen)}",
            "refundApplyTime": beijing(order.refund_asked_ms),
        }
        buttons = [{"code": "agreeRefundApply", "name": "同意退款"}, {"code": "rejectApply", "name": "拒绝申请"}]
        parts = [
            {"render": "refundStatusInfo", "data": {"title": _standing(order)}},
            {"render": "refundInfo", "data": info},
            {"render": "bottomBar", "data": buttons if order.refunding else []},
        ]
        return {"data": {"components": parts, "seller": "true"}}

    def refuse_render(self, account: Account, data: Json) -> Json:
        """The reasons an open request may be refused with."""
        self._open(account, data["refundId"])
        rows = [{"refuseReasonId": key, "reasonName": words} for key, words in REASONS.items()]
        return {"data": {"refuseReasonList": rows}}

    def refuse(self, account: Account, data: Json) -> Json:
        """The seller says no; a second time it is over."""
        order = self._open(account, data["refundId"])
        orjson.loads(data["refuseProof"])
        if data["refuseReasonId"] not in REASONS:
            raise Refusal(WRONG_REASON)
        self._trades.refuse_refund(order, data["refuseReasonId"])
        return {"data": {"success": "true"}}

    def _open(self, account: Account, refund_id: object) -> Order:
        order = next((one for one in self._market.orders.values() if one.refund_id == refund_id), None)
        if order is None or order.account != account.name or not refund_id:
            raise Refusal(NO_REFUND)
        if not order.refunding:
            raise Refusal(IS_OVER)
        return order


def _standing(order: Order) -> str:
    if order.refunding:
        return "请处理退款申请"
    if order.refund_refused:
        return "你已拒绝退款申请"
    return "退款成功" if order.status == REFUNDED else "退款已关闭"
