"""Buyers: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.errors import NotFound
from core.store.db import Reader, Tx
from core.values.buyers import Dealings, Talk
from core.values.chats import ChatMode
from core.values.ids import BuyerId, ChatId, OrderId, UserId
from core.values.orders import Buyer


def find(tx: Tx, buyer_id: int) -> Buyer:
    """One buyer; NotFound."""
    return _found(tx.one("buyers.find", id=buyer_id), buyer_id)


async def read(reader: Reader, buyer_id: int) -> Buyer:
    """The same outside a transaction."""
    return _found(await reader.one("buyers.find", id=buyer_id), buyer_id)


async def list_named(reader: Reader, nick: str) -> tuple[BuyerId, ...]:
    """Buyers whose nick holds a word; at most two, so that a doubt shows."""
    return tuple(BuyerId(row["id"]) for row in await reader.all("buyers.named", nick=nick))


async def read_dealings(reader: Reader, buyer_id: int) -> Dealings:
    """What became of a buyer's orders, and of the money."""
    row = await reader.one("buyers.dealings", id=buyer_id)
    return Dealings.model_validate(dict(row)) if row else Dealings()


async def list_orders(reader: Reader, buyer_id: int, most: int) -> tuple[OrderId, ...]:
    """A buyer's newest orders."""
    return tuple(OrderId(row["id"]) for row in await reader.all("buyers.orders", id=buyer_id, most=most))


async def list_talks(reader: Reader, buyer_id: int, most: int) -> tuple[Talk, ...]:
    """A buyer's conversations: those a person holds first, then the newest."""
    return tuple(
        Talk(
            id=ChatId(row["id"]),
            account=row["account"],
            item_title=row["item_title"],
            human=row["mode"] == ChatMode.human,
        )
        for row in await reader.all("buyers.chats", id=buyer_id, most=most)
    )


def _found(row: sqlite3.Row | None, buyer_id: int) -> Buyer:
    if row is None:
        raise NotFound("no_such_buyer", buyer=f"b{buyer_id}")
    return Buyer(
        id=BuyerId(row["id"]),
        user_id=UserId(row["user_id"]),
        nick=row["nick"],
        first_seen_at=from_ms(row["first_seen_at"]),
        orders=row["orders"],
        paid_orders=row["paid_orders"],
        blocked_reason=row["blocked_reason"],
    )
