"""Buyers the owner no longer ships to without a look: their orders become questions (laws.md, "Risk")."""

from core.moves import acts
from core.moves.cause import Cause
from core.moves.chats import redraw_chat
from core.store import buyers
from core.store.db import Tx

CARDS = 1000
"""So many conversations show it at once: a buyer has one an item and account."""


def block(tx: Tx, cause: Cause, buyer_id: int, reason: str | None) -> None:
    """Block a buyer with a reason, or unblock (None); the cards of all their conversations say so. NotFound."""
    before = buyers.find(tx, buyer_id).blocked_reason
    tx.run("buyers.block", id=buyer_id, reason=reason)
    for chat in tx.all("buyers.chats", id=buyer_id, most=CARDS):
        tx.run("chats.touch", id=chat["id"])
        redraw_chat(tx, cause, chat["id"])
    acts.record(tx, cause, "unblock" if reason is None else "block", "buyer", buyer_id, before or "", reason or "")
