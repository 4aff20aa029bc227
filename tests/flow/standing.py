"""What stands in the shop's file and in the world's own record, and waiting until it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from core.engine.front import Engine
from core.errors import NotFound
from core.run import Shop
from core.sandbox.world import World
from core.values.ids import OrderId
from core.values.notices import Notice
from core.values.views import OrderView
from tests.flow.people import Owner, Trade

PATIENCE_S = 20.0


class Standing:
    """Questions to a shop and its world."""

    world: World
    owner: Owner
    shop: Shop

    @property
    def engine(self) -> Engine:
        return self.shop.engine

    async def until(self, condition: Callable[[], Any], what: str = "", patience_s: float = PATIENCE_S) -> Any:
        """Wait until something holds; what it gave. TimeoutError names what did not come."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience_s
        while True:
            found = condition()
            if isinstance(found, Awaitable):
                found = await found
            if found:
                return found
            if loop.time() > end:
                raise TimeoutError(f"waited {patience_s} s for {what or condition}")
            await asyncio.sleep(0.01)

    # -- the file and the world's own record

    async def rows(self, sql: str, *values: object) -> list[Any]:
        """Read the shop's file directly."""
        reader = self.shop.work.store.people
        return list(await reader._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, *values: object) -> Any:
        """The first column of the first row."""
        return (await self.rows(sql, *values))[0][0]

    def record(self, kind: str, **facts: object) -> list[dict[str, Any]]:
        """What really happened in the world."""
        entries = self.world.market.record.entries
        return [e for e in entries if e["kind"] == kind and all(e.get(k) == v for k, v in facts.items())]

    def texts_to(self, trade: Trade) -> list[str]:
        """What the shop said in a trade's chat, as the world has it."""
        return [entry["text"] for entry in self.record("sent", chat_id=trade.chat_no)]

    def is_shipped(self, trade: Trade) -> bool:
        return bool(self.record("shipped", order_id=trade.order_no))

    # -- what stands where

    async def order_id(self, trade: Trade) -> OrderId | None:
        try:
            return await self.engine.orders.find(trade.order_no)
        except NotFound:
            return None

    async def view(self, trade: Trade) -> OrderView:
        order_id = await self.order_id(trade)
        assert order_id is not None, f"the shop knows no {trade}"
        return await self.engine.orders.show(order_id)

    async def shipping(self, trade: Trade) -> str | None:
        """The state of its fulfilment."""
        order_id = await self.order_id(trade)
        view = await self.engine.orders.show(order_id) if order_id else None
        return view.fulfilment.state.value if view and view.fulfilment else None

    async def state(self, trade: Trade) -> str | None:
        order_id = await self.order_id(trade)
        return (await self.engine.orders.show(order_id)).order.state.value if order_id else None

    async def until_shipping(self, trade: Trade, state: str) -> OrderView:
        """Wait until its fulfilment stands there."""

        async def there() -> bool:
            return await self.shipping(trade) == state

        try:
            await self.until(there)
        except TimeoutError:
            raise AssertionError(f"{trade} is {await self._told_of(trade)}, not {state}") from None
        return await self.view(trade)

    async def _told_of(self, trade: Trade) -> str:
        rows = await self.rows(
            "SELECT h.machine || ' ' || h.after || ' ' || h.detail FROM history AS h JOIN orders AS o "
            "ON o.id = h.entity_id WHERE o.order_no = ? ORDER BY h.id",
            trade.order_no,
        )
        return ", ".join(row[0] for row in rows)

    async def until_state(self, trade: Trade, state: str) -> OrderView:
        """Wait until the order stands there."""

        async def there() -> bool:
            return await self.state(trade) == state

        try:
            await self.until(there)
        except TimeoutError:
            raise AssertionError(f"{trade} is {await self.state(trade)}, not {state}") from None
        return await self.view(trade)

    async def until_told(self, kind: str, entity_id: int | None = None) -> Notice:
        """Wait until the owner was shown a notice of a kind; the first."""
        told = await self.until(lambda: self.owner.told(kind, entity_id), f"the notice {kind}")
        first: Notice = told[0]
        return first
