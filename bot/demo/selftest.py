"""The self test: one fake order in a fresh shop beside a pretend marketplace, and what both of them then know."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from bot.demo.goods import CARD, Good
from bot.demo.promises import KEY
from bot.demo.stage import Stage, open_stage
from core.errors import NotFound
from core.run import Shop, open_shop
from core.sandbox.things import Json
from core.tools.verify import verify
from core.values.fulfilment import FulfilmentState
from core.values.ids import OrderNo
from core.values.selftest import Check, Checked, SelfTest
from core.values.views import OrderView

SEED = 1
SPEED = 60.0
WAIT_S = 12.0
POLL_S = 0.02
STILL_S = 0.4
"""Real seconds in which a second effect would have come."""
C = Checked


async def play(good: Good = CARD, wait_s: float = WAIT_S) -> SelfTest:
    """Play it and say what held; never raises for what did not. `wait_s` is for each check, in real seconds."""
    began_s = time.monotonic()
    async with open_stage(SEED, SPEED, report=False, goods=(good,)) as stage:
        async with _shop(stage) as shop:
            checks = await Trial(stage, shop, wait_s).run()
        checks.append(_verified(stage))
    return SelfTest(checks=tuple(checks), took_s=round(time.monotonic() - began_s, 1))


@asynccontextmanager
async def _shop(stage: Stage) -> AsyncIterator[Shop]:
    async with open_shop(stage.config) as shop:
        await shop.start()
        try:
            yield shop
        finally:
            await shop.stop()


def _verified(stage: Stage) -> Check:
    verdict = verify(stage.config.shop.data_dir, ZoneInfo(stage.config.shop.timezone))
    return Check(name=C.verified, held=verdict.is_right, seen=str(verdict.findings[:1]) if verdict.findings else "")


class Trial:
    """A buyer asks, orders and pays; everything is then looked at from both sides."""

    def __init__(self, stage: Stage, shop: Shop, wait_s: float) -> None:
        self._wait_s = wait_s
        self._control = stage.world.control
        self._item = stage.items[CARD.name]
        self._engine = shop.engine
        self._order_no = ""
        self._chat_id = ""

    async def run(self) -> list[Check]:
        """Each check in its order; what does not come in time did not hold."""
        found = [await self._check(C.connected, self._is_connected)]
        buyer = await self._control.buyer()
        self._chat_id = str((await self._control.talk(buyer, self._item, "在吗"))["chat_id"])
        found.append(await self._check(C.answered, self._was_answered))
        order = await self._control.order(buyer, self._item)
        self._order_no = str(order["order_id"])
        await self._control.pay(self._order_no, show="card")
        for name, holds in (
            (C.arrived, self._has_arrived),
            (C.stored, self._is_acknowledged),
            (C.decided, self._was_decided),
            (C.shipped_once, self._was_shipped),
            (C.text_once, self._got_the_text),
        ):
            found.append(await self._check(name, holds))
        await asyncio.sleep(STILL_S)
        return sorted([*found[:-2], *await self._once(), await self._books()], key=lambda c: [*C].index(c.name))

    async def _check(self, name: Checked, holds: Callable[[], Awaitable[bool]]) -> Check:
        try:
            async with asyncio.timeout(self._wait_s):
                while not await holds():  # noqa: ASYNC110 - two programs are watched from outside
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            return Check(name=name, held=False, seen=f"> {self._wait_s:g} s")
        return Check(name=name, held=True)

    async def _is_connected(self) -> bool:
        return all(account.state == "online" for account in (await self._engine.health.show()).accounts)

    async def _was_answered(self) -> bool:
        return bool(await self._sent())

    async def _has_arrived(self) -> bool:
        view = await self._view()
        return view is not None and view.order.paid_at is not None

    async def _is_acknowledged(self) -> bool:
        state = await self._control.get("/state")
        return all(link["unacked"] == 0 for link in state["connections"])

    async def _was_decided(self) -> bool:
        view = await self._view()
        states = {row.after for row in view.history} if view else set()
        return FulfilmentState.scheduled in states

    async def _was_shipped(self) -> bool:
        view = await self._view()
        return bool(await self._shipped()) and view is not None and view.order.shipped_at is not None

    async def _got_the_text(self) -> bool:
        return bool(await self._keys_sent())

    async def _once(self) -> list[Check]:
        """Once each, also after a while."""
        texts, ships = await self._keys_sent(), await self._shipped()
        return [
            Check(name=C.text_once, held=len(texts) == 1, seen=str(len(texts))),
            Check(name=C.shipped_once, held=len(ships) == 1, seen=str(len(ships))),
        ]

    async def _books(self) -> Check:
        product = (await self._engine.items.list())[0].product
        left = (product.free, product.reserved, product.sold)
        return Check(name=C.books, held=left == (CARD.keys - 1, 0, 1), seen=" / ".join(map(str, left)))

    async def _view(self) -> OrderView | None:
        try:
            order_id = await self._engine.orders.find(OrderNo(self._order_no))
        except NotFound:
            return None
        return await self._engine.orders.show(order_id)

    async def _entries(self, kind: str) -> list[Json]:
        return [entry for entry in (await self._control.get("/record"))["entries"] if entry["kind"] == kind]

    async def _sent(self) -> list[str]:
        return [entry["text"] for entry in await self._entries("sent") if entry["chat_id"] == self._chat_id]

    async def _keys_sent(self) -> list[str]:
        return [text for text in await self._sent() if KEY.search(text)]

    async def _shipped(self) -> list[Json]:
        return [entry for entry in await self._entries("shipped") if entry["order_id"] == self._order_no]
