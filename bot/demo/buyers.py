"""The buyers of the scripted day: who they are, what they order, and what must come of it."""

import random
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.demo.goods import Good
from core.sandbox.client import ControlClient

NICKS = (
    "小鱼", "阿明爱数码", "大刘", "石头记", "夜猫子", "老王头", "晴天娃娃", "北漂阿强",
    "慢慢来", "爱喝奶茶", "二手猎人", "云淡风轻", "南瓜粥", "一路向西", "木子李", "橘子汽水", "白日梦", "山里人",
)  # fmt: skip


class End(StrEnum):
    """How an order must have ended."""

    shipped = "shipped"
    never_shipped = "never_shipped"


class Bought(BaseModel):
    """An order of the day. `texts` is how many delivery texts its buyer must have got: one, or none."""

    model_config = ConfigDict(frozen=True)

    story: str
    good: Good
    order_id: str
    chat_id: str
    number: int
    end: End
    texts: int = 0
    how: str = ""


class Street:
    """Where buyers come from: the seed decides in which order."""

    def __init__(self, control: ControlClient, items: dict[str, str], seed: int) -> None:
        self._control = control
        self._items = items
        self._nicks = random.Random(f"nicks {seed}").sample(NICKS, len(NICKS))
        self.bought: list[Bought] = []

    async def comes(self) -> str:
        """A new buyer; the platform's id."""
        return await self._control.buyer(self._nicks.pop())

    async def asks(self, buyer: str, good: Good, words: str) -> str:
        """A buyer types; the chat's id."""
        said = await self._control.talk(buyer, self._items[good.name], words)
        return str(said["chat_id"])

    async def orders(
        self, story: str, good: Good, end: End, *, quantity: int = 1, texts: int = 0, how: str = "", buyer: str = ""
    ) -> Bought:
        """A buyer orders, unpaid."""
        who = buyer or await self.comes()
        order = await self._control.order(who, self._items[good.name], quantity=quantity)
        bought = Bought(
            story=story,
            good=good,
            order_id=order["order_id"],
            chat_id=order["chat_id"],
            number=len(self.bought) + 1,
            end=end,
            texts=texts,
            how=how,
        )
        self.bought.append(bought)
        return bought

    async def buys(
        self, story: str, good: Good, end: End, *, quantity: int = 1, texts: int = 0, how: str = "", buyer: str = ""
    ) -> Bought:
        """A buyer orders and pays."""
        bought = await self.orders(story, good, end, quantity=quantity, texts=texts, how=how, buyer=buyer)
        await self._control.pay(bought.order_id, show="card")
        return bought
