"""Reading fields of the platform's loosely typed records: every function takes anything and never raises.

The platform writes the same fact as a number here and as text there, so nothing is trusted to have a type.
"""

import re

import orjson

Fields = dict[str, object]
"""A decoded map of the platform, keys always text."""

_NOTHING: Fields = {}
_LONGEST_ID = 64
_LONGEST_NUMBER = 18
_MOST_THINGS = 100_000
_QUERY = re.compile(r"[?&]([A-Za-z]+)=([^&#\"\s]+)")


def as_fields(value: object) -> Fields:
    """The value itself when it is a map, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def fields_at(fields: Fields, *path: str) -> Fields:
    """The map at the end of a path of keys, empty where the path breaks."""
    found: object = fields
    for key in path:
        if not isinstance(found, dict):
            return _NOTHING
        found = found.get(key)
    return as_fields(found)


def list_at(fields: Fields, key: str) -> list[object]:
    """The list under a key, empty when there is none."""
    value = fields.get(key)
    return value if isinstance(value, list) else []


def text_at(fields: Fields, key: str) -> str | None:
    """The non-empty text under a key."""
    value = fields.get(key)
    return value if isinstance(value, str) and value else None


def as_id(value: object) -> str | None:
    """A platform id without its `@goofish`; 0 and the platform session's `0@goofish` are none.

    Ids have up to 19 digits: a float is never one, it would have lost its end.
    """
    if isinstance(value, str):
        bare = value.partition("@")[0].strip()
        return bare if bare and bare != "0" and len(bare) <= _LONGEST_ID else None
    return str(value) if type(value) is int and value > 0 else None


def id_at(fields: Fields, key: str) -> str | None:
    """The platform id under a key."""
    return as_id(fields.get(key))


def number_at(fields: Fields, key: str) -> int | None:
    """A whole number under a key, written as a number or as digits."""
    value = fields.get(key)
    if type(value) is int:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
        return int(value)
    return None


def quantity_at(fields: Fields, key: str) -> int:
    """A number of things bought under a key; one where it is none that can be bought."""
    number = number_at(fields, key)
    return number if number is not None and 0 < number <= _MOST_THINGS else 1


def instant_ms_at(fields: Fields, key: str) -> int | None:
    """Milliseconds since 1970 under a key; anything outside the years 1970 to 5138 is no instant."""
    ms = number_at(fields, key)
    return ms if ms is not None and 0 < ms < 10**14 else None


def read_json(value: object) -> object:
    """What a JSON text says; None when it is no JSON. Maps and lists that are already read come back as they are."""
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, str | bytes):
        return None
    try:
        found: object = orjson.loads(value)
    except ValueError:
        return None
    return found


def json_at(fields: Fields, key: str) -> Fields:
    """The map written as JSON text under a key."""
    return as_fields(read_json(fields.get(key)))


def query_of(url: str | None) -> dict[str, str]:
    """The query parameters of one of the platform's links, as they stand (`fleamarket://message_chat?itemId=…`)."""
    return dict(_QUERY.findall(url)) if url else {}
