"""A seller's refund requests over the web API: read one, read the reasons to refuse with, refuse.

Shapes seen in two independent clients (the code of refusing and its proof in one alone), never on the live platform:
parts by their `render`, the answer's own data one level deeper (`data.data`). Agreeing to a refund asks for a payment
password that only the app takes.
"""

import re

import orjson

from core.errors import Refused
from core.outside.xianyu import apis
from core.outside.xianyu.amounts import fen_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, id_at, list_at, text_at
from core.outside.xianyu.mtop import Mtop
from core.outside.xianyu.ret import is_missing
from core.values.ids import OrderNo, RefundNo
from core.values.orders import RefundRecord, RefuseReason

_MAY_REFUSE = "rejectApply"
_REFUSED = "拒绝"
_AMOUNT = re.compile(r"[¥￥元,\s]")
_NO_PROOF = orjson.dumps({"desc": "", "proofMultiMediaList": []}).decode()


class Refunds:
    """Everything is an error of core/errors; a request that does not exist is None."""

    def __init__(self, mtop: Mtop) -> None:
        self._mtop = mtop

    async def find(self, order_no: OrderNo) -> RefundRecord | None:
        """The newest refund request of an order, with the reasons to refuse it while that may be."""
        try:
            record = refund_of_detail(await self._mtop.call(apis.REFUND_DETAIL, {"orderId": order_no, "refundId": ""}))
        except Refused as error:
            if not is_missing(error):
                raise
            return None
        if record is None or not record.refusable:
            return record
        told = await self._mtop.call(apis.REFUSE_RENDER, {"refundId": record.refund_no})
        return record.model_copy(update={"choices": reasons_of_render(told)})

    async def refuse(self, refund_no: RefundNo, reason_id: str) -> None:
        """Refuse it."""
        asked: Fields = {"refundId": refund_no, "refuseReasonId": reason_id, "refuseProof": _NO_PROOF}
        await self._mtop.call(apis.REFUSE_REFUND, asked)


def refund_of_detail(data: Fields) -> RefundRecord | None:
    """The record of one request; None when the answer names none."""
    inner = _inner(data)
    parts = {text_at(as_fields(part), "render"): as_fields(part).get("data") for part in list_at(inner, "components")}
    info, status = as_fields(parts.get("refundInfo")), as_fields(parts.get("refundStatusInfo"))
    refund_no = id_at(info, "refundId") or id_at(inner, "refundId")
    if refund_no is None:
        return None
    bar = parts.get("bottomBar")
    buttons = {text_at(as_fields(button), "code") for button in (bar if isinstance(bar, list) else ())}
    return RefundRecord(
        refund_no=RefundNo(refund_no),
        amount_fen=fen_of(_AMOUNT.sub("", text_at(info, "refundAmount") or "")),
        reason=text_at(info, "refundReason") or "",
        refusable=_MAY_REFUSE in buttons,
        refused=_REFUSED in (text_at(status, "title") or ""),
    )


def reasons_of_render(data: Fields) -> tuple[RefuseReason, ...]:
    """The reasons the platform offers to refuse with."""
    rows = [as_fields(row) for row in list_at(_inner(data), "refuseReasonList")]
    found = ((id_at(row, "refuseReasonId") or id_at(row, "reasonId"), text_at(row, "reasonName")) for row in rows)
    return tuple(RefuseReason(id=key, words=words) for key, words in found if key and words)


def _inner(data: Fields) -> Fields:
    """The answer's own data, wrapped once more or not."""
    return fields_at(data, "data") or data
