"""Buyers the owner no longer ships to without a look: their orders become questions (laws.md, "Risk")."""

from core.errors import Refused
from core.moves import acts
from core.moves.cause import Cause
from core.moves.chats import redraw_chat
from core.store import chats
from core.store.db import Tx


def block(tx: Tx, cause: Cause, chat_id: int, reason: str | None) -> None:
    """Block the buyer of a conversation with a reason, or unblock (None). Refused("no_buyer") when it has none."""
    chat = chats.find(tx, chat_id)
    if chat.buyer_id is None:
        raise Refused("no_buyer", chat=chat_id)
    before = tx.one("buyers.find", id=chat.buyer_id)
    tx.run("buyers.block", id=chat.buyer_id, reason=reason)
    tx.run("chats.touch", id=chat_id)
    redraw_chat(tx, cause, chat_id)
    was = before["blocked_reason"] if before else None
    acts.record(tx, cause, "unblock" if reason is None else "block", "buyer", chat.buyer_id, was or "", reason or "")
