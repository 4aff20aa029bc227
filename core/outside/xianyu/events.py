"""A decoded record to what it means to the shop.

Nothing here raises: what has no known shape is `unknown` and kept, and what only looks like a buyer's words (tips,
cards, the platform's bot, marketing) is never `chat_text`.
"""

from core.outside.xianyu.fields import Fields, as_id, fields_at, number_at
from core.outside.xianyu.message import (
    CARD_CHANGE,
    IMAGE,
    PLATFORM_CARD,
    TIP,
    TRADE_CARD,
    TYPED,
    WORKBENCH_CARD,
    Message,
    find_body,
    message_of_body,
    message_of_operation,
    message_of_update,
)
from core.outside.xianyu.orders import order_event
from core.outside.xianyu.sessions import arouse_event, session_event
from core.values.ids import ChatNo, ItemId, UserId
from core.values.market import EventKind, MarketEvent

UNKNOWN = MarketEvent(event=EventKind.unknown)
_CARDS = frozenset({TRADE_CARD, CARD_CHANGE, TIP, PLATFORM_CARD, WORKBENCH_CARD})


def event_of(record: Fields | None, me: str | None = None) -> MarketEvent:
    """The event of one decoded record with text keys. `me` is the account's own user id, where it is known."""
    if not record:
        return UNKNOWN
    if (body := find_body(record)) is not None:
        return message_event(message_of_body(body), me)
    if isinstance(record.get("operation"), dict):
        return arouse_event(record, me) or message_event(message_of_operation(record), me)
    if is_update(record):
        return _update_event(message_of_update(record), me)
    if isinstance(record.get("reminderContent"), str):
        return message_event(message_of_body({"10": record}), me)
    return session_event(record, me) or UNKNOWN


def is_update(record: Fields) -> bool:
    """Whether a record changes a card that was sent before (variant B)."""
    return isinstance(record.get("4"), dict) and isinstance(record.get("1"), str)


def is_change(record: Fields) -> bool:
    """Whether a record changes what an earlier one showed, in either way (variants B and D)."""
    if is_update(record):
        return True
    return number_at(fields_at(find_body(record) or {}, "6", "3"), "4") == CARD_CHANGE


def message_event(message: Message, me: str | None = None) -> MarketEvent:
    """The event of a message: a person's words, an order card, a tip of the platform, or unknown."""
    if _is_for_another(message, me):
        return _plain(EventKind.unknown, message)
    authored = message.user_authored
    if authored:
        return _words_event(message, me) if message.content_type not in _CARDS else _plain(EventKind.unknown, message)
    about_order = order_event(message, me) if _may_speak_of_orders(message) else None
    if about_order is not None:
        return about_order
    return _plain(EventKind.unknown if authored is None else EventKind.system_tip, message)


def _may_speak_of_orders(message: Message) -> bool:
    """Cards and tips, and the flattened forms without a content type; never what is or may be a person's text."""
    if message.is_users:
        return False
    flattened = message.content_type is None and (message.is_marked or _is_bracketed(message.text))
    return flattened or message.content_type in _CARDS


def _is_for_another(message: Message, me: str | None) -> bool:
    """Whether the record names a receiver that is not this account, and is not what this account said itself.

    Some name the sender in that place (S50): they name no receiver.
    """
    receiver = message.receiver
    return None not in (me, receiver) and receiver not in (me, message.sender) and message.sender != me


def _is_bracketed(text: str | None) -> bool:
    return bool(text) and str(text).startswith("[") and str(text).endswith("]")


def _words_event(message: Message, me: str | None) -> MarketEvent:
    """What a person said. The account's own words come back through the socket: sender is me, or also the receiver."""
    own = message.sender is not None and message.sender in (me, None if me else message.receiver)
    kind = EventKind.chat_image if message.content_type == IMAGE else EventKind.chat_text
    if message.content_type not in TYPED and message.content_type is not None:
        kind = EventKind.unknown
    return _plain(EventKind.self_message if own else kind, message)


def _update_event(message: Message, me: str | None) -> MarketEvent:
    """A card that changed; a change that is about no order is noise."""
    return order_event(message, me) or _plain(EventKind.noise, message)


def _plain(kind: EventKind, message: Message) -> MarketEvent:
    item = as_id(message.link.get("itemId"))
    nick = message.extension.get("senderNick") or message.extension.get("reminderTitle")
    return MarketEvent(
        event=kind,
        chat_id=ChatNo(message.chat_no) if message.chat_no else None,
        item_id=ItemId(item) if item else None,
        sender_id=UserId(message.sender) if message.sender else None,
        sender_nick=nick if isinstance(nick, str) and message.user_authored else None,
        text=message.text,
        image_url=message.image_url if message.content_type == IMAGE else None,
        ts_ms=message.ts_ms,
        message_id=message.message_id,
        pnm_id=message.pnm_id,
        user_authored=message.user_authored,
    )
