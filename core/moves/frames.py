"""A frame about an order: born, one step, or a reason to ask the platform (laws.md, "Order").

A frame is the platform's word but not its record: it moves an order one step at most, and a frame that is ahead, or
that names no order, only causes the record to be read.
"""

from core.moves.apply import apply, settle
from core.moves.cause import Cause
from core.moves.daily import Count, count
from core.moves.step import OrderMoved, OrderStep, write_history
from core.moves.terms import Terms
from core.rules.orders import STATE_OF_STATUS, is_behind, steps_to
from core.store.db import Tx
from core.store.rows import Row
from core.values.market import MarketEvent, TradeRole
from core.values.orders import OrderState, PlatformStatus

PAID = frozenset(OrderState) - {OrderState.pending_payment, OrderState.cancelled}
ASKED = frozenset({OrderState.pending_payment, OrderState.pending_ship, OrderState.refunding})
PLATFORM_NAME = "xianyu"
LISTED = "listed:"
"""How the reason of a look-up begins that the sold list gave: the platform itself says that there is such an order."""


def hear(tx: Tx, cause: Cause, terms: Terms, account_id: int, event: MarketEvent, inbox_id: int) -> None:
    """Act on a frame that tells the status of an order it names; marks its inbox row in the same transaction.

    Of what we buy ourselves nothing comes here (core/moves/foreign).
    """
    if event.platform_status is None:
        finish(tx, cause, inbox_id)
    else:
        _told(tx, cause, terms, account_id, event, event.platform_status)
        finish(tx, cause, inbox_id)


def hear_map(tx: Tx, cause: Cause, account_id: int, event: MarketEvent, inbox_id: int) -> None:
    """A chat's order or item became known."""
    if event.chat_id:
        buyer_id = keep_buyer(tx, cause, event)
        tx.one(
            "chats.keep",
            account_id=account_id,
            chat_no=event.chat_id,
            buyer_id=buyer_id,
            item_id=event.item_id,
            item_title=event.item_title or "",
            now=cause.now_ms,
        )
    if event.order_id:
        row = tx.one("orders.by_no", account_id=account_id, order_no=event.order_id)
        if row is None:
            look_up(tx, cause, account_id, event.order_id, None, f"map:{event.ts_ms}")
        else:
            _keep_facts(tx, cause, row["id"], event, None)
    return finish(tx, cause, inbox_id)


def look_up(
    tx: Tx, cause: Cause, account_id: int, order_no: str, order_id: int | None, why: str, chat_no: str = ""
) -> None:
    """Plan to read an order's record, unless that is planned already; `why` makes the natural key.

    The body names the order, and the chat it was found by, only as long as it has no row of its own.
    """
    first = f"look_up:{account_id}:{order_no}:"
    last = f"{first}\uffff"
    planned = tx.run(
        "outbox.add_look_up",
        account_id=account_id,
        first=first,
        last=last,
        why=why,
        order_id=order_id,
        body=tx.vault.seal(f"{order_no} {chat_no}".strip()) if order_id is None else None,
        now=cause.now_ms,
    )
    if not planned:
        tx.run("outbox.name_order", order_id=order_id, first=first, last=last)


def finish(tx: Tx, cause: Cause, inbox_id: int) -> None:
    """Mark a record as acted on, with all of its group."""
    tx.later("inbox.finish", inbox_id, cause.now_ms)


def _is_old_news(state: OrderState, status: PlatformStatus) -> bool:
    return state is STATE_OF_STATUS[status] or is_behind(state, status)


def _told(tx: Tx, cause: Cause, terms: Terms, account_id: int, event: MarketEvent, status: PlatformStatus) -> None:
    order_no = event.order_id or ""
    row = tx.one("orders.by_no", account_id=account_id, order_no=order_no)
    if not _is_believed(event, known=row is not None):
        if row is None or not _is_old_news(OrderState(row["state"]), status):
            why = f"{status}:{event.ts_ms}"
            look_up(tx, cause, account_id, order_no, row["id"] if row else None, why, event.chat_id or "")
    elif row is None:
        order_id = be_born(tx, cause, terms, account_id, event, STATE_OF_STATUS[status])
        if STATE_OF_STATUS[status] in ASKED:
            look_up(tx, cause, account_id, order_no, order_id, "born")
    else:
        _keep_facts(tx, cause, row["id"], event, status)
        _advance(tx, cause, terms, account_id, event, row, status)


