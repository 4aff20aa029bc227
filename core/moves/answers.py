"""A plain answer to a buyer: its own door into the outbox, and what came of it."""

from datetime import datetime

from core.errors import IllegalMove, NotFound, Refused
from core.moves import acts, outbox
from core.moves.cause import Cause
from core.moves.chats import keep_own_words
from core.moves.daily import Count, count
from core.moves.notices import tell
from core.rules.templates import KEY as POLITE
from core.rules.templates import PASSED
from core.store import chats
from core.store import outbox as memory
from core.store.db import Tx
from core.values.chats import Chat, ChatMode
from core.values.effects import Effect, EffectKind, EffectState
from core.values.fulfilment import ErrorClass
from core.values.ids import ChatId
from core.values.notices import NoticeKind

STALE = "stale"
"""Why an automatic text was not said: it had waited too long. A text key."""
GUARDED = "guard"
"""Why one was not: what the owner allows changed while it waited. A text key."""
KEY = "answer:"
"""How the keys of answers the shop thought of itself begin."""
UNSENT = (EffectState.refused, EffectState.failed)
"""Words that surely did not reach the buyer."""


def answer(
    tx: Tx, cause: Cause, chat: Chat, through: int, text: str, due_at: datetime, counted: Count, bargained: bool
) -> None:
    """Say something once for everything heard up to a message; IllegalMove when that was dealt with before."""
    _close_burst(tx, cause, chat, through, bargained=bargained)
    key = f"{KEY}{chat.id}:{through}"
    outbox.add(tx, cause, EffectKind.answer, chat.account_id, key, chat_id=chat.id, body=text, due_at=due_at)
    count(tx, cause, counted)
    if chat.burst_from is not None:
        count(tx, cause, Count.answer_wait_ms, round((due_at - chat.burst_from).total_seconds() * 1000))


def stay_silent(tx: Tx, cause: Cause, chat: Chat, through: int) -> None:
    """Nothing is said, on purpose."""
    _close_burst(tx, cause, chat, through, silent=True)


def hand_over(tx: Tx, cause: Cause, chat: Chat, through: int, reason: str, text: str, due_at: datetime) -> None:
    """A person must answer: the owner is told, and the buyer politely, if there is a text for it."""
    _close_burst(tx, cause, chat, through)
    if text:
        key = f"{KEY}{chat.id}:{through}"
        outbox.add(tx, cause, EffectKind.answer, chat.account_id, key, chat_id=chat.id, body=text, due_at=due_at)
    count(tx, cause, Count.handed_over)
    tell(tx, cause, NoticeKind.chat_handed_over, "chat", chat.id, once=through, detail=reason)


def blocked(tx: Tx, cause: Cause, chat: Chat, through: int, kinds: str) -> None:
    """The guard stopped a text before it left (law 6)."""
    count(tx, cause, Count.guard_blocked)
    tell(tx, cause, NoticeKind.guard_blocked, "chat", chat.id, once=through, detail=kinds)


def say(tx: Tx, cause: Cause, chat: Chat, text: str, message: str | None = None) -> None:
    """A person's own words, from the owner's chat; unique on the request that carried them.

    `message` is the person's own, in the chat they wrote in: it gets a sign when the platform took the words.
    """
    by = (cause.actor.name or cause.actor.who).replace(":", " ")
    key = f"say:{by}:{cause.actor.request or cause.now_ms}"
    effect = outbox.add(tx, cause, EffectKind.answer, chat.account_id, key, chat_id=chat.id, body=text)
    if effect is not None and message is not None:
        tx.run("replies.add", outbox_id=effect, chat=cause.actor.chat, message=message, now=cause.now_ms)


