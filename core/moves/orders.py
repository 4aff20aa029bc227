"""What an order's step brings with it: counts, refunds, notices, and the fulfilment that follows the order."""

from core.moves import outbox, templates
from core.moves.approvals import ask, withdraw
from core.moves.cause import Cause
from core.moves.daily import Count, count
from core.moves.notices import tell
from core.moves.step import FulfilmentStep, OrderMoved, Step
from core.moves.terms import Terms
from core.rules.fulfilment import FULFILMENTS, FulfilmentEvent
from core.rules.orders import OrderEvent
from core.store import fulfilments, refunds
from core.store.db import Tx
from core.values.effects import EffectKind, EffectState
from core.values.fulfilment import Fulfilment, FulfilmentState, RiskKind, RiskReason
from core.values.notices import NoticeKind
from core.values.orders import OrderState, RefundState
from core.values.templates import TemplateName

S = OrderState
HELD_BY_REFUND = frozenset({FulfilmentState.scheduled, FulfilmentState.awaiting_approval, FulfilmentState.manual})


def bring(tx: Tx, cause: Cause, terms: Terms, moved: OrderMoved) -> tuple[Step, ...]:
    """The steps a fulfilment takes because its order moved; the rest is written here."""
    task = fulfilments.find(tx, moved.order_id)
    if moved.event == OrderEvent.pay:
        count_payment(tx, cause, moved.order_id)
    if moved.before is S.pending_payment:
        templates.withdraw(tx, cause, moved.order_id, TemplateName.unpaid)
    if moved.before is S.refunding:
        _settle_refund(tx, cause, moved)
    if moved.after in (S.shipped, S.completed):
        return _follow(task, FulfilmentEvent.seen_shipped)
    if moved.after is S.cancelled:
        return _cancelled(tx, cause, moved, task)
    if moved.after is S.refunding:
        return _refunding(tx, cause, moved, task)
    if moved.before is S.refunding and task is not None and task.state is FulfilmentState.held:
        _ask_again(tx, cause, terms, moved)
    return ()


def count_payment(tx: Tx, cause: Cause, order_id: int) -> None:
    """An order was paid: the day's numbers and the buyer's."""
    row = tx.one("orders.money", id=order_id)
    assert row is not None
    count(tx, cause, Count.paid, account_id=row["account_id"])
    if row["amount_fen"]:
        count(tx, cause, Count.revenue_fen, row["amount_fen"], row["account_id"])
    if row["buyer_id"]:
        tx.run("buyers.count_paid", id=row["buyer_id"])


def _follow(task: Fulfilment | None, event: FulfilmentEvent) -> tuple[Step, ...]:
    if task is None or not FULFILMENTS.allows(task.state, event):
        return ()
    return (FulfilmentStep(task.order_id, event),)


def _cancelled(tx: Tx, cause: Cause, moved: OrderMoved, task: Fulfilment | None) -> tuple[Step, ...]:
    row = tx.one("orders.money", id=moved.order_id)
    count(tx, cause, Count.cancelled, account_id=row["account_id"] if row else None)
    if moved.before is not S.pending_payment:
        tell(tx, cause, NoticeKind.order_cancelled, "order", moved.order_id, version=moved.version)
    return _follow(task, FulfilmentEvent.close)


def _refunding(tx: Tx, cause: Cause, moved: OrderMoved, task: Fulfilment | None) -> tuple[Step, ...]:
    row = tx.one("orders.money", id=moved.order_id)
    tx.run("refunds.ask", order_id=moved.order_id, amount_fen=row["amount_fen"] if row else None, now=cause.now_ms)
    count(tx, cause, Count.refunds, account_id=row["account_id"] if row else None)
    tell(tx, cause, NoticeKind.order_refunding, "order", moved.order_id, version=moved.version)
    for name in TemplateName:
        templates.withdraw(tx, cause, moved.order_id, name)
    withdraw(tx, cause, moved.order_id)
    _read_refund(tx, cause, moved)
    return _stop(tx, cause, task)


def _read_refund(tx: Tx, cause: Cause, moved: OrderMoved) -> None:
    """What is wanted back and why, and how it may be refused."""
    row = tx.one("orders.state_and_account", id=moved.order_id)
    assert row is not None
    key = f"look_up_refund:{moved.order_id}:{moved.version}"
    outbox.add(tx, cause, EffectKind.look_up_refund, row["account_id"], key, order_id=moved.order_id)


def _stop(tx: Tx, cause: Cause, task: Fulfilment | None) -> tuple[Step, ...]:
    """Goods are held, also when they are on their way and nothing has left yet."""
    if task is None:
        return ()
    hold = FulfilmentStep(task.order_id, FulfilmentEvent.hold, reason="refunding")
    if task.state in HELD_BY_REFUND:
        return (hold,)
    if task.state is not FulfilmentState.executing or tx.one("outbox.leaving", order_id=task.order_id):
        return ()
    outbox.cancel_of_order(tx, cause, task.order_id)
    return FulfilmentStep(task.order_id, FulfilmentEvent.again), hold


def _settle_refund(tx: Tx, cause: Cause, moved: OrderMoved) -> None:
    """A refund ended: paid back, refused by us, or withdrawn."""
    refunded = moved.after is S.cancelled
    known = refunds.find(tx, moved.order_id)
    ours = known is not None and bool(known.refusals) and known.refusals[0].state is EffectState.done
    state = RefundState.refunded if refunded else RefundState.refused if ours else RefundState.withdrawn
    row = tx.one("orders.money", id=moved.order_id)
    tx.run("refunds.settle", order_id=moved.order_id, state=state.value, now=cause.now_ms)
    tx.run("refunds.end_refusals", order_id=moved.order_id, now=cause.now_ms)
    if refunded:
        assert row is not None
        told = known.amount_fen if known is not None else None
        paid_back = row["amount_fen"] or 0 if told is None else told
        count(tx, cause, Count.refunded, account_id=row["account_id"])
        count(tx, cause, Count.refund_fen, paid_back, row["account_id"])


def _ask_again(tx: Tx, cause: Cause, terms: Terms, moved: OrderMoved) -> None:
    """Back from a refund: what was held stays held until the owner approves anew."""
    ask(tx, cause, terms, moved.order_id, (RiskReason(kind=RiskKind.back_from_refund),))
    tell(tx, cause, NoticeKind.order_back_from_refund, "order", moved.order_id, version=moved.version)
