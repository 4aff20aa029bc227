"""Wire bytes to a decoded record.

`syncPushPackage.data[].data` travels in three ways (facts: decoding): JSON, base64 of JSON, base64 of MessagePack with
integer keys. Keys come out as text; whatever is none of the three comes out as None.
"""

import binascii

import msgpack

from core.outside.xianyu.fields import Fields, read_json

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
_STRAY = bytes(code for code in range(256) if code not in _ALPHABET)


def read_wire(data: bytes) -> Fields | None:
    """Decode one record; None when it is garbage. Never raises."""
    plain = data.strip()
    if plain[:1] == b"{":
        return _as_record(read_json(plain))
    packed = _from_base64(plain)
    if packed is None:
        return None
    said = _as_record(read_json(packed)) if packed[:1] == b"{" else None
    return said if said is not None else _from_msgpack(packed)


def text_keys(found: dict[object, object]) -> dict[object, object]:
    """The same map with its number keys as text; called for each map of a record, innermost first.

    A map of the platform has keys of one kind, so its first key tells.
    """
    for key in found:
        return found if type(key) is str else {str(name): item for name, item in found.items()}
    return found


def _as_record(value: object) -> Fields | None:
    return value if isinstance(value, dict) else None


def _from_base64(text: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        bare = text.translate(_TO_STANDARD, _STRAY)
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return None


def _from_msgpack(packed: bytes) -> Fields | None:
    try:
        value = msgpack.unpackb(
            packed, raw=False, strict_map_key=False, unicode_errors="replace", object_hook=text_keys
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return _as_record(value)
