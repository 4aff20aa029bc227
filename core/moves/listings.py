"""What the platform's list of items says: what is new, gone, or too cheap is told; products are joined by the owner.

Nothing here configures anything (laws.md, "Listing and product"): a new item is proposed, and a person decides.
"""

from collections.abc import Sequence

import orjson

from core.errors import Refused
from core.moves import acts, notices, stock
from core.moves.cause import Cause
from core.moves.items import add_product, configure, product_for
from core.rules.items import Defaults
from core.store import stock as shelf
from core.store.db import Tx
from core.values.fulfilment import ShipMode
from core.values.notices import NoticeKind
from core.values.products import ItemRecord, Product

SHOWN = 20
"""So many products are named in a notice."""


def see(
    tx: Tx, cause: Cause, account_id: int, items: Sequence[ItemRecord], defaults: Defaults, *, whole: bool = True
) -> None:
    """An account's items on sale as the platform lists them; `whole`: there are no others.

    An empty list says nothing: a platform in trouble answers so too.
    """
    if not items:
        return
    for item in items:
        product_for(tx, cause, account_id, item.item_id, "", item.title, item.price_fen, defaults)
    if whole:
        _take_off(tx, cause, account_id, orjson.dumps([item.item_id for item in items]).decode())
    if new := [row["product_id"] for row in tx.all("listings.new", account_id=account_id)]:
        _tell(tx, cause, NoticeKind.items_new, account_id, new)
    tx.run("listings.propose", account_id=account_id)
    _warn(tx, cause, account_id)


def _take_off(tx: Tx, cause: Cause, account_id: int, listed: str) -> None:
    """What the list has no more is off the shelf, what it has again is on it; the owner hears of what was set up."""
    gone = tx.all("listings.gone", account_id=account_id, items=listed)
    tx.run("listings.show", account_id=account_id, items=listed)
    if configured := [row["product_id"] for row in gone if row["configured"]]:
        _tell(tx, cause, NoticeKind.items_off, account_id, configured)


def _tell(tx: Tx, cause: Cause, kind: NoticeKind, account_id: int, products: Sequence[int]) -> None:
    detail = " ".join(map(str, products[:SHOWN]))
    notices.tell(tx, cause, kind, "items", account_id, once=cause.now_ms, detail=detail)


def _warn(tx: Tx, cause: Cause, account_id: int) -> None:
    """A price on the platform below the floor is told once a price: there nobody's guard reads along."""
    for row in tx.all("listings.below_floor", account_id=account_id):
        once = f"{account_id}:{row['item_id']}:{row['price_fen']}"
        kind = NoticeKind.price_below_floor
        notices.tell(tx, cause, kind, "product", row["product_id"], once=once, detail=str(row["price_fen"]))


def join(tx: Tx, cause: Cause, from_id: int, to_id: int, version: int | None = None) -> Product:
    """A product's items and orders become another's, and so share its pool: a relisted item, or one on two accounts.

    Raises NotFound, IllegalMove("changed_meanwhile"), Refused("join_itself", "join_has_stock", "join_other_shop").
    """
    before, into = stock.find_unchanged(tx, from_id, version), shelf.find_product(tx, to_id)
    check_join(tx, before, into)
    tx.run("listings.move", from_id=before.id, to_id=into.id)
    tx.run("listings.move_orders", from_id=before.id, to_id=into.id)
    tx.run("listings.keep_place", to_id=into.id, location=before.location, fragile=int(before.fragile))
    tx.run("listings.join", from_id=before.id, to_id=into.id, now=cause.now_ms)
    acts.record(tx, cause, "item join", "product", before.id, f"p{before.id}", f"p{into.id}")
    for product in (before, into):
        notices.redraw(tx, cause, "product", product.id, max(before.version, into.version) + 1)
    return into


def split(
    tx: Tx, cause: Cause, product_id: int, item_id: str, defaults: Defaults, version: int | None = None
) -> Product:
    """A platform item was joined by mistake: it sells a product of its own from now on, which nobody configured yet.

    Orders there are stay what they are, with their units: nothing in the books moves. Raises NotFound,
    IllegalMove("changed_meanwhile"), Refused("split_nothing", "split_all").
    """
    before = stock.find_unchanged(tx, product_id, version)
    every = tx.all("listings.of", product_id=before.id)
    one = next((row for row in every if row["item_id"] == item_id), None)
    if one is None:
        raise Refused("split_nothing", product=before.id, word=item_id)
    if all(row["item_id"] == item_id for row in every):
        raise Refused("split_all", product=before.id)
    title = one["title"] or item_id
    new = add_product(tx, cause, one["account_id"], title, one["spec"], one["price_fen"], defaults)
    tx.run("listings.split", from_id=before.id, to_id=new, item_id=item_id)
    acts.record(tx, cause, "item split", "product", before.id, f"p{before.id} {item_id}", f"p{new}")
    notices.redraw(tx, cause, "product", before.id, before.version + 1)
    return shelf.find_product(tx, new)


def check_join(tx: Tx, before: Product, into: Product) -> None:
    """Refused when the two are one, when units of the first are in the books, or when they are of two shops."""
    if before.id == into.id:
        raise Refused("join_itself", product=before.id)
    mine, other = tx.one("listings.has_books", id=before.id), tx.one("listings.has_books", id=into.id)
    assert mine is not None
    assert other is not None
    if mine["has"]:
        raise Refused("join_has_stock", product=before.id)
    if mine["shop"] != other["shop"]:
        raise Refused("join_other_shop", product=before.id, into=into.id)


def configure_new(tx: Tx, cause: Cause, products: Sequence[int], mode: ShipMode, *, auto_ship: bool) -> int:
    """The owner says of all new products at once how they are sent; how many there were. One act."""
    found = [product for one in products if not (product := shelf.find_product(tx, one)).configured]
    for product in found:
        wanted = product.model_copy(update={"mode": mode, "auto_ship": auto_ship, "configured": True})
        configure(tx, cause, wanted, product.version)
        notices.redraw(tx, cause, "product", product.id, product.version + 1)
    if found:
        after = f"{mode} {'auto' if auto_ship else 'by hand'}: {' '.join(f'p{one.id}' for one in found[:SHOWN])}"
        acts.record(tx, cause, "item new", "product", found[0].id, len(found), after)
    return len(found)
