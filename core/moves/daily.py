"""Roll-ups, written in the transaction of the move they count, in fixed buckets (KPI-032).

By the shop's day, and by its hours: until 21:00 today is compared with until 21:00 yesterday, not with all of it.
"""

from enum import StrEnum

from core.moves.cause import Cause
from core.store.db import Tx


class Count(StrEnum):
    """What is counted a shop day; money in 分."""

    orders = "orders"
    paid = "paid"
    revenue_fen = "revenue_fen"
    cancelled = "cancelled"
    refunds = "refunds"
    """Asked for."""
    refunded = "refunded"
    """Paid back."""
    refund_fen = "refund_fen"
    shipped_auto = "shipped_auto"
    shipped_by_hand = "shipped_by_hand"
    ship_failed = "ship_failed"
    late_0_1_min = "late_0_1_min"
    late_1_5_min = "late_1_5_min"
    late_5_30_min = "late_5_30_min"
    late_over_30_min = "late_over_30_min"
    approvals_asked = "approvals_asked"
    approved = "approved"
    rejected = "rejected"
    expired = "expired"
    messages = "messages"
    answers_by_rule = "answers_by_rule"
    answers_by_model = "answers_by_model"
    answer_wait_ms = "answer_wait_ms"
    """From a buyer's first words to the answer's going out, of both kinds of answers together."""
    answers_refused = "answers_refused"
    """Texts the platform did not take, however often they were tried."""
    handed_over = "handed_over"
    guard_blocked = "guard_blocked"


def count(tx: Tx, cause: Cause, name: Count, value: int = 1, account_id: int | None = None) -> None:
    """Add to today's number and to this hour's; to the account's own day too, where one is named."""
    tx.add_up("daily.add", value, day=cause.day, name=name.value)
    tx.add_up("daily.add_hour", value, day=cause.day, hour=cause.here.hour, name=name.value)
    if account_id is not None:
        tx.add_up("daily.add_of_account", value, day=cause.day, account_id=account_id, name=name.value)


def lateness(late_s: float) -> Count:
    """The bucket of a shipment's lateness against its plan, in seconds."""
    if late_s < 60:
        return Count.late_0_1_min
    if late_s < 300:
        return Count.late_1_5_min
    return Count.late_5_30_min if late_s < 1800 else Count.late_over_30_min
