"""Conversations and their messages: rows become values here."""

import sqlite3
from functools import lru_cache

from core.clock import from_ms
from core.errors import NotFound
from core.store.db import Reader, Tx
from core.store.rows import at
from core.store.vault import Vault
from core.values.chats import Chat, ChatMode, Said, Sender
from core.values.ids import AccountId, BuyerId, ChatId, ChatNo, ItemId, MessageId, UserId

REMEMBERED = 16_384
"""Messages kept open at most: eighty long chats."""


def find(tx: Tx, chat_id: int) -> Chat:
    """One conversation; NotFound."""
    row = tx.one("chats.find", id=chat_id)
    if row is None:
        raise NotFound("no_such_chat", chat=chat_id)
    return chat_of(row)


async def read(reader: Reader, chat_id: int) -> Chat:
    """The same outside a transaction."""
    row = await reader.one("chats.find", id=chat_id)
    if row is None:
        raise NotFound("no_such_chat", chat=chat_id)
    return chat_of(row)


async def list_recent(reader: Reader, chat_id: int, most: int) -> tuple[Said, ...]:
    """The newest messages of a conversation, oldest first."""
    rows = await reader.all("chats.recent", chat_id=chat_id, most=most)
    return tuple(said_of(row, reader.vault) for row in reversed(rows))


def chat_of(row: sqlite3.Row) -> Chat:
    """A row of chats.find."""
    return Chat(
        id=ChatId(row["id"]),
        account_id=AccountId(row["account_id"]),
        account=row["account"],
        chat_no=ChatNo(row["chat_no"]),
        buyer_id=BuyerId(row["buyer_id"]) if row["buyer_id"] else None,
        buyer_user_id=UserId(row["buyer_user_id"]) if row["buyer_user_id"] else None,
        nick=row["nick"] or "",
        blocked_reason=row["blocked_reason"],
        item_id=ItemId(row["item_id"]) if row["item_id"] else None,
        item_title=row["item_title"],
        mode=ChatMode(row["mode"]),
        human_until=at(row["human_until"]),
        taken_by=row["taken_by"],
        burst_from=at(row["burst_from"]),
        answered_through=MessageId(row["answered_through"]),
        answer_due_at=at(row["answer_due_at"]),
        bargain_rounds=row["bargain_rounds"],
        version=row["version"],
    )


def said_of(row: sqlite3.Row, vault: Vault) -> Said:
    """A row of chats.recent."""
    return _said(vault, *row)


@lru_cache(maxsize=REMEMBERED)
def _said(vault: Vault, message_id: int, sender: str, kind: str, text: bytes, sent_at: int, by: str) -> Said:
    """A message never changes, and a chat's history is read for each answer: opening it is most of that."""
    return Said(
        id=MessageId(message_id),
        sender=Sender(sender),
        kind=kind,
        text=vault.text(text),
        sent_at=from_ms(sent_at),
        by=by,
    )
