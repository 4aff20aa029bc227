"""The parts of Telegram's updates that the shop reads (Bot API 10.0, "Getting updates"); the rest of them is left.

Read by ourselves and one by one, so that a single update of a shape nobody foresaw holds up none of the others.
"""

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Part of an update."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class User(Shape):
    """A person or a bot."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class Chat(Shape):
    """A conversation: private, group, supergroup or channel."""

    id: int
    type: str
    title: str = ""


class File(Shape):
    """A document, or one size of a photo."""

    file_id: str
    file_name: str = ""
    file_size: int = 0
    mime_type: str = ""


class Key(Shape):
    """A button under a message of a bot's; other kinds than ours carry no data."""

    callback_data: str | None = None


class Keyboard(Shape):
    """The rows of buttons under a message."""

    inline_keyboard: tuple[tuple[Key, ...], ...] = ()


class Message(Shape):
    """A message; `date` is seconds since 1970, 0 for one the bot cannot see any more."""

    message_id: int
    date: int = 0
    chat: Chat
    sender: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    via_bot: User | None = None
    text: str | None = None
    caption: str | None = None
    document: File | None = None
    photo: tuple[File, ...] = ()
    """Sizes of one photo, the largest last."""
    reply_to_message: "Message | None" = None
    reply_markup: Keyboard | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    forum_topic_created: dict[str, object] | None = None
    forward_origin: dict[str, object] | None = None
    migrate_to_chat_id: int | None = None
    new_chat_title: str | None = None


class Query(Shape):
    """A press of an inline button."""

    id: str
    sender: User = Field(alias="from")
    message: Message | None = None
    data: str | None = None


class MemberState(Shape):
    """What a member of a chat may do."""

    status: str
    user: User


class MemberChange(Shape):
    """The bot's own standing in a chat changed."""

    chat: Chat
    sender: User = Field(alias="from")
    new_chat_member: MemberState


class Update(Shape):
    """One update; at most one of the kinds is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Query | None = None
    my_chat_member: MemberChange | None = None


KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for."""
