"""The platform's record of an order: the truth that births, catches up and corrects (laws.md, "Order")."""

from datetime import timedelta

from core.moves import planning
from core.moves.apply import apply, view_version
from core.moves.cause import Cause
from core.moves.daily import Count, count
from core.moves.frames import LISTED, be_born, look_up
from core.moves.items import product_for
from core.moves.notices import redraw, tell
from core.moves.step import OrderStep
from core.moves.terms import Terms
from core.rules.orders import STATE_OF_STATUS, steps_to
from core.store import orders, receivers
from core.store.db import Tx
from core.store.rows import ms
from core.values.market import EventKind, MarketEvent
from core.values.notices import NoticeKind
from core.values.orders import OrderRecord, OrderState, PlatformStatus, RefundState

FRESH_S = 60
"""A record may be older than what we just did; only a disagreement that lasts is a conflict."""


def learn(tx: Tx, cause: Cause, terms: Terms, account_id: int, record: OrderRecord) -> int | None:
    """Bring an order to what the platform's record says; its id, or None when the record tells no state.

    Every step stands in the history; the fulfilment is planned when the order ends up paid and not shipped.
    """
    row = tx.one("orders.by_no", account_id=account_id, order_no=record.order_no)
    if record.status is None:
        return int(row["id"]) if row else None
    if row is None:
        order_id = _born(tx, cause, terms, account_id, record, record.status)
    else:
        order_id = int(row["id"])
        _walk(tx, cause, terms, order_id, OrderState(row["state"]), record.status)
    _keep_facts(tx, cause, terms, account_id, order_id, record)
    if record.receiver is not None:
        receivers.keep(tx, order_id, record.receiver)
    planning.plan(tx, cause, terms, order_id, record)
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    return order_id


def _born(tx: Tx, cause: Cause, terms: Terms, account_id: int, record: OrderRecord, status: PlatformStatus) -> int:
    event = MarketEvent(
        event=EventKind.order,
        platform_status=status,
        order_id=record.order_no,
        chat_id=record.chat_no,
        item_id=record.item_id,
        buyer_id=record.buyer_user_id,
        sender_id=record.buyer_user_id,
        sender_nick=record.buyer_nick,
        ts_ms=ms(record.paid_at or record.ordered_at),
    )
    state = STATE_OF_STATUS[status]
    return be_born(
        tx, cause, terms, account_id, event, state, created_at_ms=ms(record.ordered_at), paid_at_ms=ms(record.paid_at)
    )


def _walk(tx: Tx, cause: Cause, terms: Terms, order_id: int, state: OrderState, status: PlatformStatus) -> None:
    steps = steps_to(state, status, record=True)
    if steps is None:
        order = orders.find(tx, order_id)
        if cause.now - order.updated_at > timedelta(seconds=FRESH_S):
            tell(tx, cause, NoticeKind.order_conflict, "order", order_id, once=status.value, detail=status.value)
        return
    for step in steps:
        apply(tx, cause, terms, OrderStep(order_id, step))


def _keep_facts(tx: Tx, cause: Cause, terms: Terms, account_id: int, order_id: int, record: OrderRecord) -> None:
    before = tx.one("orders.money", id=order_id)
    assert before is not None
    tx.run(
        "orders.learn",
        id=order_id,
        platform_status=record.status.value if record.status else None,
        amount_fen=record.amount_fen,
        buyer_id=_buyer(tx, cause, record),
        item_id=record.item_id,
        chat_no=record.chat_no,
        paid_at=ms(record.paid_at) if before["paid_at"] else None,
        now=cause.now_ms,
    )
    if record.amount_fen is not None and before["paid_at"]:
        _count_money(tx, cause, account_id, order_id, record.amount_fen - (before["amount_fen"] or 0))
    _keep_line(tx, cause, terms, account_id, order_id, record)


def _count_money(tx: Tx, cause: Cause, account_id: int, order_id: int, gained_fen: int) -> None:
    """What an order is worth became known, or changed: also what was given back for it."""
    if not gained_fen:
        return
    count(tx, cause, Count.revenue_fen, gained_fen, account_id)
    refund = tx.one("refunds.find", order_id=order_id)
    if refund and refund["state"] == RefundState.refunded and refund["amount_fen"] is None:
        count(tx, cause, Count.refund_fen, gained_fen, account_id)


def _buyer(tx: Tx, cause: Cause, record: OrderRecord) -> int | None:
    if not record.buyer_user_id:
        return None
    row = tx.one(
        "buyers.keep", platform="xianyu", user_id=record.buyer_user_id, nick=record.buyer_nick, now=cause.now_ms
    )
    return int(row["id"]) if row else None


def _keep_line(tx: Tx, cause: Cause, terms: Terms, account_id: int, order_id: int, record: OrderRecord) -> None:
    if not record.item_id:
        return
    product = product_for(
        tx,
        cause,
        account_id,
        record.item_id,
        record.spec,
        title=record.title,
        price_fen=record.unit_price_fen,
        defaults=terms.products,
    )
    total = record.unit_price_fen * record.quantity if record.unit_price_fen is not None else None
    tx.run(
        "orders.set_line",
        order_id=order_id,
        product_id=product.id,
        item_id=record.item_id,
        title=record.title,
        spec=record.spec,
        quantity=record.quantity,
        unit_price_fen=record.unit_price_fen,
        total_fen=total,
    )


def notice_listed(tx: Tx, cause: Cause, account_id: int, record: OrderRecord) -> None:
    """A row of the sold list: when it tells something new, the order's own record is read.

    The list lacks facts that planning needs (specification, seller's price, nodes), so it moves nothing itself.
    """
    row = tx.one("orders.by_no", account_id=account_id, order_no=record.order_no)
    if record.status is None:
        return
    if row is None or OrderState(row["state"]) is not STATE_OF_STATUS[record.status]:
        order_id = int(row["id"]) if row else None
        look_up(tx, cause, account_id, record.order_no, order_id, f"{LISTED}{record.status}:{cause.now_ms}")
