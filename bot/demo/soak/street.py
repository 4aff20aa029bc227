"""The day's buyers as they act on the pretend world: directly, without a wire of their own."""

from collections.abc import Callable, Sequence

from bot.demo.soak.plan import Act, Deal, Verb, Words
from core.sandbox.frames import image_content, text_content
from core.sandbox.market import Refusal
from core.sandbox.things import Order
from core.sandbox.world import World

PHOTO = "https://example.test/photo.jpg"


class Street:
    """`orders` are the platform's numbers of the deals that were made."""

    def __init__(self, world: World, items: dict[str, str]) -> None:
        self._world = world
        self._items = items
        self.orders: dict[int, str] = {}
        trades = world.trades
        self._does: dict[Verb, Callable[[Deal, Order], object]] = {
            "pay": lambda deal, order: trades.pay(order, deal.show),
            "cancel": lambda deal, order: trades.cancel(order, deal.by),
            "ask_refund": lambda _, order: trades.ask_refund(order),
            "withdraw_refund": lambda _, order: trades.withdraw_refund(order),
            "agree_refund": lambda _, order: trades.agree_refund(order),
            "confirm": lambda _, order: trades.confirm(order),
            "rate": lambda _, order: trades.rate(order),
            "change_price": lambda _, order: trades.change_price(order, order.amount_fen - 100),
            "complete_bargain": lambda _, order: trades.complete_bargain(order),
            "ship_in_app": lambda _, order: trades.ship(order, "app", "SF1029384756", "顺丰"),
        }

    def act(self, acts: Sequence[Act]) -> list[Act]:
        """Do them; those that the platform does not allow yet come again."""
        return [
            act.model_copy(update={"moment": act.moment + 1, "tries": act.tries - 1})
            for act in acts
            if not self._acted(act) and act.tries > 1
        ]

    def _acted(self, act: Act) -> bool:
        try:
            if act.verb == "order":
                self._order(act.deal)
            else:
                self._does[act.verb](act.deal, self._world.market.orders[self.orders[act.deal.number]])
        except Refusal:
            return False
        return True

    def _order(self, deal: Deal) -> None:
        market = self._world.market
        account, buyer = market.accounts[deal.good.account], market.add_buyer(_buyer_id(deal.buyer))
        what = (self._items[deal.good.name], deal.quantity, "", None)
        order = self._world.trades.order(account, buyer, *what, silent=deal.silent)
        order.bargaining = deal.story == "bargains"
        self.orders[deal.number] = order.order_id

    def say(self, words: Words) -> None:
        """A buyer types, or sends a picture."""
        market, talks = self._world.market, self._world.talks
        buyer = market.add_buyer(_buyer_id(words.buyer))
        chat = talks.chat(market.accounts[words.good.account], buyer, self._items[words.good.name])
        talks.say(
            chat, image_content(PHOTO) if words.text is None else text_content(words.text), operation=words.operation
        )


def _buyer_id(number: int) -> str:
    return f"{2_210_000_000_000 + number}"
