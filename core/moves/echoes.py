"""Our own account spoke: an echo of a text we sent, or the owner typing in the app (laws.md, "An unknown send")."""

from datetime import timedelta

from core.clock import from_ms
from core.moves import answers, shipping
from core.moves.cause import Cause
from core.moves.chats import keep_chat, keep_message, take_over
from core.moves.given_keys import hear_keys
from core.moves.notices import tell
from core.moves.terms import Terms
from core.rules.text import same_text
from core.store import outbox
from core.store.db import Tx
from core.store.rows import Row
from core.values.chats import Sender
from core.values.effects import EffectKind, EffectState
from core.values.market import MarketEvent
from core.values.notices import NoticeKind

ECHO_WINDOW_S = 600
"""An own message counts as an echo of the same words sent within so many seconds."""
CLOCK_SLACK = timedelta(seconds=5)
"""A message created up to so much before the attempt counts as made by it (laws.md)."""
DOUBTFUL = (EffectState.asking, EffectState.unknown)


def hear_own(tx: Tx, cause: Cause, terms: Terms, account_id: int, event: MarketEvent, inbox_id: int) -> None:
    """An echo that matches an unknown send settles it; one that matches a text of ours is nothing; else: takeover."""
    tx.later("inbox.finish", inbox_id, cause.now_ms)
    if not event.chat_id:
        return
    chat = keep_chat(tx, cause, account_id, event)
    echo = _find_echo(tx, cause, chat.id, event)
    if echo is None:
        keep_message(tx, cause, chat.id, event, Sender.owner)
        hear_keys(tx, cause, chat.id, event.text or "", f"typed:{inbox_id}")
        take_over(tx, cause, terms, chat.id, "app")
        tell(tx, cause, NoticeKind.chat_takeover, "chat", chat.id, once=f"typed:{inbox_id}")
    elif EffectState(echo["state"]) in DOUBTFUL:
        settle_sent(tx, cause, terms, echo["id"], event.pnm_id or "")


def _find_echo(tx: Tx, cause: Cause, chat_id: int, event: MarketEvent) -> Row | None:
    """The text of ours that was seen: the one known by this id, else the newest with the same words.

    Two orders may be sent the same words: an attempt the message is older than is taken only when there is no other.
    """
    sent = tx.all("outbox.sent_in_chat", chat_id=chat_id)
    ids = {event.pnm_id, event.message_id} - {None}
    named = next((row for row in sent if row["result"] in ids), None)
    if named is not None:
        return named
    alike = [row for row in sent if _is_alike(tx, cause, row, event.text or "")]
    return next((row for row in alike if _is_later(event, row)), alike[0] if alike else None)


def _is_alike(tx: Tx, cause: Cause, row: Row, text: str) -> bool:
    """The same words, tried not long ago."""
    since = cause.now - timedelta(seconds=ECHO_WINDOW_S)
    recent = row["tried_at"] is not None and from_ms(row["tried_at"]) >= since
    return recent and row["body"] is not None and same_text(tx.vault.text(row["body"]), text)


def _is_later(event: MarketEvent, row: Row) -> bool:
    """Whether the message was made after the attempt, less the slack of clocks."""
    return event.ts_ms is None or from_ms(event.ts_ms) >= from_ms(row["tried_at"]) - CLOCK_SLACK


def settle_sent(tx: Tx, cause: Cause, terms: Terms, outbox_id: int, message_id: str) -> None:
    """A text whose outcome was not known did reach the buyer."""
    effect = outbox.find(tx, outbox_id)
    if effect is None:
        return
    if effect.kind is EffectKind.deliver:
        shipping.delivered_after_doubt(tx, cause, terms, effect, message_id)
    else:
        answers.accepted(tx, cause, effect, message_id)
