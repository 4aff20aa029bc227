"""A status without an order's number: which order of the chat it is about (facts: variants C, E, G)."""

from datetime import timedelta

from core.moves import outbox
from core.moves.cause import Cause
from core.moves.frames import finish, look_up
from core.rules.orders import STATE_OF_STATUS, is_behind
from core.store.db import Tx
from core.store.rows import Row
from core.values.effects import EffectKind
from core.values.market import MarketEvent
from core.values.orders import OrderState, PlatformStatus

FIRST_TWO = frozenset({PlatformStatus.pending_payment, PlatformStatus.pending_ship})
"""What a new order is said to be."""
SAME_EVENT_MS = 5_000
"""Instants of frames about one event lie at most so far apart: captured ones are equal, records tell whole seconds."""
ASK_AFTER_S = 5
"""How long a hint waits for the frame that names its order before the platform is asked, in seconds."""


def hear_hint(tx: Tx, cause: Cause, account_id: int, event: MarketEvent, inbox_id: int) -> None:
    """A status without an order id: every order of the chat it may be about is read; the platform is asked which it is
    when that is none of them, or when it may be the buyer's next one.
    """
    status = event.platform_status
    assert status is not None
    meant = _orders_of_chat(tx, account_id, event, status)
    for row in meant:
        if OrderState(row["state"]) is not STATE_OF_STATUS[status]:
            look_up(tx, cause, account_id, row["order_no"], row["id"], f"{status}:{event.ts_ms}")
    if meant and not any(_may_be_of_next(row, status, event.ts_ms) for row in meant):
        return finish(tx, cause, inbox_id)
    if asks_platform(tx, account_id, event):
        _ask_platform(tx, cause, account_id, event, "" if meant else f"{status} {event.ts_ms or ''}")
    if meant:
        return finish(tx, cause, inbox_id)
    tx.run("inbox.park", id=inbox_id, now=cause.now_ms, error="no order known in this chat")
    return None


def _ask_platform(tx: Tx, cause: Cause, account_id: int, event: MarketEvent, told: str) -> None:
    """Plan the question which order a hint is about; the frame that names it mostly comes with it, so not at once.

    With what was told, and when, the question is dropped when an order that explains it became known meanwhile.
    """
    body = f"{event.chat_id} {_item_of(tx, account_id, event)} {told}".strip()
    due_at = cause.now + timedelta(seconds=ASK_AFTER_S)
    outbox.add(tx, cause, EffectKind.find_order, account_id, find_key(account_id, event), body=body, due_at=due_at)


def _orders_of_chat(tx: Tx, account_id: int, event: MarketEvent, status: PlatformStatus) -> list[Row]:
    """The orders of a chat that a status may be about: what is behind an order's state is about another one."""
    if not event.chat_id:
        return []
    rows = tx.all("orders.of_chat", account_id=account_id, chat_no=event.chat_id)
    return [row for row in rows if not is_behind(OrderState(row["state"]), status)]


def _may_be_of_next(row: Row, status: PlatformStatus, ts_ms: int | None) -> bool:
    """Whether a status may be about a second purchase, nobody knows yet, instead of this order.

    It says what the order is already, and later than the order came there; or the order's refund hides its state.
    """
    if status not in FIRST_TWO or ts_ms is None:
        return False
    state = OrderState(row["state"])
    return state is OrderState.refunding or (state is STATE_OF_STATUS[status] and not _is_its_own(row, status, ts_ms))


def explains(row: Row, status: PlatformStatus, ts_ms: int | None) -> bool:
    """Whether an order is what a status was about: it stands there or beyond what the status may still bring, or it
    came there at that very instant and has moved on.
    """
    behind = is_behind(OrderState(row["state"]), status)
    return not behind or (status in FIRST_TWO and ts_ms is not None and _is_its_own(row, status, ts_ms))


def _is_its_own(row: Row, status: PlatformStatus, ts_ms: int) -> bool:
    """Whether an order was made, or paid, at the instant a status was told of it."""
    came_at = row["created_at"] if status is PlatformStatus.pending_payment else row["paid_at"]
    return came_at is not None and abs(ts_ms - came_at) <= SAME_EVENT_MS


def find_key(account_id: int, event: MarketEvent) -> str:
    """The natural key of the question which order a chat's hint is about."""
    return f"find_order:{account_id}:{event.chat_id}:{event.ts_ms}"


def asks_platform(tx: Tx, account_id: int, event: MarketEvent) -> bool:
    """Whether the platform can be asked which order a hint is about (it wants chat and item), and was not yet."""
    known = event.chat_id and _item_of(tx, account_id, event)
    return bool(known) and tx.one("outbox.has_key", key=find_key(account_id, event)) is None


def _item_of(tx: Tx, account_id: int, event: MarketEvent) -> str | None:
    chat = tx.one("chats.by_no", account_id=account_id, chat_no=event.chat_id)
    return event.item_id or (chat["item_id"] if chat else None)
