"""Order cards: what a trade card, its update or a tip says of an order (facts: order status messages)."""

import re
from typing import NamedTuple

from core.outside.xianyu.fields import Fields, as_id, fields_at, json_at, text_at
from core.outside.xianyu.message import CARD_CHANGE, PLATFORM_BOT, TIP, TRADE_CARD, Message
from core.outside.xianyu.status import (
    status_of_text,
    status_of_texts,
    status_of_tip,
    status_of_update_key,
    waits_for_group,
)
from core.values.ids import ChatNo, ItemId, OrderNo, UserId
from core.values.market import EventKind, MarketEvent, TradeRole
from core.values.orders import PlatformStatus

_ORDER_IN_LINK = re.compile(r"(?:[?&](?:bizOrderId|orderId)|order_detail\?(?:[^\"\s]*&)?id)=(\d{1,25})")
_ROLE_IN_LINK = re.compile(r"[?&]role=(seller|buyer)", re.IGNORECASE)
_ROLE_IN_KEY = re.compile(r"_(seller|buyer)(?::|$)", re.IGNORECASE)
_POSTAGE_CODE = re.compile(r":(63|64):TRADE_PAID_DONE_")
_SELLERS_PAGES = ("adjust_price", "idleDeliver", "noPostageRequired")
_CARD_FIELD = "_CONTENT_MAP_UPDATE_PRE_"
_SHORTEST_ORDER_NO = 10
_SHORTEST_LEADING_ORDER_NO = 15


class Card(NamedTuple):
    """The parts of a card that name the order: its texts in order of trust, its links, its update key."""

    texts: tuple[str | None, ...]
    links: str
    update_key: str | None
    task_name: str


class Sides(NamedTuple):
    """Who buys and who sells."""

    role: TradeRole | None
    buyer: str | None
    seller: str | None


def order_event(message: Message, me: str | None) -> MarketEvent | None:
    """The order event of a platform message; None when it says neither a state nor an order id.

    `user_authored` is False only where the platform itself marked the record as its own; a record without the mark
    (history, the `operation` format, a flattened notice) says None, and moves no order by itself. A workbench card
    stands in no conversation with a buyer.
    """
    card = _card_of(message)
    status = _status_of(message, card)
    order_no = _order_no_of(card)
    if status is None and order_no is None:
        return None
    sides = sides_of(message, card, me)
    chat = None if message.is_of_workbench else message.chat_no
    return MarketEvent(
        event=_kind_of(message, order_no),
        platform_status=status,
        order_id=OrderNo(order_no) if order_no else None,
        chat_id=ChatNo(chat) if chat else None,
        item_id=_item_of(message),
        buyer_id=UserId(sides.buyer) if sides.buyer else None,
        seller_id=UserId(sides.seller) if sides.seller else None,
        sender_id=UserId(message.sender) if message.sender else None,
        role=sides.role,
        text=message.text,
        ts_ms=message.ts_ms,
        message_id=message.message_id,
        pnm_id=message.pnm_id,
        needs_postage=_needs_postage(card),
        user_authored=False if message.is_marked else None,
    )


def sides_of(message: Message, card: Card, me: str | None) -> Sides:
    """Who buys and who sells: the account that receives the card is on the side the card is made for."""
    role = _role_of(card)
    mine = message.receiver or me
    other = as_id(message.link.get("peerUserId")) or _sender_other_than(message, mine)
    if role is TradeRole.buyer:
        return Sides(role, mine, other)
    return Sides(role, other, mine)


def _sender_other_than(message: Message, mine: str | None) -> str | None:
    sender = message.sender
    return None if sender in (mine, PLATFORM_BOT) or message.is_of_workbench else sender


def _card_of(message: Message) -> Card:
    main = _main_of(message.content)
    inner = fields_at(main, "exContent")
    extension = message.extension
    return Card(
        texts=(
            text_at(extension, "redReminder"),
            text_at(extension, "reminderContent"),
            text_at(inner, "title"),
            message.summary,
            text_at(extension, "reminderTitle"),
            text_at(extension, "detailNotice"),
        ),
        links=_links_of(main, inner, message),
        update_key=text_at(message.ext_json, "updateKey") or text_at(extension, "updateKey"),
        task_name=message.task_name,
    )


def _main_of(content: Fields) -> Fields:
    """A card's main part; that of a changed card (32) stands deeper (facts: variant D, never captured whole)."""
    change = json_at(fields_at(content, "dynamicOperation"), "changeContent")
    return fields_at(fields_at(change, "dxCard") or fields_at(content, "dxCard"), "item", "main")


def _links_of(main: Fields, inner: Fields, message: Message) -> str:
    """Every link a card offers, in one text. An update carries its changed parts as JSON texts of their own."""
    links = [text_at(fields_at(inner, "button"), "targetUrl"), text_at(main, "targetUrl")]
    if message.is_update:
        extension = message.extension
        links += [_changed_link(extension, key) for key in extension if key.startswith(_CARD_FIELD)]
    return "\n".join(filter(None, links))


def _changed_link(extension: Fields, key: str) -> str | None:
    return text_at(json_at(extension, key), "targetUrl") or text_at(extension, key)


def _order_no_of(card: Card) -> str | None:
    found = _ORDER_IN_LINK.search(card.links)
    return found[1] if found else _order_no_of_key(card.update_key)


def _order_no_of_key(update_key: str | None) -> str | None:
    """`<chat>:<order>:…`, and in the newest cards `<order>:20:<EVENT>:<n>`."""
    parts = (update_key or "").split(":")
    if len(parts[0]) >= _SHORTEST_LEADING_ORDER_NO and parts[0].isdigit():
        return as_id(parts[0])
    if len(parts) > 1 and len(parts[1]) >= _SHORTEST_ORDER_NO and parts[1].isdigit():
        return as_id(parts[1])
    return None


def _status_of(message: Message, card: Card) -> PlatformStatus | None:
    """A tip is prose and counts only when short; an update's key and task still name the card it replaces."""
    if message.content_type == TIP:
        return status_of_tip(message.text) or status_of_tip(text_at(message.extension, "detailNotice"))
    said = status_of_texts(card.texts)
    if said is not None or message.is_update or waits_for_group(card.texts):
        return said
    return status_of_update_key(card.update_key) or status_of_text(card.task_name)


def _kind_of(message: Message, order_no: str | None) -> EventKind:
    """A trade card is about an order even when it was cut short of the id; anything else without an id is a hint."""
    return EventKind.order if order_no or message.content_type in (TRADE_CARD, CARD_CHANGE) else EventKind.order_hint


def _role_of(card: Card) -> TradeRole | None:
    if found := _ROLE_IN_LINK.search(card.links):
        return TradeRole(found[1].lower())
    if "_买家" in card.task_name:
        return TradeRole.buyer
    if "_卖家" in card.task_name or any(page in card.links for page in _SELLERS_PAGES):
        return TradeRole.seller
    found = _ROLE_IN_KEY.search(card.update_key or "")
    return TradeRole(found[1].lower()) if found else None


def _needs_postage(card: Card) -> bool | None:
    """The seller's button tells: a delivery page or the "no postage" page; so do the update key's codes 63 and 64."""
    if "noPostageRequired" in card.links or "无需发货" in card.task_name:
        return False
    if "idleDeliver" in card.links:
        return True
    found = _POSTAGE_CODE.search(card.update_key or "")
    return found[1] == "63" if found else None


def _item_of(message: Message) -> ItemId | None:
    item = as_id(message.link.get("itemId"))
    return ItemId(item) if item else None
