"""The shop's own polite texts: changed by the owner, said once an occasion, withdrawn when it has passed.

They wait a little, so that what is settled at once is never spoken of; a person in the conversation, a blocked buyer or
a pause keeps them in.
"""

from datetime import timedelta

from core.moves import acts, outbox, pauses
from core.moves.cause import Cause
from core.rules.templates import check_text, facts_of, fill, key_of
from core.store import orders, templates
from core.store.db import Row, Tx
from core.values.chats import ChatMode
from core.values.effects import EffectKind
from core.values.orders import Order
from core.values.templates import Template, TemplateName

WAIT_S = 30
"""Shop time in which an occasion may pass before a word is said of it."""


def write(tx: Tx, cause: Cause, shop: str, name: TemplateName, text: str | None) -> Template:
    """The owner's words for an occasion, checked here once (law 6); None goes back to the default."""
    before = templates.find(tx, shop, name)
    checked = None if text is None else check_text(name, text)
    tx.run("templates.write", shop=shop, name=name.value, text=checked)
    after = templates.find(tx, shop, name)
    acts.record(tx, cause, "templates", "template", 0, f"{name} {before.text}", f"{name} {after.text}")
    return after


def switch(tx: Tx, cause: Cause, shop: str, name: TemplateName, *, on: bool) -> Template:
    """Whether an occasion's text is said from now on."""
    before = templates.find(tx, shop, name)
    tx.run("templates.switch", shop=shop, name=name.value, is_on=on)
    acts.record(tx, cause, "templates", "template", 0, f"{name} {_switch(before.on)}", f"{name} {_switch(on)}")
    return templates.find(tx, shop, name)


def _switch(on: bool) -> str:
    return "on" if on else "off"


def say(tx: Tx, cause: Cause, order_id: int, name: TemplateName) -> bool:
    """Plan an occasion's text to the order's buyer, in the conversation there is; whether one was planned."""
    order = orders.find(tx, order_id)
    template = find(tx, order, name)
    chat = tx.one("chats.by_no", account_id=order.account_id, chat_no=order.chat_no)
    text = fill(template.text, facts_of(order))
    if not template.on or text is None or chat is None or not _may_speak(tx, cause, order, chat):
        return False
    due_at = cause.now + timedelta(seconds=WAIT_S)
    key, kind = key_of(name, order_id), EffectKind.answer
    return outbox.add(tx, cause, kind, order.account_id, key, chat_id=chat["id"], body=text, due_at=due_at) is not None


def _may_speak(tx: Tx, cause: Cause, order: Order, chat: Row) -> bool:
    """Nobody stopped it: no person speaks there, the buyer is not blocked, and nothing is paused."""
    if chat["mode"] == ChatMode.human or (order.buyer is not None and order.buyer.blocked_reason):
        return False
    product_id = order.lines[0].product_id if order.lines else None
    return not pauses.is_paused(pauses.list_active(tx, cause), product_id, chat["id"], order.account_id)


def find(tx: Tx, order: Order, name: TemplateName) -> Template:
    """The text for an occasion, of the shop an order belongs to."""
    row = tx.one("templates.shop_of_account", id=order.account_id)
    assert row is not None
    return templates.find(tx, row["shop"], name)


def withdraw(tx: Tx, cause: Cause, order_id: int, name: TemplateName) -> None:
    """The occasion passed: what has not begun is not said."""
    tx.run("templates.withdraw", key=key_of(name, order_id), now=cause.now_ms)
