"""A message record taken apart: the one shape behind pushes, card updates, the `operation` format and history.

Key paths: facts, "Chat message: key paths". In a push the body is under "1", since 2026-08 sometimes one level deeper.
"""

import binascii
import re
from typing import NamedTuple

from core.outside.xianyu.fields import (
    Fields,
    as_fields,
    as_id,
    fields_at,
    id_at,
    instant_ms_at,
    json_at,
    number_at,
    query_of,
    read_json,
    text_at,
)

TEXT, IMAGE, AUDIO, VIDEO, TEXT_CARD, ITEM_CARD = 1, 2, 3, 4, 6, 7
TIP, PLATFORM_CARD, TRADE_CARD, WORKBENCH_CARD, CARD_CHANGE = 14, 25, 26, 28, 32
"""Content types (facts: content types)."""
TYPED = frozenset({TEXT, IMAGE, AUDIO, VIDEO, ITEM_CARD})
"""What people send; everything else is made by the platform."""
_WRITTEN = {
    TEXT: ("text", "text"),
    TEXT_CARD: ("textCard", "title"),
    ITEM_CARD: ("itemCard", "title"),
    TIP: ("tip", "tip"),
}
"""Where the content of a type has its words (facts: S27)."""

_BY_USER, _BY_PLATFORM = 2, 1
PLATFORM_BOT = "1400"
_GROUP, _WORKBENCH = 30, 53
_MARKUP = re.compile(r"<[^>]*>")


class Message(NamedTuple):
    """What a message record says, before it is judged. Maps are empty and facts None where the record is silent."""

    chat_no: str | None
    pnm_id: str | None
    sender: str | None
    receiver: str | None
    ts_ms: int | None
    flag: int | None
    content_type: int | None
    content: Fields
    summary: str | None
    extension: Fields
    ext_json: Fields
    biz_tag: Fields
    link: dict[str, str]
    is_update: bool = False

    @property
    def message_id(self) -> str | None:
        """The business message id, the second of the two names a message has."""
        return text_at(self.biz_tag, "messageId") or text_at(self.ext_json, "messageId") or self.link.get("messageId")

    @property
    def task_name(self) -> str:
        """The platform's name for the automatic message it sent; empty for what people type."""
        return text_at(self.biz_tag, "taskName") or ""

    @property
    def text(self) -> str | None:
        """The exact text where the content has it, else the summary the platform shows."""
        path = _WRITTEN.get(self.content_type or 0)
        written = text_at(fields_at(self.content, path[0]), path[1]) if path else None
        if written and self.content_type == TEXT_CARD:
            written = _MARKUP.sub("", written).strip()
        return written or self.summary or text_at(self.extension, "reminderContent")

    @property
    def image_url(self) -> str | None:
        """The first picture of an image message (may be HEIC)."""
        pics = fields_at(self.content, "image").get("pics")
        return text_at(as_fields(pics[0]), "url") if isinstance(pics, list) and pics else None

    @property
    def is_marked(self) -> bool:
        """Whether the platform itself marked the record as its own: the one mark nobody's client can write.

        Everything else in a message (its content JSON, `extJson`, `bizTag`) is what some client sent.
        """
        return self.flag == _BY_PLATFORM

    @property
    def is_of_workbench(self) -> bool:
        """Whether it stands in the seller's workbench session, which is no conversation with a buyer (variant H)."""
        return self.content_type == WORKBENCH_CARD or number_at(self.extension, "sessionType") == _WORKBENCH

    @property
    def is_platforms(self) -> bool:
        """True when the record carries a mark that the platform's own messages have: enough for never answering it."""
        return (
            self.is_marked
            or self.sender == PLATFORM_BOT
            or "custom_chat" in (text_at(self.extension, "reminderUrl") or "")
            or number_at(self.extension, "sessionType") in (_GROUP, _WORKBENCH)
            or (self.flag != _BY_USER and self._looks_made)
        )

    @property
    def is_users(self) -> bool:
        """Whether the platform marked the record as a person's: whatever it looks like, it speaks of no order."""
        return self.flag == _BY_USER

    @property
    def _looks_made(self) -> bool:
        """What automatic messages carry where the mark is missing (history, trimmed records)."""
        source = text_at(self.biz_tag, "sourceId") or ""
        return bool(self.task_name) or source.startswith("C2C") or "msgArg1" in self.ext_json

    @property
    def user_authored(self) -> bool | None:
        """Whether a person wrote it; None when the record (a trimmed or foreign one) does not tell.

        "7" is 2 for what people send and 1 for the platform's own in every captured sample. History has no "7", and
        another number says nothing: then the content type and the absence of the platform's marks tell.
        """
        if self.is_platforms:
            return False
        if self.is_users:
            return True
        if self.content_type is not None:
            return self.content_type in TYPED
        by_person = text_at(self.ext_json, "tag") == "u" or (text_at(self.biz_tag, "sourceId") or "").startswith("S:")
        return True if by_person else None


