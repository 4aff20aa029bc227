"""What Telegram may say instead of doing what it was asked.

Transient and Busy (core/errors) go on to whoever asked; the rest is settled inside this front.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a request was refused, as far as something can be done about it (Bot API, error descriptions)."""

    not_modified = "not_modified"
    """An edit to the same: nothing to do."""
    gone = "gone"
    """The message to edit is not there (any more), or not ours."""
    no_reply_target = "no_reply_target"
    no_topic = "no_topic"
    bad_entities = "bad_entities"
    """Telegram could not read our HTML."""
    no_text = "no_text"
    """The message has a caption, or only a picture: its text cannot be edited."""
    bad_picture = "bad_picture"
    query_is_old = "query_is_old"
    """The press was answered before, or too long ago."""
    no_chat = "no_chat"
    other = "other"


WORDS: tuple[tuple[str, Reason], ...] = (
    ("is not modified", Reason.not_modified),
    ("message to edit not found", Reason.gone),
    ("message can't be edited", Reason.gone),
    ("message_id_invalid", Reason.gone),
    ("message to be replied not found", Reason.no_reply_target),
    ("message to reply not found", Reason.no_reply_target),
    ("replied message not found", Reason.no_reply_target),
    ("message thread not found", Reason.no_topic),
    ("topic_closed", Reason.no_topic),
    ("topic_deleted", Reason.no_topic),
    ("can't parse entities", Reason.bad_entities),
    ("no text in the message", Reason.no_text),
    ("photo_invalid_dimensions", Reason.bad_picture),
    ("image_process_failed", Reason.bad_picture),
    ("photo_save_file_invalid", Reason.bad_picture),
    ("query is too old", Reason.query_is_old),
    ("query id is invalid", Reason.query_is_old),
    ("query_id_invalid", Reason.query_is_old),
    ("chat not found", Reason.no_chat),
    ("peer_id_invalid", Reason.no_chat),
)
"""Parts of Telegram's descriptions, in lower case, and what they mean. They are no promise of the Bot API."""


def reason_of(description: str) -> Reason:
    """What a refusal's description means."""
    words = description.lower()
    return next((reason for part, reason in WORDS if part in words), Reason.other)


class Rejected(Exception):
    """The request cannot be carried out as it is; a repeat would change nothing."""

    def __init__(self, reason: Reason, description: str) -> None:
        super().__init__(description)
        self.reason = reason


class Migrated(Exception):
    """The group became a supergroup and has another id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the group is {chat_id} now")
        self.chat_id = chat_id


class Conflict(Exception):
    """Somebody else polls with the same token (409), or a webhook is set."""
