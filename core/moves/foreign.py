"""Conversations in which our account is the buyer: nothing there becomes an order, an answer or an alert of the shop.

Whose side the account is on is told by the map of a chat (its item's seller), by a card's role, and by the list of
conversations. A bare status line, or words, do not tell it: what is known of their chat decides. The platform's newest
word counts; a chat in which we have sold stays a chat of ours.
"""

from core.moves.cause import Cause
from core.store.db import Tx
from core.values.market import EventKind, MarketEvent, TradeRole

MAPS = frozenset({EventKind.chat_order_map, EventKind.chat_item_map})
SILENT = frozenset({EventKind.chat_text, EventKind.chat_image, EventKind.self_message, EventKind.order_hint})
"""What does not say itself whose sale it is about."""


def is_foreign(tx: Tx, cause: Cause, account_id: int, event: MarketEvent) -> bool:
    """Whether a record is about a sale of somebody else; what it says of its chat is kept."""
    if event.event in SILENT and event.role is None:
        return is_foreign_chat(tx, account_id, event.chat_id)
    foreign = event.role is TradeRole.buyer or _sells_another(tx, account_id, event)
    if event.chat_id and foreign:
        keep_foreign(tx, cause, account_id, event.chat_id)
    elif event.chat_id and (event.role is TradeRole.seller or (event.event in MAPS and event.seller_id)):
        tx.run("foreign.drop", account_id=account_id, chat_no=event.chat_id)
    return foreign


def is_foreign_chat(tx: Tx, account_id: int, chat_no: str | None) -> bool:
    """Whether somebody else is known to sell in a conversation."""
    return tx.one("foreign.find", account_id=account_id, chat_no=chat_no) is not None


def keep_foreign(tx: Tx, cause: Cause, account_id: int, chat_no: str) -> None:
    """Somebody else sells here; an answer that was planned before that was known is dropped."""
    if tx.one("orders.hinted", account_id=account_id, chat_no=chat_no):
        return
    if not tx.run("foreign.add", account_id=account_id, chat_no=chat_no, now=cause.now_ms):
        return
    tx.run("foreign.silence", account_id=account_id, chat_no=chat_no)
    row = tx.one("chats.by_no", account_id=account_id, chat_no=chat_no)
    if row is not None:
        tx.run("outbox.cancel_answers", chat_id=row["id"], now=cause.now_ms)


def _sells_another(tx: Tx, account_id: int, event: MarketEvent) -> bool:
    """A seller is named who is not this account's user (as far as that is known)."""
    named = event.seller_id
    return named is not None and tx.one("accounts.is_user", id=account_id, user_id=named) is None
