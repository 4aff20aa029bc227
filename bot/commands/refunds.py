"""Saying no to a request for the money back. A yes is the app's alone."""

from bot.cards.card import Draft
from bot.cards.orders import order_card
from bot.cards.refunds import choose_reason, refuse_question
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, read_order, read_text
from core.errors import NotFound
from core.values.ids import OrderId
from core.values.people import Role


async def read_reason(source: Source) -> str:
    """One of the platform's reasons: its id, its words, or its place in the list."""
    return await read_text(source)


async def preview_refuse(ask: Ask, order: OrderId, refusal: str | None) -> Draft | None:
    """The amount, the buyer's reason and ours, before it is said."""
    if refusal is None:
        return None
    view, refund, reason = await ask.engine.refunds.preview(order, await _meant(ask, order, refusal))
    return refuse_question(view, refund, reason, ask.pen)


async def refuse(ask: Ask, order: OrderId, refusal: str | None) -> Draft:
    """Say no; without a reason: which there are."""
    if refusal is None:
        return choose_reason(await ask.engine.refunds.show(order), ask.pen)
    return order_card(await ask.engine.refunds.refuse(ask.actor, order, await _meant(ask, order, refusal)), ask.pen)


async def _meant(ask: Ask, order: OrderId, typed: str) -> str:
    """A place in the list is the reason that stands there, unless a reason has that id."""
    view = await ask.engine.orders.show(order)
    choices = view.refund.choices if view.refund is not None else ()
    if typed in {one.id for one in choices} or not (typed.isascii() and typed.isdigit()):
        return typed
    if not 0 < int(typed) <= len(choices):
        raise NotFound("no_such_reason", word=typed[:40], allowed=" / ".join(one.words for one in choices))
    return choices[int(typed) - 1].id


ROWS = (
    Command(
        name="refuse_refund",
        words=("拒绝退款",),
        topic="orders",
        role=Role.owner,
        run=refuse,
        preview=preview_refuse,
        arguments=(required("order", read_order), optional("refusal", read_reason)),
        mutating=True,
        looks=lambda values: values["refusal"] is None,
    ),
)
