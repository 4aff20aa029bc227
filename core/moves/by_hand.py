"""A person's acts on a shipment: each checks the version seen, moves, and is recorded (law 8).

`/ship` only plans: it is due when the undo window is over, and the same flow ships it (laws.md, "Delay").
"""

from datetime import datetime, timedelta

from core.errors import IllegalMove, NotFound, OutOfStock, Refused
from core.moves import acts, approvals, outbox, parcels, shipping, stock, waybills
from core.moves.apply import apply, view_version
from core.moves.cause import Cause
from core.moves.notices import redraw
from core.moves.step import FulfilmentStep
from core.moves.terms import Terms
from core.rules.carriers import code_of, is_code
from core.rules.fulfilment import FulfilmentEvent
from core.rules.shipping import check_tracking, lacks_keys, next_reminder_at
from core.store import fulfilments, orders
from core.store import stock as shelf
from core.store.db import Tx
from core.store.rows import ms
from core.values.effects import EffectKind, EffectState
from core.values.fulfilment import ErrorClass, Fulfilment, FulfilmentState, ShipMode
from core.values.orders import Order, OrderState

S = FulfilmentState
E = FulfilmentEvent

SHIP_BY = {S.held: E.release, S.failed: E.retry, S.awaiting_approval: E.approve}
"""How /ship makes a task due from states that do not wait for a time."""


def find_seen(tx: Tx, order_id: int, version: int | None) -> Fulfilment:
    """The shipping task; IllegalMove("changed_meanwhile") when it is no longer the one that was seen."""
    task = fulfilments.find(tx, order_id)
    if task is None:
        orders.find(tx, order_id)
        raise NotFound("no_fulfilment", order=order_id)
    if version is not None and version != view_version(tx, order_id):
        raise IllegalMove("changed_meanwhile", order=order_id, state=task.state.value)
    return task


def ship(
    tx: Tx,
    cause: Cause,
    terms: Terms,
    order_id: int,
    version: int | None,
    carrier: str | None,
    tracking_no: str | None,
) -> None:
    """Ship when the undo window is over. OutOfStock for short orders; parcels need a real number."""
    task = find_seen(tx, order_id, version)
    order = orders.find(tx, order_id)
    check_shippable(task, order)
    if needs_number(task, order) and not (tracking_no or carrier):
        raise Refused("tracking_needed", order=order_id)
    ensure_units(tx, cause, order_id)
    if tracking_no or carrier:
        _set_parcel(tx, cause, terms, order_id, carrier, tracking_no)
    due_at = cause.now + timedelta(seconds=terms.shipping.undo_s)
    if task.state in SHIP_BY:
        approvals.approve(tx, cause, order_id)
        apply(tx, cause, terms, FulfilmentStep(order_id, SHIP_BY[task.state], due_at=due_at))
        tx.run("fulfilments.set_by_hand", id=order_id)
    else:
        replan(tx, cause, task, due_at, by_hand=True)
    acts.record(tx, cause, "ship", "order", order_id, task.state, due_at.isoformat())


def _set_parcel(
    tx: Tx, cause: Cause, terms: Terms, order_id: int, carrier: str | None, tracking_no: str | None
) -> None:
    """The parcel as it is shipped, its number typed or the next of the pool.

    Refused("unknown_carrier") when the platform could not be asked with such words.
    """
    if not carrier or not is_code(carrier):
        raise Refused("unknown_carrier", carrier=carrier or "")
    if tracking_no:
        number = check_tracking(tracking_no)
        waybills.take_typed(tx, cause, order_id, number)
    else:
        number = waybills.take(tx, cause, terms, order_id, code_of(carrier))
    tx.run("fulfilments.set_parcel", id=order_id, carrier=code_of(carrier), tracking_no=number)


