"""Units and keys: reserved when an order is paid, sold when it shipped, back when it closes (laws.md, "Stock").

Every movement is one conditional statement and one ledger row, so that the books balance at every commit (law 7):
free + reserved + sold = receipts + adjustments + returned + write-offs. `sold` counts what ever left; goods that came
back stand in `returned`.
"""

from typing import NamedTuple

from core.errors import IllegalMove, Refused
from core.moves import notices
from core.moves.cause import Cause
from core.store import stock
from core.store.db import Tx
from core.store.stock import Reservation, Shelf
from core.values.ids import ProductId
from core.values.notices import NoticeKind
from core.values.products import LedgerKind, Product

MOVES = {
    LedgerKind.sell: "stock.sell",
    LedgerKind.release: "stock.release",
    LedgerKind.returned: "stock.add_free",
}
"""The statement of each movement of units that were reserved."""


class Whom(NamedTuple):
    """For whom units move: an order, or somebody they are kept for; nobody where the shelf itself changes."""

    order_id: int | None = None
    keep_id: int | None = None


NOBODY = Whom()


def take(tx: Tx, cause: Cause, before: Shelf, quantity: int, whom: Whom) -> bool:
    """Units leave the shelf for somebody; False when too few are free, and then nothing changed."""
    if not tx.run("stock.reserve", product_id=before.product_id, quantity=quantity, now=cause.now_ms):
        return False
    _log(tx, cause, before.product_id, LedgerKind.reserve, quantity, whom)
    _warn(tx, cause, before, before.free - quantity)
    return True


def move(tx: Tx, cause: Cause, kind: LedgerKind, product_id: int, quantity: int, whom: Whom) -> None:
    """Reserved units are sold or come back, or sold ones are returned."""
    tx.run(MOVES[kind], product_id=product_id, quantity=quantity, now=cause.now_ms)
    _log(tx, cause, product_id, kind, quantity, whom)
    _redraw(tx, cause, product_id)


def reserve(tx: Tx, cause: Cause, order_id: int, product_id: int, quantity: int) -> bool:
    """Take units (and as many keys) for an order; False when too few are free, and then nothing changed.

    Unlimited products reserve nothing. An order that holds, or was sold, its units keeps them: asking twice is once.
    """
    shelf = stock.find_shelf(tx, product_id)
    had = stock.find_reservation(tx, order_id)
    if not shelf.counted or (had is not None and had.state != "released"):
        return True
    if not take(tx, cause, shelf, quantity, Whom(order_id)):
        return False
    tx.run("stock.hold", order_id=order_id, product_id=product_id, quantity=quantity, now=cause.now_ms)
    if shelf.keyed:
        tx.run("stock.claim_keys", order_id=order_id, product_id=product_id, quantity=quantity, now=cause.now_ms)
    return True


def sell(tx: Tx, cause: Cause, order_id: int) -> bool:
    """The order's units are gone for good; False when it holds none (unlimited, never reserved, or sold before)."""
    held = _end(tx, order_id, "sold")
    if held is None:
        return False
    move(tx, cause, LedgerKind.sell, held.product_id, held.quantity, Whom(order_id))
    tx.run("stock.sell_keys", order_id=order_id, now=cause.now_ms)
    return True


def release(tx: Tx, cause: Cause, order_id: int) -> bool:
    """The order closed and its buyer has nothing: units and keys come back; False when it holds none.

    Only for goods nobody saw: a key whose text went out, or may have, is sold (see moves/fulfilments).
    """
    held = _end(tx, order_id, "released")
    if held is None:
        return False
    move(tx, cause, LedgerKind.release, held.product_id, held.quantity, Whom(order_id))
    tx.run("stock.release_keys", order_id=order_id, now=cause.now_ms)
    return True


def give_back(tx: Tx, cause: Cause, order_id: int, quantity: int, version: int | None = None) -> ProductId:
    """Sold units came back and can be sold again; the product's number. Of fewer than none the buyer has them again.

    Refused("nothing_to_give_back") when the buyer has not so many, or they were keys; Refused("undo_sold") when those
    that came back were sold again; IllegalMove("changed_meanwhile").
    """
    row = tx.one("stock.with_buyer", order_id=order_id)
    if row is None or not 0 <= row["n"] - quantity <= row["sold"] or quantity == 0:
        raise Refused("nothing_to_give_back", order=order_id, left=row["n"] if row else 0)
    product = find_unchanged(tx, row["product_id"], version)
    if product.free + quantity < 0:
        raise Refused("undo_sold")
    move(tx, cause, LedgerKind.returned, product.id, quantity, Whom(order_id))
    return product.id


