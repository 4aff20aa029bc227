"""Products and their settings."""

from core.engine.context import Shop
from core.moves import items
from core.moves.planning import fill_short
from core.rules import items as rules
from core.rules.items import Defaults
from core.store import orders
from core.store import stock as shelf
from core.store.db import Tx
from core.values.ids import ProductId
from core.values.people import SHOP, Actor
from core.values.products import LedgerRow, Product
from core.values.views import ItemView

LEDGER_SHOWN = 20


class Items:
    """What is sold, and how."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self) -> tuple[Product, ...]:
        """Every product, by number."""
        return await shelf.list_products(self._shop.store.people)

    async def show(self, product_id: int) -> ItemView:
        """A product with the items that sell it and its newest movements, oldest first; NotFound."""
        reader = self._shop.store.people
        ledger = await shelf.list_ledger(reader, product_id, LEDGER_SHOWN)
        return ItemView(
            product=await shelf.read_product(reader, product_id),
            listings=await shelf.list_listings(reader, product_id),
            ledger=tuple(self._movement(row) for row in reversed(ledger)),
        )

    async def change(
        self, actor: Actor, product_id: int, field: str, value: str, version: int | None = None
    ) -> tuple[Product, Product]:
        """Set one field; what the product was and what it is. BadArgument says what the field takes."""
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> tuple[Product, Product]:
            before, _ = items.change(tx, cause, product_id, field, value, version)
            fill_short(tx, cause, self._shop.terms, product_id)
            return before, shelf.find_product(tx, product_id)

        return await self._shop.store.write(work)

    async def preview_change(self, product_id: int, field: str, value: str) -> tuple[Product, Product]:
        """What a change would do; nothing is written."""
        before = await shelf.read_product(self._shop.store.people, product_id)
        return before, rules.changed(before, field, value)

    async def product_of_order(self, order_id: int) -> ProductId:
        """The product an order is about; made, unconfigured, when its item was never seen."""
        cause = self._shop.cause(SHOP)
        defaults = Defaults.of(self._shop.config.shipping, self._shop.config.stock)

        def work(tx: Tx) -> ProductId:
            order = orders.find(tx, order_id)
            line = order.lines[0] if order.lines else None
            if line is not None and line.product_id is not None:
                return line.product_id
            item_id = line.item_id if line else order.item_id or f"order-{order.order_no}"
            title, spec, price = (line.title, line.spec, line.unit_price_fen) if line else ("", "", None)
            return items.product_for(tx, cause, order.account_id, item_id, spec, title, price, defaults).id

        return await self._shop.store.write(work)

    def _movement(self, row: LedgerRow) -> str:
        when = row.at.astimezone(self._shop.zone).strftime("%m-%d %H:%M")
        order = f" #{row.order_id}" if row.order_id else ""
        return f"{when} {row.kind} {row.quantity:+d}{order} → {row.free_after}"
