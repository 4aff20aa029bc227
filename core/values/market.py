"""What comes out of a marketplace's door: events, with everything that is known of them."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import ChatNo, ItemId, OrderNo, UserId
from core.values.orders import PlatformStatus


class EventKind(StrEnum):
    """What a record means to the shop."""

    chat_text = "chat_text"
    chat_image = "chat_image"
    order = "order"
    order_hint = "order_hint"
    """A status without an order id."""
    chat_order_map = "chat_order_map"
    chat_item_map = "chat_item_map"
    self_message = "self_message"
    """Our own account spoke: an echo of a sent text, or the owner typing in the app."""
    history = "history"
    read = "read"
    typing = "typing"
    system_tip = "system_tip"
    noise = "noise"
    unknown = "unknown"


class TradeRole(StrEnum):
    """Which side of the trade the receiving account is on."""

    seller = "seller"
    buyer = "buyer"


class MarketEvent(Value):
    """One record of the platform, parsed. Absent facts are None; `ts_ms` is the platform's own time."""

    event: EventKind
    platform_status: PlatformStatus | None = None
    order_id: OrderNo | None = None
    chat_id: ChatNo | None = None
    item_id: ItemId | None = None
    item_title: str | None = None
    buyer_id: UserId | None = None
    seller_id: UserId | None = None
    sender_id: UserId | None = None
    sender_nick: str | None = None
    role: TradeRole | None = None
    text: str | None = None
    image_url: str | None = None
    ts_ms: int | None = None
    message_id: str | None = None
    pnm_id: str | None = None
    needs_postage: bool | None = None
    user_authored: bool | None = None


class MarketRecord(Value):
    """One record as it arrived. `keys` (one or two) name it for ever: a record with a key seen before is nothing.

    `raw` is what `Market.read_record` takes to give the same event again after a restart.
    """

    keys: tuple[str, ...]
    raw: bytes
    event: MarketEvent


class ChatMessage(Value):
    """A message of a conversation's history."""

    chat_no: ChatNo
    pnm_id: str
    sender_id: UserId
    text: str
    sent_at: datetime
    user_authored: bool = True


class Conversation(Value):
    """A conversation as the platform lists it."""

    chat_no: ChatNo
    buyer_user_id: UserId | None
    buyer_nick: str = ""
    item_id: ItemId | None = None
    item_title: str = ""
    changed_at: datetime
