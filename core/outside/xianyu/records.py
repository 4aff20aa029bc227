"""Market records: an event with the raw bytes it came from and the names it is known by for ever."""

from collections.abc import Iterable
from hashlib import sha256

import orjson

from core.outside.xianyu.decode import read_wire
from core.outside.xianyu.events import UNKNOWN, event_of, is_change
from core.outside.xianyu.fields import Fields, as_fields
from core.values.market import EventKind, MarketEvent, MarketRecord

_SIGNALS = frozenset({EventKind.read, EventKind.typing, EventKind.noise, EventKind.unknown})


def record_of(raw: bytes, me: str | None = None) -> MarketRecord:
    """Parse one raw record; never raises, what cannot be read is `unknown`."""
    record = read_wire(raw)
    event = event_of(record, me)
    return MarketRecord(keys=keys_of(event, record, raw), raw=raw, event=event)


def records_of_entries(entries: Iterable[object], me: str | None = None) -> list[MarketRecord]:
    """The records of a push's `data` list, none left out."""
    return [record_of(raw_of_entry(entry), me) for entry in entries]


def records_of_history(pushes: Iterable[Fields], me: str | None = None) -> list[MarketRecord]:
    """The records of history messages rebuilt as pushes: they share their keys with the pushes themselves."""
    return [record_of(as_raw(push), me) for push in pushes]


def raw_of_entry(entry: object) -> bytes:
    """The raw record of one `data` entry: its `data` text, or the entry itself when it has none."""
    data = as_fields(entry).get("data", entry)
    return data.encode("utf-8", "replace") if isinstance(data, str) else as_raw(data)


def as_raw(value: object) -> bytes:
    """A decoded value as JSON bytes; empty when it cannot be written (too deep, too large a number)."""
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return b""


def keys_of(event: MarketEvent, record: Fields | None, raw: bytes) -> tuple[str, ...]:
    """What names a record: the platform's two message ids where it has them, else what it says and when.

    A card update repeats the ids of the card it changes, so it is named by what it changed to; a changed card of type
    32 may (none was captured whole).
    """
    if event.event in _SIGNALS or event is UNKNOWN or record is None:
        return (_digest(raw),)
    if is_change(record):
        return (f"upd:{event.pnm_id}:{event.ts_ms}:{event.platform_status}",) if event.ts_ms else (_digest(raw),)
    named = (f"pnm:{event.pnm_id}" if event.pnm_id else "", f"msg:{event.message_id}" if event.message_id else "")
    return tuple(key for key in named if key) or _said_keys(event, raw)


def _said_keys(event: MarketEvent, raw: bytes) -> tuple[str, ...]:
    said = event.platform_status or event.order_id or event.item_id
    if said is None or event.chat_id is None or event.ts_ms is None:
        return (_digest(raw),)
    return (f"{event.event}:{event.chat_id}:{said}:{event.ts_ms}",)


def _digest(raw: bytes) -> str:
    return f"raw:{sha256(raw).hexdigest()}"
