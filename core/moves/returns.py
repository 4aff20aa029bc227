"""Goods that came back: on the shelf again, on record, and no longer asked about on the order's card."""

from core.moves import acts, stock
from core.moves.apply import view_version
from core.moves.cause import Cause
from core.moves.notices import redraw
from core.moves.planning import fill_short
from core.moves.terms import Terms
from core.rules.undoing import RETURNED
from core.store.db import Tx
from core.store.stock import count_with_buyer
from core.values.ids import ProductId


def take_in(tx: Tx, cause: Cause, terms: Terms, order_id: int, quantity: int, version: int | None = None) -> ProductId:
    """Units of an order are on the shelf again and go first to orders that wait; the product's number.

    A number below none takes that back: the buyer has them after all. Raises what `stock.give_back` does.
    """
    had = count_with_buyer(tx, order_id)
    product_id = stock.give_back(tx, cause, order_id, quantity, version)
    acts.record(tx, cause, RETURNED, "order", order_id, had, had - quantity)
    fill_short(tx, cause, terms, product_id)
    tx.run("fulfilments.touch", id=order_id, now=cause.now_ms)
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
    return product_id
