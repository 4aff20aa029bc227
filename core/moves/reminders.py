"""催付: the buyer of an unpaid order is reminded once, by the shop or by a person, in the template's words."""

from core.errors import NotFound, Refused
from core.moves import acts, answers, templates
from core.moves.apply import view_version
from core.moves.cause import Cause
from core.moves.notices import redraw
from core.rules.templates import reminder_of
from core.store import chats, orders
from core.store.db import Tx
from core.values.templates import TemplateName


def remind_unpaid(tx: Tx, cause: Cause, order_id: int) -> bool:
    """By the shop, when its text is switched on; whether it was planned."""
    if not templates.say(tx, cause, order_id, TemplateName.unpaid):
        return False
    _mark(tx, cause, order_id)
    return True


def remind(tx: Tx, cause: Cause, order_id: int) -> None:
    """By a person: at once, also at night, whether switched on or not. Refused says why it cannot be."""
    order = orders.find(tx, order_id)
    text = reminder_of(order, templates.find(tx, order, TemplateName.unpaid))
    chat = tx.one("chats.by_no", account_id=order.account_id, chat_no=order.chat_no)
    if chat is None:
        raise NotFound("no_such_chat", chat=f"#{order_id}")
    if not _mark(tx, cause, order_id):
        raise Refused("reminded_before", order=order_id)
    answers.say(tx, cause, chats.find(tx, chat["id"]), text)
    acts.record(tx, cause, "remind", "order", order_id, "", f"{len(text)} characters")


def _mark(tx: Tx, cause: Cause, order_id: int) -> bool:
    marked = tx.run("templates.set_reminded", id=order_id, now=cause.now_ms) == 1
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    return marked