def resend(tx: Tx, cause: Cause, outbox_id: int, choice: str) -> ChatId:
    """What becomes of words that did not go out, or may have: `again` (the same ones), `sent`, `give_up`; their chat.

    NotFound("no_such_words"), Refused("nothing_to_resend"). Words of which the platform said no were not sent.
    """
    effect = memory.find(tx, outbox_id)
    if effect is None or effect.kind is not EffectKind.answer or effect.chat_id is None:
        raise NotFound("no_such_words", number=outbox_id)
    in_doubt = effect.state is EffectState.unknown
    if (not in_doubt and (effect.state not in UNSENT or choice != "again")) or not effect.body:
        raise Refused("nothing_to_resend")
    acts.record(tx, cause, "resend", "chat", effect.chat_id, before=effect.state, after=choice)
    if choice == "again":
        tx.run("outbox.resend", id=outbox_id, now=cause.now_ms)
    elif choice == "sent":
        accepted(tx, cause, effect, "")
    else:
        outbox.finish(tx, cause, outbox_id, EffectState.cancelled)
    return effect.chat_id


def _close_burst(
    tx: Tx, cause: Cause, chat: Chat, through: int, *, bargained: bool = False, silent: bool = False
) -> None:
    """A person who took the chat over while the model thought has the word: only silence is left to us."""
    if not tx.run("chats.answered", id=chat.id, through=through, bargained=bargained, silent=silent, now=cause.now_ms):
        raise IllegalMove("already_answered", chat=chat.id)


def accepted(tx: Tx, cause: Cause, effect: Effect, message_id: str) -> None:
    """The platform took the text."""
    if outbox.finish(tx, cause, effect.id, EffectState.done, result=message_id):
        if effect.chat_id is not None:
            keep_own_words(tx, cause, effect, message_id or None)
        reply = tx.one("replies.find", outbox_id=effect.id)
        if reply is not None:
            tell(
                tx,
                cause,
                NoticeKind.said,
                "reply",
                effect.id,
                once=effect.id,
                chat=reply["chat"],
                detail=f"{reply['message']} {effect.chat_id}",
            )


def refused(tx: Tx, cause: Cause, effect: Effect, error_class: ErrorClass, error: str) -> None:
    """The platform did not take it, attempts are used up, or it fits no more: the owner is told."""
    if effect.key.startswith(POLITE) and error in (STALE, PASSED):
        outbox.finish(tx, cause, effect.id, EffectState.cancelled, error=error)
        return  # nobody waits for the shop's own polite words
    state = EffectState.refused if error_class is ErrorClass.business else EffectState.failed
    if outbox.finish(tx, cause, effect.id, state, error_class=error_class, error=error):
        ours = error in (STALE, GUARDED)
        if not ours:
            count(tx, cause, Count.answers_refused)
        kind = NoticeKind.chat_handed_over if ours else NoticeKind.answer_refused
        tell(tx, cause, kind, *_about(effect), once=_once(cause, effect), detail=error)


def reconsider(tx: Tx, cause: Cause, effect: Effect) -> None:
    """It is to be said later: not by itself in a conversation a person took over meanwhile."""
    if effect.chat_id is not None and chats.find(tx, effect.chat_id).mode is ChatMode.human:
        tx.run("outbox.cancel_answers", chat_id=effect.chat_id, now=cause.now_ms)


def in_doubt(tx: Tx, cause: Cause, effect: Effect, error: str) -> None:
    """Whether the buyer has it is not known and the platform cannot tell."""
    outbox.finish(tx, cause, effect.id, EffectState.unknown, error_class=ErrorClass.unknown, error=error)
    tell(
        tx,
        cause,
        NoticeKind.answer_unknown,
        *_about(effect),
        once=f"{effect.id}:{cause.now_ms}",
        detail=error,
    )


def _about(effect: Effect) -> tuple[str, int]:
    """What its card is about: the conversation, or the order while it had none."""
    return ("chat", effect.chat_id) if effect.chat_id is not None else ("order", effect.order_id or 0)


def _once(cause: Cause, effect: Effect) -> str:
    """The same words may fail again, when a person sent them again."""
    return f"{effect.id}:{cause.now_ms}"
