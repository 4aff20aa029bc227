"""What the pretend marketplace holds: sellers, buyers, items, chats, messages, orders."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

PENDING_PAYMENT = "pending_payment"
PENDING_SHIP = "pending_ship"
SHIPPED = "shipped"
COMPLETED = "completed"
CLOSED = "closed"
REFUNDED = "refunded"


@dataclass
class Account:
    """A seller's account: its login session and the address it ships from."""

    name: str
    unb: str
    merchant: bool
    cookie2: str
    cookie: str
    sid: str
    seq: int = 0
    address_id: str = "sender-1"
    ends_ms: int = 0
    """When its session ends by itself; 0 when it lasts."""


@dataclass
class Buyer:
    """A person who talks and buys."""

    buyer_id: str
    nick: str


@dataclass
class Sku:
    """One choice of an item, such as `颜色:红色`, with its own price."""

    spec: str
    price_fen: int


@dataclass
class Item:
    """Something on sale; `virtual` goods need no postage."""

    item_id: str
    account: str
    title: str
    price_fen: int
    postage_fen: int = 0
    virtual: bool = False
    quantity: int = 1
    desc: str = ""
    skus: list[Sku] = field(default_factory=list)


@dataclass
class Message:
    """One line of a chat as history keeps it; `extension` is the push's key "10", `content` its content JSON."""

    pnm_id: str
    message_id: str
    chat_id: str
    sender_id: str
    text: str
    content: Json
    extension: Json
    created_ms: int
    user_typed: bool
    read: bool = False


@dataclass
class Chat:
    """The conversation of one buyer about one item."""

    chat_id: str
    account: str
    buyer_id: str
    item_id: str
    messages: list[Message] = field(default_factory=list)
    modified_ms: int = 0


@dataclass
class Order:
    """An order as the platform knows it.

    `refunding` is set while the buyer's refund request is open, `bargaining` until a group bargain (小刀) is complete:
    such an order is paid and must not be shipped yet.
    """

    order_id: str
    account: str
    buyer_id: str
    item_id: str
    chat_id: str
    quantity: int
    spec: str
    amount_fen: int
    created_ms: int
    status: str = PENDING_PAYMENT
    refunding: bool = False
    bargaining: bool = False
    paid_ms: int = 0
    shipped_ms: int = 0
    how: str = ""
    tracking_no: str = ""
    company: str = ""
    rated: bool = False
    refund_id: str = ""
    refund_reason: str = ""
    refund_fen: int = 0
    refund_asked_ms: int = 0
    refund_refused: bool = False
    silent: bool = False
    """No frame and no line of its chat ever told of it: only the lists and its record do."""
    card_pnm: str = ""


@dataclass
class Token:
    """An access token for the socket, bound to the device that asked for it."""

    account: str
    device_id: str
    expires_ms: int
