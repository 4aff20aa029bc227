"""When a refund request may be refused over the web, and with which reason."""

from core.errors import NotFound, Refused
from core.values.orders import OrderState, Refund, RefundState, RefuseReason


def check_open(refund: Refund | None, state: OrderState) -> Refund:
    """The request that may be refused; NotFound("no_refund"), Refused("refund_unread", "refund_app_only")."""
    if refund is None or state is not OrderState.refunding or refund.state is not RefundState.asked:
        raise NotFound("no_refund")
    if refund.refund_no is None:
        raise Refused("refund_unread")
    if not refund.refusable or not refund.choices:
        raise Refused("refund_app_only")
    return refund


def reason_of(refund: Refund, choice: str) -> RefuseReason:
    """One of the platform's reasons, by its id or its words; NotFound("no_such_reason")."""
    for reason in refund.choices:
        if choice in (reason.id, reason.words):
            return reason
    raise NotFound("no_such_reason", word=choice[:40], allowed=" / ".join(one.words for one in refund.choices))
