"""The owner's answer to a risky order: the first one wins, whoever presses (law 2), and silence is none (law 9)."""

from datetime import timedelta

from core.errors import IllegalMove
from core.moves import acts, approvals
from core.moves.apply import apply, view_version
from core.moves.by_hand import find_seen
from core.moves.cause import Cause
from core.moves.notices import redraw
from core.moves.step import FulfilmentStep
from core.moves.terms import Terms
from core.rules.fulfilment import FulfilmentEvent
from core.rules.shipping import due_at
from core.store import orders
from core.store import stock as shelf
from core.store.approvals import approval_of
from core.store.db import Tx
from core.values.fulfilment import ApprovalState, FulfilmentState
from core.values.orders import OrderState


def approve(tx: Tx, cause: Cause, terms: Terms, order_id: int, version: int | None) -> None:
    """It ships: after its own wait, and not before the undo window is over."""
    _check_open(tx, order_id)
    task = find_seen(tx, order_id, version)
    order = orders.find(tx, order_id)
    if order.state is OrderState.refunding:
        raise IllegalMove("refund_open", order=order_id, state=task.state.value)
    line = order.lines[0] if order.lines else None
    product = shelf.find_product(tx, line.product_id) if line and line.product_id else None
    dice = terms.chance.between(0.0, 1.0)
    planned = due_at(product, cause.now, dice) if product else cause.now
    when = max(planned, cause.now + timedelta(seconds=terms.shipping.undo_s))
    approvals.decide(tx, cause, order_id, ApprovalState.approved)
    held = task.state is FulfilmentState.held
    event = FulfilmentEvent.release if held else FulfilmentEvent.approve
    apply(tx, cause, terms, FulfilmentStep(order_id, event, due_at=when))
    acts.record(tx, cause, "approve", "order", order_id, task.state, when.isoformat())


def reject(tx: Tx, cause: Cause, terms: Terms, order_id: int, reason: str, version: int | None) -> None:
    """It is held with the reason; the owner refunds in the app, which no web call can do."""
    _check_open(tx, order_id)
    task = find_seen(tx, order_id, version)
    approvals.decide(tx, cause, order_id, ApprovalState.rejected)
    if task.state is FulfilmentState.held:
        redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    else:
        apply(tx, cause.saying(reason), terms, FulfilmentStep(order_id, FulfilmentEvent.reject, reason="rejected"))
    acts.record(tx, cause, "reject", "order", order_id, task.state, reason)


def postpone(tx: Tx, cause: Cause, order_id: int, seconds: int, version: int | None) -> None:
    """Every deadline of the question moves; the decision stays open."""
    _check_open(tx, order_id)
    find_seen(tx, order_id, version)
    tx.run("approvals.postpone", order_id=order_id, ms=seconds * 1000)
    tx.run("fulfilments.touch", id=order_id, now=cause.now_ms)
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    acts.record(tx, cause, "postpone", "order", order_id, "", f"{seconds} s")


def _check_open(tx: Tx, order_id: int) -> None:
    """IllegalMove("already_decided") with who and when, or ("nothing_to_decide")."""
    row = tx.one("approvals.latest_of", order_id=order_id)
    if row is None:
        orders.find(tx, order_id)
        raise IllegalMove("nothing_to_decide", order=order_id)
    latest = approval_of(row)
    if latest.state is not ApprovalState.pending:
        raise IllegalMove("already_decided", by=latest.decided_by, at=latest.decided_at, state=latest.state.value)
