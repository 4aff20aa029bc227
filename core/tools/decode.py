"""`decode xianyu`: what a captured text of the platform means, for people and for tests."""

from collections.abc import Iterator

import orjson

from core.outside.xianyu.decode import read_wire
from core.outside.xianyu.events import UNKNOWN, event_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, read_json
from core.outside.xianyu.frames import is_bare_reply, is_frame, push_entries
from core.outside.xianyu.history import LIST_KEY, push_record, push_records
from core.outside.xianyu.records import raw_of_entry
from core.values.market import EventKind, MarketEvent

NOISE = MarketEvent(event=EventKind.noise)


def decode_text(text: str, me: str | None = None) -> Iterator[dict[str, object]]:
    """One map for each record in the text, with only the facts that are known; garbage gives `unknown`, never an error.

    The text is a raw base64 record, a decoded record (JSON), a whole frame (JSON), or several of these, one a line.
    `me` is the own user id (`unb`), by which own messages are recognised.
    """
    for event in decode_line(text, me):
        yield event.model_dump(mode="json", exclude_none=True)


def decode_line(text: str, me: str | None = None) -> list[MarketEvent]:
    """The events of a text, in its order."""
    bare = text.strip().lstrip("\ufeff")
    if (value := read_json(bare)) is not None:
        return _events_of_value(value, me)
    record = read_wire(_as_bytes(bare))
    lines = bare.splitlines()
    if record is None and len(lines) > 1:
        return [event for line in lines if line.strip() for event in decode_line(line, me)]
    return [event_of(record, me)]


def _events_of_value(value: object, me: str | None) -> list[MarketEvent]:
    if isinstance(value, list):
        return [event for item in value for event in _events_of_item(item, me)]
    return _events_of_item(value, me)


def _events_of_item(item: object, me: str | None) -> list[MarketEvent]:
    if isinstance(item, str):
        return [event_of(read_wire(_as_bytes(item)), me)]
    found = as_fields(item)
    if is_frame(found):
        return _events_of_frame(found, me)
    if LIST_KEY in found or isinstance(found.get("message"), dict):
        return _history_events(found, me)
    if "bizType" in found or "objectType" in found:
        return [event_of(read_wire(raw_of_entry(found)), me)]
    return [event_of(found, me)]


def _events_of_frame(frame: Fields, me: str | None) -> list[MarketEvent]:
    if (entries := push_entries(frame)) is not None:
        return [event_of(read_wire(raw_of_entry(entry)), me) for entry in entries]
    body = fields_at(frame, "body")
    if LIST_KEY in body:
        return _history_events(body, me)
    return [NOISE if is_bare_reply(frame) else UNKNOWN]


def _history_events(body: Fields, me: str | None) -> list[MarketEvent]:
    pushes = push_records(body) if LIST_KEY in body else [push_record(body)]
    return [event_of(push, me).model_copy(update={"event": EventKind.history}) for push in pushes]


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def as_json_line(found: dict[str, object]) -> str:
    """One event as the line that is printed."""
    return orjson.dumps(found).decode()
