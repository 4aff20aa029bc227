"""What came of the effects that ship an order: confirmed, delivered, consigned, or not."""

from core.moves import outbox, parcels, records, stock, waybills
from core.moves.apply import apply
from core.moves.cause import Cause
from core.moves.chats import chat_of, keep_own_words
from core.moves.step import FulfilmentStep
from core.moves.terms import Terms
from core.rules.carriers import code_of
from core.rules.fulfilment import FULFILMENTS, FulfilmentEvent
from core.rules.shipping import delivery_text, next_reminder_at
from core.store import fulfilments, orders
from core.store import stock as shelf
from core.store.db import Tx
from core.values.effects import Effect, EffectKind, EffectState
from core.values.fulfilment import ErrorClass, Fulfilment, FulfilmentState, ShipMode
from core.values.orders import Order, OrderRecord, OrderState

E = FulfilmentEvent


def confirmed(tx: Tx, cause: Cause, terms: Terms, effect: Effect, record: OrderRecord) -> None:
    """The record was read just before shipping: go on, or stop because it does not say paid and not shipped (law 4)."""
    outbox.finish(tx, cause, effect.id, EffectState.done, result=record.status)
    assert effect.order_id is not None
    records.learn(tx, cause, terms, effect.account_id, record)
    task = fulfilments.find(tx, effect.order_id)
    if task is None or task.state is not FulfilmentState.executing:
        return
    order = orders.find(tx, effect.order_id)
    if order.state is OrderState.refunding:
        step_if_allowed(tx, cause, terms, task, E.again)
        apply(tx, cause, terms, FulfilmentStep(effect.order_id, E.hold, reason="refunding"))
    elif not record.can_ship:
        fail(tx, cause, terms, effect.order_id, ErrorClass.business, f"not_shippable:{record.status}")
    elif not _has_units(tx, cause, order):
        fail(tx, cause, terms, effect.order_id, ErrorClass.business, "short_of_stock")
    elif task.tracking_no:
        _plan_parcel(tx, cause, order, task)
    elif task.mode is ShipMode.physical and order.needs_postage is not False:
        step_if_allowed(tx, cause, terms, task, E.again)
        need_number(tx, cause, terms, order.id)
    else:
        _plan_virtual(tx, cause, order, task)


def need_number(tx: Tx, cause: Cause, terms: Terms, order_id: int) -> None:
    """A parcel without a number is a person's: numbers are real, never made up (laws.md, "Tracking numbers")."""
    hand_over(tx, cause, terms, order_id, "tracking_needed")


def hand_over(tx: Tx, cause: Cause, terms: Terms, order_id: int, reason: str) -> None:
    """A person is to do it, and is reminded."""
    remind_at = next_reminder_at(cause.now, 0, terms.shipping)
    apply(tx, cause, terms, FulfilmentStep(order_id, E.hand_over, reason=reason, remind_at=remind_at))


def nowhere_to_send(tx: Tx, cause: Cause, terms: Terms, effect: Effect, words: str) -> None:
    """The order has no conversation, and the platform opens none: a person takes it, nothing has left."""
    business = ErrorClass.business
    if not outbox.finish(tx, cause, effect.id, EffectState.refused, error_class=business, error=words):
        return
    assert effect.order_id is not None
    task = fulfilments.find(tx, effect.order_id)
    outbox.cancel_of_order(tx, cause, effect.order_id)
    if task is None or not step_if_allowed(tx, cause, terms, task, E.again):
        return
    tx.run("fulfilments.set_error", id=task.order_id, error_class=business.value, error=words)
    if orders.find(tx, task.order_id).state is OrderState.refunding:
        apply(tx, cause, terms, FulfilmentStep(task.order_id, E.hold, reason="refunding"))
    else:
        hand_over(tx, cause, terms, task.order_id, "no_chat")


def _has_units(tx: Tx, cause: Cause, order: Order) -> bool:
    """What ships has its units, also when its item was unknown, or not counted, when it was planned."""
    line = order.lines[0] if order.lines else None
    return line is None or line.product_id is None or stock.reserve(tx, cause, order.id, line.product_id, line.quantity)


def _plan_parcel(tx: Tx, cause: Cause, order: Order, task: Fulfilment) -> None:
    key = f"consign_parcel:{order.id}:{task.version}"
    body = f"{code_of(task.carrier)} {task.tracking_no}"
    outbox.add(tx, cause, EffectKind.consign_parcel, order.account_id, key, order_id=order.id, body=body)


def _plan_virtual(tx: Tx, cause: Cause, order: Order, task: Fulfilment) -> None:
    """Two effects: the text, then the platform's ship call, which waits for the text's acceptance; never it again."""
    after_id = None
    text = "" if task.text_sent else _text_of(tx, order)
    if text:
        after_id = outbox.add(
            tx,
            cause,
            EffectKind.deliver,
            order.account_id,
            f"deliver:{order.id}:{task.version}",
            order_id=order.id,
            chat_id=chat_of(tx, cause, order, order.chat_no) if order.chat_no else None,
            body=text,
        )
    key = f"consign:{order.id}:{task.version}"
    outbox.add(tx, cause, EffectKind.consign, order.account_id, key, order_id=order.id, after_id=after_id)


