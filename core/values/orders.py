"""Orders, their lines, buyers and refunds."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.effects import EffectState
from core.values.ids import (
    AccountId,
    BuyerId,
    ChatNo,
    ItemId,
    OrderId,
    OrderNo,
    OutboxId,
    ProductId,
    RefundNo,
    UserId,
)
from core.values.money import Fen
from core.values.receivers import Receiver


class OrderState(StrEnum):
    """Where an order stands (laws.md, "Order")."""

    pending_payment = "pending_payment"
    """等待买家付款"""
    pending_ship = "pending_ship"
    """等待卖家发货"""
    shipped = "shipped"
    """已发货"""
    completed = "completed"
    """交易成功"""
    cancelled = "cancelled"
    """交易关闭"""
    refunding = "refunding"
    """退款中"""


class RefundState(StrEnum):
    """Where a refund request stands."""

    asked = "asked"
    withdrawn = "withdrawn"
    refused = "refused"
    """By us, and the platform took it."""
    refunded = "refunded"


class RefuseReason(Value):
    """One of the platform's reasons to refuse a request with."""

    id: str
    words: str


class RefundRecord(Value):
    """The platform's word on a refund request. `refusable`: it is open, and the platform's own page could refuse it."""

    refund_no: RefundNo
    amount_fen: Fen | None = None
    reason: str = ""
    refusable: bool = False
    refused: bool = False
    choices: tuple[RefuseReason, ...] = ()


class Refusal(Value):
    """A try to refuse a request."""

    id: OutboxId
    state: EffectState
    error: str = ""


class Refund(Value):
    """An order's newest refund request; `refusals` newest first. What the platform did not tell yet is missing."""

    id: int
    state: RefundState
    amount_fen: Fen | None = None
    asked_at: datetime
    settled_at: datetime | None = None
    refund_no: RefundNo | None = None
    reason: str = ""
    refusable: bool = False
    choices: tuple[RefuseReason, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Line(Value):
    """One position of an order (a Xianyu order has exactly one)."""

    line_no: int = 1
    product_id: ProductId | None = None
    item_id: ItemId
    title: str = ""
    spec: str = ""
    quantity: int = 1
    unit_price_fen: Fen | None = None
    total_fen: Fen | None = None


class Buyer(Value):
    """A marketplace user who talked or bought."""

    id: BuyerId
    user_id: UserId
    nick: str = ""
    first_seen_at: datetime
    orders: int = 0
    paid_orders: int = 0
    blocked_reason: str | None = None


class Order(Value):
    """An order as the shop knows it. `amount_fen` is what was paid in all; None until a platform record told it."""

    id: OrderId
    account_id: AccountId
    account: str
    order_no: OrderNo
    chat_no: ChatNo | None = None
    buyer: Buyer | None = None
    item_id: ItemId | None = None
    state: OrderState
    version: int
    platform_status: str | None = None
    lines: tuple[Line, ...] = ()
    amount_fen: Fen | None = None
    needs_postage: bool | None = None
    created_at: datetime
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    closed_at: datetime | None = None
    reminded_at: datetime | None = None
    """When its buyer was reminded to pay."""
    ship_method: str | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    updated_at: datetime


class PlatformStatus(StrEnum):
    """What a marketplace frame or record says of an order, in the shop's words."""

    pending_payment = "pending_payment"
    pending_ship = "pending_ship"
    shipped = "shipped"
    completed = "completed"
    closed = "closed"
    refunding = "refunding"
    refunded = "refunded"
    rated = "rated"


class OrderRecord(Value):
    """The platform's own record of an order (order detail or sold list): the truth that shipping needs (law 4).

    `paid` and `shipped` come from the record's nodes; `can_ship` is paid, not shipped, not waiting for a bargain group.
    """

    order_no: OrderNo
    status: PlatformStatus | None
    paid: bool
    shipped: bool
    can_ship: bool
    item_id: ItemId | None = None
    buyer_user_id: UserId | None = None
    buyer_nick: str = ""
    title: str = ""
    spec: str = ""
    quantity: int = 1
    unit_price_fen: Fen | None = None
    amount_fen: Fen | None = None
    postage_fen: Fen | None = None
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    chat_no: ChatNo | None = None
    receiver: Receiver | None = None
    in_refund: bool = False
