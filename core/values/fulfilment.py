"""The shipping of an order, and the question a risky one puts to the owner."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import ApprovalId, OrderId


class FulfilmentState(StrEnum):
    """Where the shipping of an order stands (laws.md, "Fulfilment")."""

    scheduled = "scheduled"
    """已调度"""
    awaiting_approval = "awaiting_approval"
    """待审批"""
    manual = "manual"
    """待人工"""
    held = "held"
    """已拦截"""
    executing = "executing"
    """执行中"""
    succeeded = "succeeded"
    """成功"""
    failed = "failed"
    """失败"""
    unknown = "unknown"
    """待核实"""
    short = "short"
    """缺货"""
    cancelled = "cancelled"
    """已取消"""


class ShipMode(StrEnum):
    """How goods travel: at once as text, or later as a parcel."""

    virtual = "virtual"
    physical = "physical"


class ErrorClass(StrEnum):
    """Why an effect did not happen (SHIP-024): network and api errors are tried again, business errors never."""

    network = "network"
    api = "api"
    business = "business"
    login = "login"
    unknown = "unknown"


class Fulfilment(Value):
    """The one shipping task of an order. `planned_at` is the instant lateness is measured against."""

    order_id: OrderId
    state: FulfilmentState
    version: int
    mode: ShipMode
    due_at: datetime | None = None
    planned_at: datetime | None = None
    reason: str | None = None
    attempts: int = 0
    error_class: ErrorClass | None = None
    error: str | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    text_sent: bool = False
    remind_at: datetime | None = None
    reminders: int = 0
    by_hand: bool = False
    created_at: datetime
    executed_at: datetime | None = None
    done_at: datetime | None = None
    updated_at: datetime


class ApprovalState(StrEnum):
    """A question to the owner; anything but an explicit approval leaves the goods here (law 9)."""

    pending = "pending"
    approved = "approved"
    rejected = "rejected"
    expired = "expired"
    withdrawn = "withdrawn"


class Approval(Value):
    """Risk found before shipping, waiting for a decision. `reasons` are text keys with their facts, see rules/risk."""

    id: ApprovalId
    order_id: OrderId
    state: ApprovalState
    version: int
    reasons: tuple["RiskReason", ...]
    asked_at: datetime
    remind_at: datetime
    escalate_at: datetime
    expires_at: datetime
    reminded: bool = False
    escalated: bool = False
    decided_at: datetime | None = None
    decided_by: str | None = None


class RiskKind(StrEnum):
    """The rules of laws.md "Risk": no score, no facts nobody has."""

    amount_unknown = "amount_unknown"
    """The record does not say what was paid: nothing could be held against the floor (law 6)."""
    amount_low = "amount_low"
    amount_high = "amount_high"
    amount_over_limit = "amount_over_limit"
    first_buyer_over_limit = "first_buyer_over_limit"
    quantity_over_max = "quantity_over_max"
    many_orders = "many_orders"
    blocked_buyer = "blocked_buyer"
    open_refund = "open_refund"
    back_from_refund = "back_from_refund"


class RiskReason(Value):
    """One rule that hit, with the numbers a person wants to see (分 for money)."""

    kind: RiskKind
    seen: int | str = 0
    limit: int | str = 0