def check_shippable(task: Fulfilment, order: Order) -> None:
    """OutOfStock, IllegalMove("cannot_ship_now") or Refused("refund_open") when /ship cannot be."""
    if task.state is S.short:
        raise OutOfStock("short_of_stock", order=task.order_id)
    if task.state not in (S.scheduled, S.manual, *SHIP_BY):
        raise IllegalMove("cannot_ship_now", order=task.order_id, state=task.state.value)
    if order.state is OrderState.refunding:
        raise Refused("refund_open", order=task.order_id)


def check_no_refund(tx: Tx, order_id: int) -> None:
    """Refused("refund_open") while the buyer wants the money back: no word of a person lets goods go then."""
    if is_refunding(tx, order_id):
        raise Refused("refund_open", order=order_id)


def is_refunding(tx: Tx, order_id: int) -> bool:
    """Whether the order's money is asked back."""
    row = tx.one("orders.state", id=order_id)
    return row is not None and row["state"] == OrderState.refunding


def needs_number(task: Fulfilment, order: Order) -> bool:
    """Whether it is a parcel whose carrier and number nobody gave yet."""
    return task.mode is ShipMode.physical and order.needs_postage is not False and not task.tracking_no


def replan(tx: Tx, cause: Cause, task: Fulfilment, due_at: datetime | None, *, by_hand: bool) -> None:
    """Another due time, without a change of state; buttons made before are old."""
    tx.run(
        "fulfilments.replan",
        id=task.order_id,
        version=task.version,
        due_at=ms(due_at),
        by_hand=by_hand,
        now=cause.now_ms,
    )
    redraw(tx, cause, "order", task.order_id, view_version(tx, task.order_id))


def ensure_units(tx: Tx, cause: Cause, order_id: int) -> None:
    """What ships has its units: an order planned before its product was counted gets them now, or OutOfStock."""
    lines = orders.find(tx, order_id).lines
    product_id = lines[0].product_id if lines else None
    if product_id is not None and lacks_keys(shelf.find_product(tx, product_id)):
        raise Refused("keys_missing", order=order_id, product=product_id)
    if product_id is not None and not stock.reserve(tx, cause, order_id, product_id, lines[0].quantity):
        raise OutOfStock("short_of_stock", order=order_id)


def undo(tx: Tx, cause: Cause, terms: Terms, order_id: int, version: int | None) -> None:
    """Take /ship or an approval back before its window is over; afterwards it is too late."""
    task = find_seen(tx, order_id, version)
    if task.state is S.manual and task.due_at is not None:
        replan(tx, cause, task, None, by_hand=False)
    elif task.state is S.scheduled:
        apply(tx, cause, terms, FulfilmentStep(order_id, E.hold, reason="undone"))
    else:
        raise IllegalMove("too_late_to_undo", order=order_id, state=task.state.value)
    waybills.leave(tx, cause, order_id)
    acts.record(tx, cause, "undo", "order", order_id, task.state)


def delay(tx: Tx, cause: Cause, order_id: int, until: datetime, version: int | None) -> None:
    """Another due time for a scheduled shipment."""
    task = find_seen(tx, order_id, version)
    if task.state is not S.scheduled:
        raise IllegalMove("not_scheduled", order=order_id, state=task.state.value)
    replan(tx, cause, task, max(until, cause.now), by_hand=task.by_hand)
    acts.record(tx, cause, "delay", "order", order_id, task.due_at or "", until.isoformat())


def hold(tx: Tx, cause: Cause, terms: Terms, order_id: int, reason: str, version: int | None) -> None:
    """Stop the shipment until it is released."""
    task = find_seen(tx, order_id, version)
    apply(tx, cause.saying(reason), terms, FulfilmentStep(order_id, E.hold, reason="held_by_hand"))
    acts.record(tx, cause, "hold", "order", order_id, task.state, reason)


def release(tx: Tx, cause: Cause, terms: Terms, order_id: int, version: int | None) -> None:
    """Let a held shipment go, when the undo window is over."""
    task = find_seen(tx, order_id, version)
    check_no_refund(tx, order_id)
    ensure_units(tx, cause, order_id)
    approvals.approve(tx, cause, order_id)
    due_at = cause.now + timedelta(seconds=terms.shipping.undo_s)
    apply(tx, cause, terms, FulfilmentStep(order_id, E.release, due_at=due_at))
    acts.record(tx, cause, "release", "order", order_id, task.state)


