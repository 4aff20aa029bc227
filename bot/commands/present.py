"""The card of whatever a command was about, as it stands now: shown when a replayed command had been done before."""

from collections.abc import Mapping
from typing import cast

from bot.cards.card import Draft
from bot.cards.chats import chat_card
from bot.cards.items import item_card
from bot.cards.keeps import keep_card
from bot.cards.orders import order_card
from bot.cards.pauses import pause_card
from bot.cards.people import whoami_card
from bot.cards.replies import plain
from bot.cards.telling import notify_card
from bot.commands.command import Ask, Command
from core.values.ids import ChatId, OrderId, ProductId


async def present(ask: Ask, row: Command, values: Mapping[str, object]) -> Draft:
    """The present state of the thing a row's arguments name."""
    number = values.get("order", values.get("what"))
    if isinstance(number, int):
        return order_card(await ask.engine.orders.show(OrderId(number)), ask.pen)
    if values.get("product") is not None:
        return item_card(await ask.engine.items.show(cast("ProductId", values["product"])), ask.pen)
    if values.get("chat") is not None:
        return chat_card(await ask.engine.chats.show(cast("ChatId", values["chat"])), ask.pen)
    return await _of_topic(ask, row)


async def _of_topic(ask: Ask, row: Command) -> Draft:
    """What a topic's rows are about when no argument names a thing."""
    if row.topic == "notices":
        return notify_card(await ask.engine.telling.show(), ask.pen)
    if row.topic == "people":
        return whoami_card(ask.guest, ask.pen)
    if row.topic == "stock" and (kept := await ask.engine.keeps.of_request(ask.actor.request)) is not None:
        return keep_card(kept, ask.pen, ask.engine.keeps.usual)
    if row.topic == "pauses":
        return pause_card(await ask.engine.pauses.show(), ask.pen)
    return plain("done_before", ask.pen)