def find_body(record: Fields) -> Fields | None:
    """The message body of a push record: the first of `["1"]`, `["1"]["1"]` with the extension under "10"."""
    body = record.get("1")
    for _ in range(2):
        if not isinstance(body, dict):
            return None
        if isinstance(body.get("10"), dict):
            return body
        body = body.get("1")
    return None


def message_of_body(body: Fields) -> Message:
    """Take a push body apart."""
    extension = fields_at(body, "10")
    custom = fields_at(body, "6", "3")
    content = json_at(custom, "5") or _packed_content(custom)
    return _message(
        extension,
        content,
        chat_no=id_at(body, "2"),
        pnm_id=text_at(body, "3"),
        sender=id_at(extension, "senderUserId") or id_at(fields_at(body, "1"), "1"),
        receiver=id_at(extension, "receiver") or id_at(body, "4"),
        ts_ms=instant_ms_at(body, "5"),
        flag=number_at(body, "7"),
        content_type=number_at(custom, "4"),
        summary=text_at(custom, "2"),
    )


def message_of_update(record: Fields) -> Message:
    """Take a card update apart (`{"1": pnm, "2": chat, "3": 1, "4": {…}, "5": ts}`, variant B)."""
    extension = fields_at(record, "4")
    return _message(
        extension,
        {},
        chat_no=id_at(record, "2"),
        pnm_id=text_at(record, "1"),
        sender=id_at(extension, "senderUserId"),
        receiver=id_at(extension, "receiver"),
        ts_ms=instant_ms_at(record, "5"),
        flag=_BY_PLATFORM,
        content_type=None,
        summary=text_at(extension, "reminderContent"),
        is_update=True,
    )


def message_of_operation(record: Fields) -> Message:
    """Take the web push format apart (`{sessionId, operation: {content, senderInfo, …}}`)."""
    operation = fields_at(record, "operation")
    content = fields_at(operation, "content")
    reminder = fields_at(content, "reminder")
    sender = fields_at(operation, "senderInfo")
    said = content.get("text")
    return _message(
        reminder,
        {**content, "text": {"text": said}} if isinstance(said, str) else content,
        chat_no=id_at(record, "sessionId") or id_at(fields_at(operation, "sessionInfo"), "sessionId"),
        pnm_id=text_at(operation, "messageId"),
        sender=id_at(sender, "senderUserId") or id_at(reminder, "senderUserId"),
        receiver=None,
        ts_ms=instant_ms_at(operation, "createTime") or instant_ms_at(operation, "createAt"),
        flag=None,
        content_type=None,
        summary=text_at(reminder, "reminderContent"),
    )


def _message(
    extension: Fields,
    content: Fields,
    *,
    chat_no: str | None,
    pnm_id: str | None,
    sender: str | None,
    receiver: str | None,
    ts_ms: int | None,
    flag: int | None,
    content_type: int | None,
    summary: str | None,
    is_update: bool = False,
) -> Message:
    ext_json = json_at(extension, "extJson")
    link = query_of(text_at(extension, "reminderUrl"))
    return Message(
        chat_no=chat_no or as_id(link.get("sid")),
        pnm_id=pnm_id,
        sender=sender,
        receiver=receiver,
        ts_ms=ts_ms,
        flag=flag,
        content_type=content_type or number_at(content, "contentType") or number_at(ext_json, "contentType"),
        content=content,
        summary=summary,
        extension=extension,
        ext_json=ext_json,
        biz_tag=json_at(extension, "bizTag"),
        link=link,
        is_update=is_update,
    )


def _packed_content(custom: Fields) -> Fields:
    """Some senders put the content base64-packed under "1" instead of as JSON under "5"."""
    packed = text_at(custom, "1")
    if packed is None or not packed.isascii():
        return {}
    try:
        return as_fields(read_json(binascii.a2b_base64(packed)))
    except binascii.Error:
        return {}
