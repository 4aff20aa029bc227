"""Whom a parcel goes to."""

from bot.cards.card import Draft
from bot.cards.receivers import receiver_card
from bot.commands.command import Ask, Command, required
from bot.commands.readers import read_order
from core.values.ids import OrderId
from core.values.people import ChatKind, Role


async def show_receiver(ask: Ask, order: OrderId) -> Draft:
    """Whole in a private chat and at the terminal, masked in a group."""
    whole = ask.request.chat_kind is not ChatKind.group
    return receiver_card(order, await ask.engine.receivers.show(order, whole=whole), ask.pen, whole=whole)


ROWS = (
    Command(
        name="receiver",
        words=("收件", "收件人", "地址"),
        topic="shipping",
        role=Role.operator,
        run=show_receiver,
        arguments=(required("order", read_order),),
    ),
)
