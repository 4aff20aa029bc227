"""Products and their settings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.engine.context import Shop
from core.moves import items
from core.moves import listings as moves
from core.moves.planning import fill_short
from core.rules import items as rules
from core.rules.items import Defaults
from core.rules.shipping import lack_of
from core.store import listings, orders
from core.store import stock as shelf
from core.store.accounts import list_sellers
from core.store.db import Tx
from core.values.fulfilment import ShipMode
from core.values.ids import AccountId, ProductId
from core.values.items import ItemRow, ItemView, NewItem
from core.values.people import SHOP, Actor
from core.values.products import Lack, LedgerRow, Listing, Product

LEDGER_SHOWN = 20


def _twin(new: ItemRow, rows: Sequence[ItemRow], shops: Mapping[AccountId, str]) -> Product | None:
    here = {shops[one.account_id] for one in new.listings}
    others = [row for row in rows if any(shops[one.account_id] in here for one in row.listings)]
    titled = [(row.product, title) for row in others for title in (row.product.title, *_titles(row))]
    return rules.twin_of(new.product, _titles(new), titled)


def _titles(row: ItemRow) -> tuple[str, ...]:
    return tuple(one.title for one in row.listings)


class Items:
    """What is sold, and how."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def list(self, accounts: Sequence[int] | None = None) -> tuple[ItemRow, ...]:
        """Every product with the items that sell it, those nobody configured first; of all accounts, or of some."""
        reader = self._shop.store.people
        by_product: defaultdict[int, list[Listing]] = defaultdict(list)
        for listing in await listings.list_all(reader):
            by_product[listing.product_id].append(listing)
        rows = [
            ItemRow(product=product, listings=tuple(by_product[product.id]))
            for product in await shelf.list_products(reader)
            if accounts is None or any(one.account_id in accounts for one in by_product[product.id])
        ]
        return tuple(sorted(rows, key=lambda row: (row.product.configured, row.is_off, row.product.id)))

    async def list_new(self) -> tuple[NewItem, ...]:
        """Products on sale that nobody configured, each with the one it may be again."""
        rows, sellers = await self.list(), await list_sellers(self._shop.store.people)
        shops = {seller.id: seller.shop for seller in sellers.every}
        new = [row for row in rows if not row.product.configured and not row.is_off]
        return tuple(NewItem(product=row.product, listings=row.listings, twin=_twin(row, rows, shops)) for row in new)

    async def configure_new(self, actor: Actor, mode: ShipMode, *, auto_ship: bool) -> int:
        """How all new products are sent, but those that may be another's goods again; how many there were."""
        cause, products = self._shop.cause(actor), [row.product.id for row in await self.list_new() if not row.twin]

        def work(tx: Tx) -> int:
            done = moves.configure_new(tx, cause, products, mode, auto_ship=auto_ship)
            for product_id in products:
                fill_short(tx, cause, self._shop.terms, product_id)
            return done

        return await self._shop.store.write(work)

    async def join(self, actor: Actor, product_id: int, into: int, version: int | None = None) -> Product:
        """A product's items and orders become another's; the other. Refused says why not."""
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> Product:
            joined = moves.join(tx, cause, product_id, into, version)
            fill_short(tx, cause, self._shop.terms, joined.id)
            return shelf.find_product(tx, joined.id)

        return await self._shop.store.write(work)

    async def split(self, actor: Actor, product_id: int, item_id: str, version: int | None = None) -> Product:
        """A platform item sells a product of its own from now on; that product. Refused says why not."""
        cause = self._shop.cause(actor)
        defaults = Defaults.of(self._shop.config.shipping, self._shop.config.stock)
        return await self._shop.store.write(lambda tx: moves.split(tx, cause, product_id, item_id, defaults, version))

    async def show(self, product_id: int) -> ItemView:
        """A product with the items that sell it and its newest movements, oldest first; NotFound."""
        reader = self._shop.store.people
        ledger = await shelf.list_ledger(reader, product_id, LEDGER_SHOWN)
        product = await shelf.read_product(reader, product_id)
        return ItemView(
            product=product,
            lack=lack_of(product),
            listings=await listings.list_of(reader, product_id),
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

    def lack_of(self, product: Product) -> Lack | None:
        """What automatic shipping of a product would lack."""
        return lack_of(product)

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
        whom = f" #{row.order_id}" if row.order_id else f" k{row.keep_id}" if row.keep_id else ""
        return f"{when} {row.kind} {row.quantity:+d}{whom} → {row.free_after}"
