"""Deciding on risky orders. Silence decides nothing (law 9)."""

from bot.cards.card import Draft
from bot.cards.orders import order_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import read_length, read_order, read_text
from core.values.ids import OrderId
from core.values.people import Role


async def approve(ask: Ask, order: OrderId) -> Draft:
    """Let a risky order go."""
    return order_card(await ask.engine.approvals.approve(ask.actor, order, ask.version), ask.pen)


async def reject(ask: Ask, order: OrderId, reason: str) -> Draft:
    """Hold a risky order; the refund itself is the owner's, in the app."""
    return order_card(await ask.engine.approvals.reject(ask.actor, order, reason, ask.version), ask.pen)


async def postpone(ask: Ask, order: OrderId, seconds: int) -> Draft:
    """More time to decide: deadline, reminder and escalation move together."""
    return order_card(await ask.engine.approvals.postpone(ask.actor, order, seconds, ask.version), ask.pen)


_ORDER = required("order", read_order)

ROWS = (
    Command(
        name="approve",
        words=("批准", "同意"),
        topic="approvals",
        role=Role.operator,
        run=approve,
        arguments=(_ORDER,),
        mutating=True,
    ),
    Command(
        name="reject",
        words=("拒绝",),
        topic="approvals",
        role=Role.operator,
        run=reject,
        arguments=(_ORDER, optional("reason", read_text, "")),
        mutating=True,
    ),
    Command(
        name="postpone",
        words=("稍后",),
        topic="approvals",
        role=Role.operator,
        run=postpone,
        arguments=(_ORDER, optional("seconds", read_length, 3600)),
        mutating=True,
    ),
)
