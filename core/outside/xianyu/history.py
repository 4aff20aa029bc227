"""A conversation's history (`/r/MessageManager/listUserMessages`) in the shape of pushes.

A history model carries the same facts under other names (facts: S25): messageId = push "3", extension = push "10",
custom.data = base64 of push "6"."3"."5". Rebuilt as a push record, one reader serves both and the ids agree.
"""

import binascii

from core.outside.xianyu.fields import Fields, as_fields, fields_at, list_at, text_at

LIST_KEY = "userMessageModels"


def push_records(body: Fields) -> list[Fields]:
    """The models of a history reply's body as push records, in the order of the reply (newest first)."""
    return [push_record(as_fields(model)) for model in list_at(body, LIST_KEY)]


def push_record(model: Fields) -> Fields:
    """One history model as a push record. There is no "7": who wrote it shows in the content type and the marks."""
    message = fields_at(model, "message")
    content = fields_at(message, "content")
    custom = fields_at(content, "custom")
    return {
        "1": {
            "1": {"1": fields_at(message, "sender").get("uid")},
            "2": message.get("cid"),
            "3": message.get("messageId"),
            "5": message.get("createAt"),
            "6": {"3": {"2": custom.get("summary"), "5": _unpacked(text_at(custom, "data"))}},
            "10": fields_at(message, "extension"),
        }
    }


def _unpacked(data: str | None) -> str | None:
    if data is None or not data.isascii():
        return None
    try:
        return binascii.a2b_base64(data).decode("utf-8", "replace")
    except binascii.Error:
        return None
