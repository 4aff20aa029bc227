"""The owner's answers to risky orders."""

from core.engine.context import Shop
from core.engine.orders import Orders
from core.moves import decisions
from core.values.ids import OrderId
from core.values.people import Actor
from core.values.views import OrderView


class Approvals:
    """One decision a question: the first answer wins; a later one raises IllegalMove("already_decided")."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    async def approve(self, actor: Actor, order_id: OrderId, version: int | None = None) -> OrderView:
        """Yes: it ships, not before the undo window is over."""
        cause, terms = self._shop.cause(actor), self._shop.terms
        await self._shop.store.write(lambda tx: decisions.approve(tx, cause, terms, order_id, version))
        return await self._orders.show(order_id)

    async def reject(self, actor: Actor, order_id: OrderId, reason: str = "", version: int | None = None) -> OrderView:
        """No: it is held with the reason."""
        cause, terms = self._shop.cause(actor), self._shop.terms
        await self._shop.store.write(lambda tx: decisions.reject(tx, cause, terms, order_id, reason, version))
        return await self._orders.show(order_id)

    async def postpone(self, actor: Actor, order_id: OrderId, seconds: int, version: int | None = None) -> OrderView:
        """Later: reminder, escalation and deadline move."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: decisions.postpone(tx, cause, order_id, seconds, version))
        return await self._orders.show(order_id)