def _is_believed(event: MarketEvent, *, known: bool) -> bool:
    """Whether a frame may move an order by one step, or, of one nobody knows, give birth to it.

    Only with the platform's own mark, and for a birth it must say that we sell: anything else (history, a flattened or
    foreign format, which some client may have written) only causes the record to be read.
    """
    return event.user_authored is False and (known or event.role is TradeRole.seller)


def _advance(
    tx: Tx,
    cause: Cause,
    terms: Terms,
    account_id: int,
    event: MarketEvent,
    row: Row,
    status: PlatformStatus,
) -> None:
    state = OrderState(row["state"])
    steps = steps_to(state, status, record=False)
    if steps is None and is_behind(state, status):
        return
    for step in steps or ():
        apply(tx, cause, terms, OrderStep(row["id"], step))
    paid_now = bool(steps) and STATE_OF_STATUS[status] is OrderState.pending_ship
    if steps is None or paid_now:
        look_up(tx, cause, account_id, event.order_id or "", row["id"], f"{status}:{event.ts_ms}")


def be_born(
    tx: Tx,
    cause: Cause,
    terms: Terms,
    account_id: int,
    event: MarketEvent,
    state: OrderState,
    created_at_ms: int | None = None,
    paid_at_ms: int | None = None,
) -> int:
    """A new order, in the state the platform says, with its buyer and history, in one transaction (DAT-017)."""
    at_ms = event.ts_ms or cause.now_ms
    paid = state in PAID
    buyer_id = _keep_ordering_buyer(tx, cause, event, paid=paid)
    order_id = tx.insert(
        "orders.insert",
        account_id=account_id,
        order_no=event.order_id,
        chat_no=event.chat_id,
        buyer_id=buyer_id,
        item_id=event.item_id,
        state=state.value,
        platform_status=event.platform_status.value if event.platform_status else None,
        needs_postage=event.needs_postage,
        created_at=created_at_ms or at_ms,
        paid_at=(paid_at_ms or at_ms) if paid else None,
        shipped_at=at_ms if state in (OrderState.shipped, OrderState.completed) else None,
        closed_at=at_ms if state in (OrderState.completed, OrderState.cancelled) else None,
        now=cause.now_ms,
    )
    _count_birth(tx, cause, account_id, paid=paid)
    moved = OrderMoved(order_id, None, state, "born", 1)
    write_history(tx, cause, moved)
    if state is OrderState.refunding:
        settle(tx, cause, terms, moved)
    return order_id


def _count_birth(tx: Tx, cause: Cause, account_id: int, *, paid: bool) -> None:
    """What it is worth is counted when the platform's record tells it."""
    count(tx, cause, Count.orders, account_id=account_id)
    if paid:
        count(tx, cause, Count.paid, account_id=account_id)


def keep_buyer(tx: Tx, cause: Cause, event: MarketEvent) -> int | None:
    """The buyer's row, made at first sight."""
    if not event.buyer_id:
        return None
    who = {"platform": PLATFORM_NAME, "user_id": event.buyer_id, "nick": _nick_of(event)}
    row = tx.one("buyers.keep", **who, now=cause.now_ms)
    assert row is not None
    return int(row["id"])


def _keep_ordering_buyer(tx: Tx, cause: Cause, event: MarketEvent, *, paid: bool) -> int | None:
    """The same for the buyer of a new order, which counts."""
    if not event.buyer_id:
        return None
    who = {"platform": PLATFORM_NAME, "user_id": event.buyer_id, "nick": _nick_of(event)}
    row = tx.one("buyers.keep_ordering", **who, paid=paid, now=cause.now_ms)
    assert row is not None
    return int(row["id"])


def _nick_of(event: MarketEvent) -> str:
    """Only what the buyer sends carries the buyer's name."""
    return (event.sender_nick or "") if event.sender_id == event.buyer_id else ""


def _keep_facts(tx: Tx, cause: Cause, order_id: int, event: MarketEvent, status: PlatformStatus | None) -> None:
    tx.run(
        "orders.hear",
        id=order_id,
        platform_status=status.value if status else None,
        chat_no=event.chat_id,
        buyer_id=keep_buyer(tx, cause, event),
        item_id=event.item_id,
        needs_postage=event.needs_postage,
        now=cause.now_ms,
    )
