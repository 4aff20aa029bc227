"""Conversations with buyers."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import AccountId, BuyerId, ChatId, ChatNo, ItemId, MessageId, UserId


class ChatMode(StrEnum):
    """Who answers."""

    auto = "auto"
    human = "human"


class Sender(StrEnum):
    """Who said it: `us` is the shop, `owner` a person of ours."""

    buyer = "buyer"
    us = "us"
    owner = "owner"
    platform = "platform"


class Chat(Value):
    """A conversation as the shop keeps it. `answered_through` is the last message that was dealt with."""

    id: ChatId
    account_id: AccountId
    account: str
    chat_no: ChatNo
    buyer_id: BuyerId | None = None
    buyer_user_id: UserId | None = None
    nick: str = ""
    blocked_reason: str | None = None
    item_id: ItemId | None = None
    item_title: str = ""
    mode: ChatMode = ChatMode.auto
    human_until: datetime | None = None
    taken_by: str = ""
    answered_through: MessageId
    answer_due_at: datetime | None = None
    burst_from: datetime | None = None
    """Since when the buyer waits for an answer."""
    bargain_rounds: int = 0
    version: int


class Said(Value):
    """One message of a conversation."""

    id: MessageId
    sender: Sender
    kind: str
    text: str
    sent_at: datetime
    by: str = ""
