"""Units and keys."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from core.engine.context import Shop
from core.engine.orders import Orders
from core.errors import BadArgument, NotFound, Refused
from core.moves import acts, given_keys, keys, returns, stock
from core.moves.planning import fill_short
from core.rules.text import mask_key
from core.store import keeps
from core.store import stock as shelf
from core.store.db import Tx
from core.values.ids import OrderId, ProductId
from core.values.people import Actor
from core.values.products import KeyState, Product
from core.values.views import KeysAdded, KeysPreview, ReturnPreview, StockRow, VoidPreview

MOST = 1_000_000_000
LONGEST_KEY = 500
WEEK = timedelta(days=7)
SAMPLES = 2


class Stock:
    """What is on the shelf; whatever arrives goes first to orders that wait for it, in order of payment."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    async def list(self, low_only: bool = False, accounts: Sequence[int] | None = None) -> tuple[StockRow, ...]:
        """Every product's stock, or only what is low; of all accounts, or what some of them sell."""
        reader = self._shop.store.people
        sold = await shelf.sold_since(reader, self._shop.now() - WEEK)
        short, kept = await shelf.short_waiting(reader), await keeps.units(reader)
        rows = (
            StockRow(
                product=product,
                sold_7_days=sold.get(product.id, 0),
                waiting_short=short.get(product.id, 0),
                kept=kept.get(product.id, 0),
            )
            for product in await shelf.list_products(reader)
        )
        sold_by = None if accounts is None else await shelf.products_of_accounts(reader, accounts)
        wanted = (row for row in rows if sold_by is None or row.product.id in sold_by)
        return tuple(row for row in wanted if not low_only or _is_low(row))

    async def find(self, word: str) -> ProductId:
        """A product by "3", "p3", a platform item id, or a part of a title only one product has.

        Raises NotFound("no_such_product") and Refused("ambiguous_product").
        """
        reader = self._shop.store.people
        number = re.fullmatch(r"[pP]?([0-9]{1,9})", word.strip())
        if number and await self._has(int(number[1])):
            return ProductId(int(number[1]))
        named = await shelf.list_named(reader, word.strip()) if word.strip() else ()
        if not named:
            raise NotFound("no_such_product", word=word)
        if len(named) > 1:
            raise Refused("ambiguous_product", word=word)
        return named[0]

    async def set_free(self, actor: Actor, product_id: int, quantity: int, version: int | None = None) -> Product:
        """The owner counted the shelf: so many units are free."""
        if not 0 <= quantity <= MOST:
            raise BadArgument("bad_number", field="free", value=quantity, least=0, most=MOST)
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> Product:
            before = shelf.find_product(tx, product_id)
            stock.set_free(tx, cause, product_id, quantity, version)
            acts.record(tx, cause, "setstock", "product", product_id, _left(before), quantity)
            fill_short(tx, cause, self._shop.terms, product_id)
            return shelf.find_product(tx, product_id)

        return await self._shop.store.write(work)

    async def set_unlimited(self, actor: Actor, product_id: int, version: int | None = None) -> Product:
        """Units are no longer counted."""
        cause = self._shop.cause(actor)

        def work(tx: Tx) -> Product:
            before = shelf.find_product(tx, product_id)
            stock.set_unlimited(tx, cause, product_id, version)
            acts.record(tx, cause, "setstock", "product", product_id, _left(before), "unlimited")
            fill_short(tx, cause, self._shop.terms, product_id)
            return shelf.find_product(tx, product_id)

        return await self._shop.store.write(work)

    async def preview_return(self, order_id: OrderId, quantity: int | None) -> ReturnPreview:
        """What of an order would be on the shelf again: so many, or all its buyer has. Refused as the act would be."""
        view = await self._orders.show(order_id)
        back = view.with_buyer if quantity is None else quantity
        if view.product is None or not 0 < back <= view.with_buyer:
            raise Refused("nothing_to_give_back", order=order_id, left=view.with_buyer)
        return ReturnPreview(view=view, product=view.product, quantity=back)

    async def take_in(self, actor: Actor, order_id: OrderId, quantity: int, version: int | None = None) -> ProductId:
        """Goods of an order came back and can be sold again; the product. `version` is the product's."""
        cause, terms = self._shop.cause(actor), self._shop.terms
        return await self._shop.store.write(lambda tx: returns.take_in(tx, cause, terms, order_id, quantity, version))

    async def preview_keys(self, product_id: int, lines: Sequence[str]) -> KeysPreview:
        """What an import of card keys, one a line, would do; nothing is written."""
        reader = self._shop.store.people
        product = await shelf.read_product(reader, product_id)
        given = _keys_in(lines)
        prints = {reader.vault.fingerprint(key): key for key in given}
        known = await shelf.known_prints(reader, list(prints))
        new = [key for name, key in prints.items() if name not in known]
        return KeysPreview(
            product=product,
            new=len(new),
            duplicate=len(given) - len(new),
            empty=len(lines) - len(given),
            first_masked=tuple(mask_key(key) for key in new[:SAMPLES]),
        )

    async def add_keys(self, actor: Actor, product_id: int, lines: Sequence[str]) -> KeysAdded:
        """Put card keys, one a line, on a product's shelf; keys the shop ever had are left out."""
        cause, given = self._shop.cause(actor), _keys_in(lines)

        def work(tx: Tx) -> KeysAdded:
            added = keys.add_keys(tx, cause, product_id, given)
            acts.record(tx, cause, "import", "product", product_id, after=f"{added.added} keys")
            fill_short(tx, cause, self._shop.terms, product_id)
            return added

        return await self._shop.store.write(work)

    async def preview_void(self, product_id: int, lines: Sequence[str]) -> VoidPreview:
        """Which of some keys, one a line, are still to be sold; nothing is written."""
        reader, given = self._shop.store.people, dict.fromkeys(_keys_in(lines))
        product = await shelf.read_product(reader, product_id)
        states = await shelf.states_of_keys(reader, product_id, [reader.vault.fingerprint(key) for key in given])
        counts = Counter(states)
        return VoidPreview(product=product, unknown=len(given) - len(states), **{s: counts[s] for s in KeyState})

    async def void_keys(self, actor: Actor, product_id: int, lines: Sequence[str]) -> int:
        """Keys, one a line, are gone and are never sold: those that are free become void; how many."""
        cause, given = self._shop.cause(actor), _keys_in(lines)
        return await self._shop.store.write(lambda tx: given_keys.void_keys(tx, cause, product_id, given))

    async def _has(self, product_id: int) -> bool:
        return await self._shop.store.people.one("stock.find_product", id=product_id) is not None


def _keys_in(lines: Sequence[str]) -> tuple[str, ...]:
    """The keys of the lines; BadArgument when one is too long to be a key."""
    given = tuple(line.strip() for line in lines if line.strip())
    if any(len(key) > LONGEST_KEY for key in given):
        raise BadArgument("bad_length", field="key", least=1, most=LONGEST_KEY)
    return given


def _is_low(row: StockRow) -> bool:
    return row.product.counted and (row.product.free <= row.product.low_at or row.waiting_short > 0)


def _left(product: Product) -> str:
    return str(product.free) if product.counted else "unlimited"
