"""Records about a conversation rather than a message in it (facts: non-chat records, and order status variant C)."""

from core.outside.xianyu.fields import Fields, as_fields, as_id, fields_at, id_at, instant_ms_at, text_at
from core.outside.xianyu.status import status_of_text
from core.values.ids import ChatNo, ItemId, OrderNo, UserId
from core.values.market import EventKind, MarketEvent

_PNM = ".PNM"
_AROUSE = 8


def session_event(record: Fields, me: str | None) -> MarketEvent | None:
    """The event of a session record, told apart by shape; None when it has none of the known shapes."""
    first, third = record.get("1"), record.get("3")
    if isinstance(first, list):
        return _read_batch(record) if _are_pnms(first) else _typing(first)
    if not isinstance(first, str):
        return None
    if first.endswith(_PNM):
        return _read_single(record, first) if id_at(record, "4") else None
    if isinstance(third, dict):
        return _session_update(record, third, me)
    return MarketEvent(event=EventKind.noise, chat_id=_chat(first)) if text_at(record, "3") else None


def arouse_event(record: Fields, me: str | None) -> MarketEvent | None:
    """The chat's item, told when a conversation is opened (base64 JSON, `sessionArouse`); None for other records."""
    operation = fields_at(record, "operation")
    content = fields_at(operation, "content")
    if content.get("contentType") != _AROUSE and "sessionArouse" not in content:
        return None
    session = fields_at(operation, "sessionInfo")
    chat = id_at(record, "sessionId") or id_at(session, "sessionId")
    return _map_event(chat, fields_at(session, "extensions"), instant_ms_at(session, "createTime"), me)


def _session_update(record: Fields, said: Fields, me: str | None) -> MarketEvent | None:
    chat, ts_ms = id_at(record, "1"), instant_ms_at(record, "4")
    reminder = said.get("redReminder")
    if reminder is None and (said.get("orderId") or said.get("itemId")):
        return _map_event(chat, said, ts_ms, me)
    if not isinstance(reminder, str):
        return None
    status = status_of_text(reminder)
    if status is None:
        return None if reminder.strip() else MarketEvent(event=EventKind.noise, chat_id=_chat(chat), ts_ms=ts_ms)
    facts = _map_event(chat, said, ts_ms, None)
    kind = EventKind.order if facts.order_id else EventKind.order_hint
    said_by = {"user_authored": False} if facts.order_id else {}
    return facts.model_copy(update={"event": kind, "platform_status": status, "text": reminder, **said_by})


def _map_event(chat: str | None, said: Fields, ts_ms: int | None, me: str | None) -> MarketEvent:
    """Which order and item a chat is about. The item's seller is named; the other user is the buyer."""
    order, item = id_at(said, "orderId"), id_at(said, "itemId")
    seller = id_at(said, "itemSellerId") or id_at(said, "ownerUserId") or me
    buyer = id_at(said, "extUserId")
    return MarketEvent(
        event=EventKind.chat_order_map if order else EventKind.chat_item_map,
        chat_id=_chat(chat),
        order_id=OrderNo(order) if order else None,
        item_id=ItemId(item) if item else None,
        item_title=text_at(said, "itemTitle"),
        buyer_id=UserId(buyer) if buyer and buyer != seller else None,
        seller_id=UserId(seller) if seller else None,
        ts_ms=ts_ms,
    )


def _are_pnms(items: list[object]) -> bool:
    return bool(items) and all(isinstance(item, str) and item.endswith(_PNM) for item in items)


def _typing(items: list[object]) -> MarketEvent | None:
    signal = as_fields(items[0]) if items else {}
    chat, sender = id_at(signal, "1"), id_at(signal, "4")
    if chat is None:
        return None
    return MarketEvent(event=EventKind.typing, chat_id=_chat(chat), sender_id=UserId(sender) if sender else None)


def _read_batch(record: Fields) -> MarketEvent:
    return MarketEvent(event=EventKind.read, chat_id=_chat(record.get("3")), ts_ms=instant_ms_at(record, "5"))


def _read_single(record: Fields, pnm_id: str) -> MarketEvent:
    return MarketEvent(
        event=EventKind.read, chat_id=_chat(record.get("4")), pnm_id=pnm_id, ts_ms=instant_ms_at(record, "6")
    )


def _chat(value: object) -> ChatNo | None:
    chat = as_id(value)
    return ChatNo(chat) if chat else None
