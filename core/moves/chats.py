"""Conversations: what a buyer said, what we said, who speaks for us."""

from datetime import timedelta

from core.clock import from_ms
from core.moves import frames
from core.moves.cause import Cause
from core.moves.daily import Count, count
from core.moves.given_keys import hear_keys
from core.moves.notices import redraw, tell
from core.moves.terms import Terms
from core.rules.pacing import answer_due_at
from core.store.db import Tx
from core.store.rows import ms
from core.values import Value
from core.values.chats import ChatMode, Sender
from core.values.effects import Effect
from core.values.ids import ChatId, ChatNo
from core.values.market import EventKind, MarketEvent
from core.values.notices import NoticeKind
from core.values.orders import Order

IMAGE = "[图片]"


class Kept(Value):
    """A conversation as it stood when something was said in it."""

    id: ChatId
    mode: ChatMode
    burst_from_ms: int | None


def hear(tx: Tx, cause: Cause, terms: Terms, account_id: int, event: MarketEvent, inbox_id: int) -> None:
    """A buyer spoke: kept, and an answer is due after the debounce; the whole burst is answered at once."""
    tx.later("inbox.finish", inbox_id, cause.now_ms)
    if not event.chat_id:
        return
    if event.buyer_id is None:  # history does not name the sides: who speaks here and is not us buys
        event = event.model_copy(update={"buyer_id": event.sender_id})
    chat = keep_chat(tx, cause, account_id, event)
    keep_message(tx, cause, chat.id, event, Sender.buyer)
    count(tx, cause, Count.messages, account_id=account_id)
    if chat.mode is ChatMode.human:
        tell(tx, cause, NoticeKind.chat_handed_over, "chat", chat.id, once=f"said:{inbox_id}")
        return
    burst_from = from_ms(chat.burst_from_ms) if chat.burst_from_ms else cause.now
    due_at = answer_due_at(cause.now, burst_from, terms.replies)
    tx.run("chats.plan_answer", id=chat.id, due_at=ms(due_at), now=cause.now_ms)


def keep_chat(tx: Tx, cause: Cause, account_id: int, event: MarketEvent) -> Kept:
    """The conversation's row, made at first sight, with what the event knows of buyer and item."""
    buyer_id = frames.keep_buyer(tx, cause, event)
    row = tx.one(
        "chats.keep",
        account_id=account_id,
        chat_no=event.chat_id,
        buyer_id=buyer_id,
        item_id=event.item_id,
        item_title=event.item_title or "",
        now=cause.now_ms,
    )
    assert row is not None
    return Kept(id=row["id"], mode=ChatMode(row["mode"]), burst_from_ms=row["burst_from"])


def keep_message(tx: Tx, cause: Cause, chat_id: int, event: MarketEvent, sender: Sender) -> None:
    """Write a message that came through the socket."""
    image = event.event is EventKind.chat_image
    tx.run(
        "chats.add_message",
        chat_id=chat_id,
        pnm_id=event.pnm_id,
        sender=sender.value,
        kind="image" if image else "text",
        text=tx.vault.seal(event.text or (IMAGE if image else "")),
        sent_at=event.ts_ms or cause.now_ms,
        now=cause.now_ms,
        by="",
        outbox_id=None,
    )


def keep_own_words(tx: Tx, cause: Cause, effect: Effect, message_id: str | None) -> None:
    """Write a text of ours that the platform accepted; `by` is the person who wrote it, if one did."""
    by = effect.key.split(":", 2)[1] if effect.key.startswith("say:") else ""
    tx.run(
        "chats.add_message",
        chat_id=effect.chat_id,
        pnm_id=message_id,
        sender=(Sender.owner if by else Sender.us).value,
        kind="text",
        text=tx.vault.seal(effect.body),
        sent_at=cause.now_ms,
        now=cause.now_ms,
        by=by,
        outbox_id=effect.id,
    )
    if by and effect.chat_id:
        hear_keys(tx, cause, effect.chat_id, effect.body, f"said:{effect.id}")


def take_over(tx: Tx, cause: Cause, terms: Terms, chat_id: int, by: str) -> None:
    """A person speaks now; automatic answers nobody has begun are dropped. Idle minutes end it."""
    until = cause.now + timedelta(minutes=terms.replies.takeover_minutes)
    tx.run("chats.take_over", id=chat_id, until=ms(until), by=by)
    tx.run("outbox.cancel_answers", chat_id=chat_id, now=cause.now_ms)
    redraw_chat(tx, cause, chat_id)


def end_takeover(tx: Tx, cause: Cause, chat_id: int, *, idle: bool = False) -> bool:
    """Automatic answers go on; False when nobody had taken it over, or (`idle`) somebody still speaks."""
    ended = tx.run("chats.end_takeover", id=chat_id, idle_at=cause.now_ms if idle else None) == 1
    if ended:
        redraw_chat(tx, cause, chat_id)
    return ended


def redraw_chat(tx: Tx, cause: Cause, chat_id: int) -> None:
    """Cards of the conversation follow it."""
    row = tx.one("chats.version", id=chat_id)
    redraw(tx, cause, "chat", chat_id, row["version"] if row else 0)


def opened(tx: Tx, cause: Cause, effect: Effect, order: Order, chat_no: ChatNo) -> ChatId:
    """The conversation of an order that had none when its text was planned: known before anything is said in it."""
    tx.run("orders.set_chat", id=order.id, chat_no=chat_no)
    chat_id = chat_of(tx, cause, order, chat_no)
    tx.run("outbox.set_chat", id=effect.id, chat_id=chat_id)
    return chat_id


def chat_of(tx: Tx, cause: Cause, order: Order, chat_no: ChatNo) -> ChatId:
    """The row of an order's conversation, made when nothing was heard in it yet: an echo must find our own words."""
    row = tx.one(
        "chats.keep",
        account_id=order.account_id,
        chat_no=chat_no,
        buyer_id=order.buyer.id if order.buyer else None,
        item_id=order.item_id,
        item_title="",
        now=cause.now_ms,
    )
    assert row is not None
    return ChatId(row["id"])