def _text_of(tx: Tx, order: Order) -> str:
    line = order.lines[0] if order.lines else None
    product = shelf.find_product(tx, line.product_id) if line and line.product_id else None
    if product is None or not (product.delivery_text or product.keyed):
        return ""
    return delivery_text(product, stock.keys_of(tx, order.id), order.order_no)


def delivered(tx: Tx, cause: Cause, effect: Effect, message_id: str) -> None:
    """The buyer has the text; from here on it is never sent again."""
    if not outbox.finish(tx, cause, effect.id, EffectState.done, result=message_id):
        return
    tx.run("fulfilments.set_text_sent", id=effect.order_id)
    if effect.chat_id:
        keep_own_words(tx, cause, effect, message_id)


def delivered_after_doubt(tx: Tx, cause: Cause, terms: Terms, effect: Effect, message_id: str) -> None:
    """The same, when it had been in doubt; an order a person was asked about goes on with the ship call alone."""
    delivered(tx, cause, effect, message_id)
    assert effect.order_id is not None
    task = fulfilments.find(tx, effect.order_id)
    if task is not None and task.state is FulfilmentState.unknown:
        outbox.cancel_of_order(tx, cause, task.order_id)
        resume(tx, cause, terms, task.order_id)


def resume(tx: Tx, cause: Cause, terms: Terms, order_id: int) -> None:
    """What was in doubt goes on: at once, or held while the money is asked back."""
    apply(tx, cause, terms, FulfilmentStep(order_id, E.resend, due_at=cause.now))
    if orders.find(tx, order_id).state is OrderState.refunding:
        apply(tx, cause, terms, FulfilmentStep(order_id, E.hold, reason="refunding"))


def consigned(tx: Tx, cause: Cause, terms: Terms, effect: Effect) -> None:
    """The platform knows it is shipped."""
    if not outbox.finish(tx, cause, effect.id, EffectState.done):
        return
    assert effect.order_id is not None
    task = fulfilments.find(tx, effect.order_id)
    if task is not None:
        tx.run("fulfilments.set_error", id=task.order_id, error_class=None, error=None)
        event = E.confirm_sent if task.state is FulfilmentState.unknown else E.succeed
        step_if_allowed(tx, cause, terms, task, event)
        if effect.kind is EffectKind.consign_parcel:
            parcels.tell_buyer(tx, cause, task.order_id, task.carrier, task.tracking_no)


def reconsider(tx: Tx, cause: Cause, terms: Terms, order_id: int) -> None:
    """Nothing has left yet: what a refund asked for or an end meanwhile forbids is not tried again."""
    task = fulfilments.find(tx, order_id)
    if task is None or tx.one("outbox.leaving", order_id=order_id):
        return
    if task.state is not FulfilmentState.executing:
        outbox.cancel_of_order(tx, cause, order_id)
    elif orders.find(tx, order_id).state is OrderState.refunding:
        outbox.cancel_of_order(tx, cause, order_id)
        apply(tx, cause, terms, FulfilmentStep(order_id, E.again))
        apply(tx, cause, terms, FulfilmentStep(order_id, E.hold, reason="refunding"))


def fail(tx: Tx, cause: Cause, terms: Terms, order_id: int, error_class: ErrorClass, error: str) -> None:
    """It did not happen, and will not by itself."""
    tx.run("fulfilments.set_error", id=order_id, error_class=error_class.value, error=error)
    outbox.cancel_of_order(tx, cause, order_id)
    waybills.leave(tx, cause, order_id, error)
    task = fulfilments.find(tx, order_id)
    if task is not None:
        step_if_allowed(tx, cause.saying(error), terms, task, E.fail)


def doubt(tx: Tx, cause: Cause, terms: Terms, order_id: int, error: str) -> None:
    """It may have happened and the platform cannot tell: a person must (law 3), unless the shipment is over anyway."""
    tx.run("fulfilments.set_error", id=order_id, error_class=ErrorClass.unknown.value, error=error)
    task = fulfilments.find(tx, order_id)
    if task is not None and not step_if_allowed(tx, cause.saying(error), terms, task, E.doubt):
        outbox.close_of_order(tx, cause, order_id)


def step_if_allowed(tx: Tx, cause: Cause, terms: Terms, task: Fulfilment, event: FulfilmentEvent) -> bool:
    """Take the step when the table has it: the order may have moved on while the effect was under way."""
    if not FULFILMENTS.allows(task.state, event):
        return False
    due_at = cause.now if event is E.again else None
    apply(tx, cause, terms, FulfilmentStep(task.order_id, event, due_at=due_at))
    return True
