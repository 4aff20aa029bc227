"""The people of a flow test: the owner who is shown notices, buyers, and the order one of them made."""

from dataclasses import dataclass
from typing import Any

from core.engine.front import Engine
from core.errors import Transient
from core.sandbox.client import ControlClient
from core.values.notices import Notice
from core.values.telling import Way

ROOM = "owner"
"""The one chat of a day's owner."""


class Owner:
    """The owner's side: keeps what it was shown. `down` refuses every notice as a chat that is out of order would."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self.notices: list[Notice] = []
        self.down = False

    def beside(self, engine: Engine) -> "Owner":
        """Stand at this shop's counter."""
        self.engine = engine
        return self

    def reaches(self, chat: str) -> bool:
        return chat == ROOM

    async def show(self, notice_id: int, way: Way) -> None:
        if self.down:
            raise Transient("no_chat")
        assert self.engine is not None
        self.notices.append(await self.engine.notices.find(notice_id))

    def told(self, kind: str, entity_id: int | None = None) -> list[Notice]:
        """What was shown of one kind."""
        return [n for n in self.notices if n.kind == kind and entity_id in (None, n.entity_id)]

    @property
    def kinds(self) -> list[str]:
        return [notice.kind.value for notice in self.notices]


@dataclass
class Trade:
    """A buyer's order as the world numbers it."""

    order_no: str
    chat_no: str
    account: str = "shop"


@dataclass
class Buyer:
    """A buyer of the pretend world."""

    control: ControlClient
    user_id: str
    account: str = "shop"

    async def says(self, item: str, text: str) -> dict[str, Any]:
        return await self.control.talk(self.user_id, item, text, account=self.account)

    async def orders(self, item: str, **more: Any) -> Trade:
        told = await self.control.order(self.user_id, item, account=self.account, **more)
        return Trade(told["order_id"], told["chat_id"], self.account)

    async def pays_by_card(self, item: str) -> Trade:
        """The same, told by the card alone: it says whether postage is needed, which the summary does not."""
        control = self.control
        trade = await self.orders(item)
        await control.fault("drop", probability=1, on="summary")
        await control.pay(trade.order_no, show="card")
        await control.fault("drop", probability=0, on="summary")
        return trade

    async def pays(self, item: str, **more: Any) -> Trade:
        """Order and pay; the seller sees a card."""
        trade = await self.orders(item, **more)
        await self.control.pay(trade.order_no, show="card")
        return trade
