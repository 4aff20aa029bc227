"""People's acts on shipments."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.engine.context import Shop
from core.engine.orders import Orders
from core.errors import NotFound, Refused
from core.moves import by_hand, first_connect, parcels
from core.moves.cause import Cause
from core.rules.shipping import delivery_text
from core.rules.text import mask_key
from core.store.db import Tx
from core.values.fulfilment import ShipMode
from core.values.ids import AccountId, OrderId
from core.values.people import Actor
from core.values.products import Product
from core.values.views import OrderRow, OrderView, ShipPreview

CHOICES = ("sent", "again", "give_up")
KEY_SHOWN = "****"


class Shipping:
    """Shipping by hand: every act takes the version that was seen and is recorded with its actor."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    async def preview(self, order_id: OrderId) -> ShipPreview:
        """What /ship would do: stock, and the text with its keys masked. Refused as /ship itself would be."""
        view = await self._orders.show(order_id)
        if view.fulfilment is None:
            raise NotFound("no_fulfilment", order=order_id)
        by_hand.check_shippable(view.fulfilment, view.order)
        product = view.product
        left = product.free + product.reserved if product and product.counted else None
        return ShipPreview(view=view, stock_left=left, text_masked=_masked(product, view), warnings=_warnings(view))

    async def ship(
        self,
        actor: Actor,
        order_id: OrderId,
        version: int | None = None,
        carrier: str | None = None,
        tracking_no: str | None = None,
    ) -> OrderView:
        """Ship when the undo window is over; Refused("tracking_needed") for a parcel without a number."""
        terms = self._shop.terms
        return await self._act(
            actor, order_id, lambda tx, cause: by_hand.ship(tx, cause, terms, order_id, version, carrier, tracking_no)
        )

    async def undo(self, actor: Actor, order_id: OrderId, version: int | None = None) -> OrderView:
        """Take /ship or an approval back before its window is over."""
        terms = self._shop.terms
        return await self._act(actor, order_id, lambda tx, cause: by_hand.undo(tx, cause, terms, order_id, version))

    async def delay(self, actor: Actor, order_id: OrderId, until: datetime, version: int | None = None) -> OrderView:
        """Another due time."""
        return await self._act(actor, order_id, lambda tx, cause: by_hand.delay(tx, cause, order_id, until, version))

    async def hold(self, actor: Actor, order_id: OrderId, reason: str = "", version: int | None = None) -> OrderView:
        """Stop it until it is released."""
        terms = self._shop.terms
        return await self._act(
            actor, order_id, lambda tx, cause: by_hand.hold(tx, cause, terms, order_id, reason, version)
        )

    async def release(self, actor: Actor, order_id: OrderId, version: int | None = None) -> OrderView:
        """Let it go."""
        terms = self._shop.terms
        return await self._act(actor, order_id, lambda tx, cause: by_hand.release(tx, cause, terms, order_id, version))

    async def hand_over(self, actor: Actor, order_id: OrderId, version: int | None = None) -> OrderView:
        """A person ships it."""
        terms = self._shop.terms
        return await self._act(
            actor, order_id, lambda tx, cause: by_hand.hand_over(tx, cause, terms, order_id, version)
        )

    async def retry(self, actor: Actor, order_id: OrderId, version: int | None = None) -> OrderView:
        """Try a failed one again."""
        terms = self._shop.terms
        return await self._act(actor, order_id, lambda tx, cause: by_hand.retry(tx, cause, terms, order_id, version))

    async def list_failed(self) -> tuple[OrderRow, ...]:
        """Failed shipments, at most a hundred."""
        return (await self._orders.list("failed", limit=100)).rows

    async def retry_failed(self, actor: Actor) -> int:
        """Try every failed one again; how many."""
        terms, cause = self._shop.terms, self._shop.cause(actor)
        return await self._shop.store.write(lambda tx: by_hand.retry_failed(tx, cause, terms))

    async def settle(self, actor: Actor, order_id: OrderId, choice: str, version: int | None = None) -> OrderView:
        """待核实: "sent", "again" (the same once more) or "give_up"."""
        if choice not in CHOICES:
            raise Refused("bad_choice", field="settle", value=choice, allowed=", ".join(CHOICES))
        terms = self._shop.terms
        return await self._act(
            actor, order_id, lambda tx, cause: by_hand.settle(tx, cause, terms, order_id, choice, version)
        )

    async def correct(self, actor: Actor, order_id: OrderId, carrier: str, tracking_no: str) -> OrderView:
        """Another number for a parcel that left: kept, and told to the buyer."""
        return await self._act(
            actor, order_id, lambda tx, cause: parcels.correct(tx, cause, order_id, carrier, tracking_no)
        )

    async def take_first_connect(self, actor: Actor, account_id: AccountId, *, by_hand: bool) -> int:
        """Orders paid before the first connect: mine, or all to the automatic way; how many."""
        terms, cause = self._shop.terms, self._shop.cause(actor)
        return await self._shop.store.write(
            lambda tx: first_connect.take(tx, cause, terms, account_id, by_hand=by_hand)
        )

    async def _act(self, actor: Actor, order_id: OrderId, work: Callable[[Tx, Cause], None]) -> OrderView:
        cause = self._shop.cause(actor)
        await self._shop.store.write(lambda tx: work(tx, cause))
        return await self._orders.show(order_id)


def _masked(product: Product | None, view: OrderView) -> str:
    if product is None or not (product.delivery_text or product.keyed):
        return ""
    quantity = sum(line.quantity for line in view.order.lines)
    keys: Sequence[str] = [mask_key(KEY_SHOWN)] * quantity if product.keyed else []
    return delivery_text(product, keys, view.order.order_no)


def _warnings(view: OrderView) -> tuple[str, ...]:
    found = []
    task, product = view.fulfilment, view.product
    if task and view.is_parcel and not task.tracking_no:
        found.append("tracking_needed")
    if task and task.mode is ShipMode.virtual and not (product and (product.delivery_text or product.keyed)):
        found.append("no_text")
    if task and task.text_sent:
        found.append("text_sent")
    return tuple(found)
