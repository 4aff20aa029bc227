"""What follows when a parcel left: the buyer is told, and a number that was wrong is put right."""

from core.errors import IllegalMove
from core.moves import acts, outbox, templates
from core.moves.apply import view_version
from core.moves.cause import Cause
from core.moves.chats import chat_of
from core.moves.notices import redraw
from core.rules import parcel_texts
from core.rules.carriers import code_of
from core.rules.shipping import check_tracking
from core.store import fulfilments, orders
from core.store.db import Tx
from core.values.effects import Effect, EffectKind
from core.values.fulfilment import FulfilmentState
from core.values.templates import TemplateName


def tell_buyer(tx: Tx, cause: Cause, order_id: int, carrier: str | None, number: str | None) -> None:
    """Plan the text with carrier, number and page, once a number; an order without a conversation gets one opened."""
    order = orders.find(tx, order_id)
    template = templates.find(tx, order, TemplateName.parcel)
    text = parcel_texts.text_of(template.text, order, code_of(carrier), number) if number else None
    if not template.on or text is None or number is None:
        return
    chat_id = chat_of(tx, cause, order, order.chat_no) if order.chat_no else None
    key, kind = parcel_texts.key_of(order_id, number), EffectKind.answer
    outbox.add(tx, cause, kind, order.account_id, key, order_id=order_id, chat_id=chat_id, body=text)


def say_plain(tx: Tx, cause: Cause, effect: Effect) -> bool:
    """The marketplace refused a parcel's text: it goes once more without the address; False when it had none."""
    found = parcel_texts.plain(effect.key, effect.body)
    if found is None:
        return False
    key, text = found
    kind, order_id, chat_id = EffectKind.answer, effect.order_id, effect.chat_id
    outbox.add(tx, cause, kind, effect.account_id, key, order_id=order_id, chat_id=chat_id, body=text)
    return True


def correct(tx: Tx, cause: Cause, order_id: int, carrier: str, number: str) -> None:
    """Another number for a parcel that left: kept, and told to the buyer. The platform takes it in its app alone.

    IllegalMove("not_shipped_yet") while /ship can still take another number.
    """
    task = fulfilments.find(tx, order_id)
    if task is None or task.state is not FulfilmentState.succeeded:
        raise IllegalMove("not_shipped_yet", order=order_id)
    checked, code = check_tracking(number), code_of(carrier)
    order = orders.find(tx, order_id)
    before = f"{order.carrier or ''} {order.tracking_no or ''}".strip()
    tx.run("fulfilments.set_parcel", id=order_id, carrier=code, tracking_no=checked)
    tx.run("orders.shipped_by", id=order_id, method=task.mode.value, carrier=code, tracking_no=checked)
    tx.run("fulfilments.touch", id=order_id, now=cause.now_ms)
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    tell_buyer(tx, cause, order_id, code, checked)
    acts.record(tx, cause, "correct", "order", order_id, before, f"{code} {checked}")