def set_free(tx: Tx, cause: Cause, product_id: int, quantity: int, version: int | None = None) -> Product:
    """The owner counted the shelf: so many are free. Makes the product counted; Refused when its units are keys."""
    product = find_unchanged(tx, product_id, version)
    if product.keyed:
        raise Refused("stock_is_keys", product=product_id)
    if not product.counted:
        tx.run("stock.set_counted", product_id=product_id, counted=1, keyed=0, now=cause.now_ms)
    if quantity != product.free:
        _add_free(tx, cause, product_id, LedgerKind.adjustment, quantity - product.free)
    _redraw(tx, cause, product_id)
    return stock.find_product(tx, product_id)


def set_unlimited(tx: Tx, cause: Cause, product_id: int, version: int | None = None) -> Product:
    """Units are no longer counted; those on the shelf leave the books. Refused when its units are keys."""
    product = find_unchanged(tx, product_id, version)
    if product.keyed:
        raise Refused("stock_is_keys", product=product_id)
    empty_shelf(tx, cause, product)
    tx.run("stock.set_counted", product_id=product_id, counted=0, keyed=0, now=cause.now_ms)
    _redraw(tx, cause, product_id)
    return stock.find_product(tx, product_id)


def empty_shelf(tx: Tx, cause: Cause, product: Product) -> None:
    """Free units leave the books by an adjustment."""
    if product.free:
        _add_free(tx, cause, product.id, LedgerKind.adjustment, -product.free)


def find_unchanged(tx: Tx, product_id: int, version: int | None) -> Product:
    """The product as the caller saw it; IllegalMove("changed_meanwhile") when it is no longer that version."""
    product = stock.find_product(tx, product_id)
    if version is not None and version != product.version:
        last = tx.one("stock.last_act", id=product_id)
        by = last["name"] if last else ""
        raise IllegalMove("changed_meanwhile", by=by, at=product.updated_at, state=product.state.value)
    return product


def add_units(tx: Tx, cause: Cause, product_id: int, quantity: int) -> None:
    """Units were received."""
    _add_free(tx, cause, product_id, LedgerKind.receipt, quantity)
    _redraw(tx, cause, product_id)


def write_off(tx: Tx, cause: Cause, product_id: int, quantity: int) -> None:
    """Free units are gone, and nobody bought them here."""
    before = stock.find_shelf(tx, product_id)
    _add_free(tx, cause, product_id, LedgerKind.write_off, -quantity)
    _warn(tx, cause, before, before.free - quantity)


def keys_of(tx: Tx, order_id: int) -> tuple[str, ...]:
    """The keys an order was given, in the clear, oldest first."""
    return tuple(tx.vault.text(row["secret"]) for row in tx.all("stock.keys_of", order_id=order_id))


def _end(tx: Tx, order_id: int, state: str) -> Reservation | None:
    """What the order held, now no longer held; None when it held nothing."""
    held = stock.find_reservation(tx, order_id)
    return held if held and tx.run("stock.end_reservation", order_id=order_id, state=state) else None


def _add_free(tx: Tx, cause: Cause, product_id: int, kind: LedgerKind, quantity: int) -> None:
    tx.run("stock.add_free", product_id=product_id, quantity=quantity, now=cause.now_ms)
    _log(tx, cause, product_id, kind, quantity, NOBODY)


def _log(tx: Tx, cause: Cause, product_id: int, kind: LedgerKind, quantity: int, whom: Whom) -> None:
    tx.run(
        "stock.log",
        product_id=product_id,
        now=cause.now_ms,
        kind=kind.value,
        quantity=quantity,
        order_id=whom.order_id,
        keep_id=whom.keep_id,
        actor=cause.actor.who,
    )


def _warn(tx: Tx, cause: Cause, before: Shelf, free: int) -> None:
    """Tell of low and of no stock, once a crossing: each crossing has its own version."""
    version = before.version + 1
    if free == 0:
        notices.tell(tx, cause, NoticeKind.stock_out, "product", before.product_id, version=version)
    elif free <= before.low_at < before.free:
        notices.tell(tx, cause, NoticeKind.stock_low, "product", before.product_id, version=version)
    notices.redraw(tx, cause, "product", before.product_id, version)


def _redraw(tx: Tx, cause: Cause, product_id: int) -> None:
    notices.redraw(tx, cause, "product", product_id, stock.find_shelf(tx, product_id).version)