def hand_over(tx: Tx, cause: Cause, terms: Terms, order_id: int, version: int | None) -> None:
    """A person ships it."""
    task = find_seen(tx, order_id, version)
    check_no_refund(tx, order_id)
    remind_at = next_reminder_at(cause.now, 0, terms.shipping)
    step = FulfilmentStep(order_id, E.hand_over, reason="taken_by_hand", remind_at=remind_at)
    apply(tx, cause, terms, step)
    acts.record(tx, cause, "hand_over", "order", order_id, task.state)


def retry(tx: Tx, cause: Cause, terms: Terms, order_id: int, version: int | None) -> None:
    """Try a failed shipment again, when the undo window is over; a text the buyer has is never sent again."""
    task = find_seen(tx, order_id, version)
    check_no_refund(tx, order_id)
    waybills.take_again(tx, cause, terms, task)
    due_at = cause.now + timedelta(seconds=terms.shipping.undo_s)
    apply(tx, cause, terms, FulfilmentStep(order_id, E.retry, due_at=due_at))
    acts.record(tx, cause, "retry", "order", order_id, task.state)


def retry_failed(tx: Tx, cause: Cause, terms: Terms) -> int:
    """Try every failed shipment again but of those whose money is asked back; how many."""
    rows = [row for row in tx.all("fulfilments.failed") if not is_refunding(tx, row["order_id"])]
    due_at = cause.now + timedelta(seconds=terms.shipping.undo_s)
    for row in rows:
        waybills.take_again(tx, cause, terms, fulfilments.find(tx, row["order_id"]))
        apply(tx, cause, terms, FulfilmentStep(row["order_id"], E.retry, due_at=due_at))
    acts.record(tx, cause, "retry_failed", "order", 0, len(rows))
    return len(rows)


def settle(tx: Tx, cause: Cause, terms: Terms, order_id: int, choice: str, version: int | None) -> None:
    """待核实: a person says it went out, wants the same again, or gives up."""
    task = find_seen(tx, order_id, version)
    if task.state is not S.unknown:
        raise IllegalMove("not_unknown", order=order_id, state=task.state.value)
    if choice == "again":
        check_no_refund(tx, order_id)
    text_out = _close_unknown(tx, cause, order_id, sent=choice == "sent")
    if choice == "give_up":
        apply(tx, cause, terms, FulfilmentStep(order_id, E.give_up))
    elif choice == "again" or text_out:
        # The buyer has the text, or it goes out again, the same; either way the platform's ship call is still to come.
        shipping.resume(tx, cause, terms, order_id)
    else:
        apply(tx, cause, terms, FulfilmentStep(order_id, E.confirm_sent))
    acts.record(tx, cause, "settle", "order", order_id, task.state, choice)


def _close_unknown(tx: Tx, cause: Cause, order_id: int, *, sent: bool) -> bool:
    """Close the effects in doubt; whether one of them was the text, and it is said to have arrived."""
    text_out = False
    for row in tx.all("outbox.unknown_of_order", order_id=order_id):
        state = EffectState.done if sent else EffectState.failed
        result = f"said by {cause.actor.who}"
        outbox.finish(tx, cause, row["id"], state, result=result, error_class=None if sent else ErrorClass.unknown)
        if sent and row["kind"] == EffectKind.consign_parcel:
            _tell_of_parcel(tx, cause, order_id)
        if sent and row["kind"] == EffectKind.deliver:
            tx.run("fulfilments.set_text_sent", id=order_id)
            text_out = True
    outbox.cancel_of_order(tx, cause, order_id)
    return text_out


def _tell_of_parcel(tx: Tx, cause: Cause, order_id: int) -> None:
    task = fulfilments.find(tx, order_id)
    if task is not None:
        parcels.tell_buyer(tx, cause, order_id, task.carrier, task.tracking_no)
