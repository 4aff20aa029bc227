"""Who buys here, and whose orders are looked at before they ship."""

from dataclasses import dataclass

from bot.cards.buyers import buyer_card
from bot.cards.card import Draft
from bot.cards.chats import chat_card, say_hint
from bot.commands.command import Ask, Command, optional, required
from bot.commands.readers import Source, read_text
from core.errors import NotFound, Refused
from core.values.ids import BuyerId, ChatId
from core.values.people import Role


@dataclass(frozen=True)
class Whom:
    """A buyer, and the conversation that named them, if one did."""

    buyer: BuyerId
    chat: ChatId | None = None


async def read_buyer(source: Source) -> BuyerId:
    """b3, a conversation (c7), an order (#42), or part of a buyer's nick."""
    return await source.engine.buyers.find(source.take().text)


async def read_whom(source: Source) -> Whom:
    """The same; a conversation is remembered, since its card answers."""
    word = source.take().text
    buyer = await source.engine.buyers.find(word)
    if word.startswith("b"):
        return Whom(buyer)
    try:
        return Whom(buyer, await source.engine.chats.find(word))
    except (NotFound, Refused):
        return Whom(buyer)


async def show_buyer(ask: Ask, buyer: BuyerId) -> Draft:
    """One buyer: figures, orders, conversations. Nothing here is whole: the nick is masked."""
    return buyer_card(await ask.engine.buyers.show(buyer), ask.pen)


async def block(ask: Ask, buyer: Whom, reason: str) -> Draft:
    """Ask before anything ships to this buyer."""
    return await _change(ask, buyer, reason or ask.pen("chat.by_owner"))


async def unblock(ask: Ask, buyer: Whom) -> Draft:
    """Ship to this buyer as to any other."""
    return await _change(ask, buyer, None)


async def _change(ask: Ask, whom: Whom, reason: str | None) -> Draft:
    view = await ask.engine.buyers.block(ask.actor, whom.buyer, reason)
    if whom.chat is None:
        return buyer_card(view, ask.pen)
    chat = await ask.engine.chats.show(whom.chat)
    return chat_card(chat, ask.pen, hint=say_hint(chat, ask.pen))


ROWS = (
    Command(
        name="buyer",
        words=("客户", "买家", "customer"),
        topic="chats",
        role=Role.viewer,
        run=show_buyer,
        arguments=(required("buyer", read_buyer),),
    ),
    Command(
        name="block",
        words=("拉黑",),
        topic="chats",
        role=Role.operator,
        run=block,
        arguments=(required("buyer", read_whom), optional("reason", read_text, "")),
        mutating=True,
    ),
    Command(
        name="unblock",
        words=("解除拉黑",),
        topic="chats",
        role=Role.operator,
        run=unblock,
        arguments=(required("buyer", read_whom),),
        mutating=True,
    ),
)
