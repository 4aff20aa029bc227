"""Products of platform items: found or made at first sight, configured by the owner."""

from core.errors import IllegalMove
from core.moves import acts, notices, stock
from core.moves.cause import Cause
from core.rules import items
from core.rules.items import Defaults
from core.store import stock as shelf
from core.store.db import SqlValue, Tx
from core.values.products import Product


def product_for(
    tx: Tx,
    cause: Cause,
    account_id: int,
    item_id: str,
    spec: str,
    title: str,
    price_fen: int | None,
    defaults: Defaults = items.STATED,
) -> Product:
    """The product a platform item with one spec sells; made, unconfigured, at first sight."""
    names: dict[str, SqlValue] = {"account_id": account_id, "item_id": item_id, "spec": spec}
    row = tx.one("stock.product_of_listing", **names)
    if row is not None:
        if title:
            tx.run("stock.see_listing", **names, title=title, price_fen=price_fen)
        return shelf.find_product(tx, row["product_id"])
    product_id = add_product(tx, cause, account_id, title or item_id, spec, price_fen, defaults)
    tx.run("stock.add_listing", **names, product_id=product_id, title=title, price_fen=price_fen)
    return shelf.find_product(tx, product_id)


def add_product(
    tx: Tx, cause: Cause, account_id: int, title: str, spec: str, price_fen: int | None, defaults: Defaults
) -> int:
    """A product nobody has configured yet, of the shop of the account that sells it; its number."""
    return tx.insert(
        "stock.add_product",
        account_id=account_id,
        title=title,
        spec=spec,
        price_fen=price_fen,
        now=cause.now_ms,
        **defaults.model_dump(),
    )


def change(
    tx: Tx, cause: Cause, product_id: int, field: str, value: str, version: int | None = None
) -> tuple[Product, Product]:
    """Set one field of a product; what it was and what it is. BadArgument says what the field takes."""
    before = stock.find_unchanged(tx, product_id, version)
    wanted = items.changed(before, field, value)
    if wanted.free != before.free:
        stock.empty_shelf(tx, cause, before)
    configure(tx, cause, wanted, shelf.find_product(tx, product_id).version)
    after = shelf.find_product(tx, product_id)
    shown = items.shown(before, field), items.shown(after, field)
    acts.record(tx, cause, f"item {field}", "product", product_id, *shown)
    notices.redraw(tx, cause, "product", product_id, after.version)
    return before, after


def configure(tx: Tx, cause: Cause, product: Product, version: int) -> None:
    """Write a product's settings; IllegalMove("changed_meanwhile") when it is no longer that version."""
    text = product.delivery_text
    changed = tx.run(
        "stock.configure",
        id=product.id,
        version=version,
        now=cause.now_ms,
        title=product.title,
        mode=product.mode.value,
        auto_ship=int(product.auto_ship),
        delay_min_minutes=product.delay_min_minutes,
        delay_max_minutes=product.delay_max_minutes,
        price_fen=product.price_fen,
        floor_fen=product.floor_fen,
        postage_fen=product.postage_fen,
        max_quantity=product.max_quantity,
        counted=int(product.counted),
        keyed=int(product.keyed),
        low_at=product.low_at,
        carrier=product.carrier,
        delivery_text=None if text is None else tx.vault.seal(text),
        location=product.location,
        fragile=int(product.fragile),
        facts=product.facts,
        state=product.state.value,
    )
    if changed != 1:
        raise IllegalMove("changed_meanwhile", product=product.id, state=product.state.value)
