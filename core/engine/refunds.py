"""Refund requests: what the platform tells of them, and refusing one."""

from core.engine.context import Shop
from core.engine.orders import Orders
from core.moves import refunds as moves
from core.rules.refunds import check_open, reason_of
from core.values.orders import Refund, RefuseReason
from core.values.people import SHOP, Actor
from core.values.views import OrderView


class Refunds:
    """The request a buyer made, and our no to it. A yes is the app's alone."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    async def show(self, order_id: int) -> OrderView:
        """The order with its request; one the platform was not heard about is asked about once more.

        NotFound("no_refund"), Refused("refund_unread", "refund_app_only").
        """
        view = await self._orders.show(order_id)
        if view.refund is not None and view.refund.refund_no is None:
            cause = self._shop.cause(SHOP)
            await self._shop.store.write(lambda tx: moves.look_again(tx, cause, order_id))
        check_open(view.refund, view.order.state)
        return view

    async def preview(self, order_id: int, choice: str) -> tuple[OrderView, Refund, RefuseReason]:
        """What would be said no to, and with which reason; raises what `refuse` raises."""
        view = await self.show(order_id)
        refund = check_open(view.refund, view.order.state)
        return view, refund, reason_of(refund, choice)

    async def refuse(self, actor: Actor, order_id: int, choice: str) -> OrderView:
        """Say no, with one of the platform's reasons (its id or its words)."""
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: moves.refuse(tx, cause, order_id, choice))
        return await self._orders.show(order_id)
