"""Card keys: sealed when they arrive, each given to at most one order (laws 7 and 11)."""

from collections.abc import Sequence

import orjson

from core.errors import Refused
from core.moves import stock
from core.moves.cause import Cause
from core.store import stock as shelf
from core.store.db import Tx
from core.values.ids import ProductId
from core.values.products import Product
from core.values.views import KeysAdded


def add_keys(tx: Tx, cause: Cause, product_id: int, keys: Sequence[str]) -> KeysAdded:
    """Put keys on a product's shelf; one that any product ever had is a duplicate and is left out.

    A product without units becomes keyed by its first keys; Refused when it has counted units that are no keys.
    """
    _make_keyed(tx, cause, shelf.find_product(tx, product_id))
    prints = {tx.vault.fingerprint(key): key for key in map(str.strip, keys) if key}
    known = {row["fingerprint"] for row in tx.all("stock.known_keys", prints=orjson.dumps(list(prints)).decode())}
    new = {name: key for name, key in prints.items() if name not in known}
    tx.run_each(
        "stock.add_key",
        (
            {"product_id": product_id, "secret": tx.vault.seal(key), "fingerprint": name, "now": cause.now_ms}
            for name, key in new.items()
        ),
    )
    if new:
        stock.add_units(tx, cause, product_id, len(new))
    given = sum(1 for key in keys if key.strip())
    return KeysAdded(product_id=ProductId(product_id), added=len(new), duplicate=given - len(new))


def _make_keyed(tx: Tx, cause: Cause, product: Product) -> None:
    if product.keyed:
        return
    if product.free or product.reserved:
        raise Refused("has_loose_units", product=product.id, free=product.free, reserved=product.reserved)
    tx.run("stock.set_counted", product_id=product.id, counted=1, keyed=1, now=cause.now_ms)
