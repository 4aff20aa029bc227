"""What a pretend world gathers while a shop is away: hours of talk and trade, each with its own instant."""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

from core.clock import SystemClock
from core.sandbox.frames import text_content
from core.sandbox.things import Json
from core.sandbox.world import World

FRESH_S = 120
"""The last of what was said is so old at the shop's return, in seconds; all else is old news."""


class Travelling(SystemClock):
    """The present, or a while before it."""

    ago = timedelta()

    def now(self) -> datetime:
        """The instant at which it happens."""
        return super().now() - self.ago


class Backlog(NamedTuple):
    """How much gathers; `fresh` chats speak once more just before the shop is back."""

    item_id: str
    hours: float
    orders: int
    messages: int
    chats: int
    fresh: int


def gather(world: World, clock: Travelling, wish: Backlog) -> Json:
    """Let it happen, from the past to the present; the world's orders by state, and the fresh chats."""
    dice, market = random.Random("backlog"), world.market
    account = market.accounts["shop"]
    chats = [world.talks.chat(account, market.add_buyer(), wish.item_id) for _ in range(wish.chats)]
    events = ["order"] * wish.orders + ["words"] * (wish.messages - wish.fresh)
    dice.shuffle(events)
    for number, event in enumerate(events):
        clock.ago = timedelta(hours=wish.hours * (1 - number / len(events)), minutes=30)
        chat = chats[number % len(chats)]
        if event == "words":
            world.talks.say(chat, text_content(f"请问第{number}步怎么弄？"))
        else:
            _trade(world, chat.buyer_id, wish.item_id, dice)
    clock.ago = timedelta(seconds=FRESH_S)
    for chat in chats[: wish.fresh]:
        world.talks.say(chat, text_content("在吗"))
    clock.ago = timedelta()
    return {"fresh": [chat.chat_id for chat in chats[: wish.fresh]]}


def _trade(world: World, buyer_id: str, item_id: str, dice: random.Random) -> None:
    """An order and what became of it while nobody was there."""
    account, trades = world.market.accounts["shop"], world.trades
    order = trades.order(account, world.market.buyers[buyer_id], item_id, 1, "", None)
    fate = dice.random()
    if fate < 0.15:
        trades.cancel(order, "timeout")
        return
    trades.pay(order, "card")
    if fate < 0.45:
        trades.ship(order, "app", "SF1029384756", "顺丰")
    if fate < 0.3:
        trades.confirm(order)
    elif fate > 0.9:
        trades.ask_refund(order)
