"""A change of stock or of a product's setting is taken back: by an act of its own, so that this too is on record."""

from core.errors import NotFound, Refused
from core.moves import acts, items, returns, stock
from core.moves.cause import Cause
from core.moves.planning import fill_short
from core.moves.terms import Terms
from core.rules.undoing import RETURNED, SETSTOCK, UNLIMITED, check_product_act, field_of, free_before
from core.store import stock as shelf
from core.store.db import Tx


def take_back(tx: Tx, cause: Cause, terms: Terms, act_id: int) -> int:
    """Undo one act on a product or on what came back of an order; the product's number.

    NotFound("no_such_act"), Refused("undo_changed_since") when a later act on the same was made, or what the rule says.
    """
    act = tx.one("acts.find", id=act_id)
    if act is None or (act["entity"] != "product" and act["verb"] != RETURNED):
        raise NotFound("no_such_act", act=act_id)
    verb, entity_id = str(act["verb"]), int(act["entity_id"])
    newest = tx.one("acts.last_of", entity=act["entity"], entity_id=entity_id, verb=verb)
    if newest is None or newest["id"] != act_id:
        raise Refused("undo_changed_since")
    if verb == RETURNED:
        return returns.take_in(tx, cause, terms, entity_id, int(act["after"]) - int(act["before"]))
    _undo_product(tx, cause, entity_id, verb, (str(act["before"]), str(act["after"])))
    fill_short(tx, cause, terms, entity_id)
    return entity_id


def _undo_product(tx: Tx, cause: Cause, product_id: int, verb: str, was: tuple[str, str]) -> None:
    before, after = was
    check_product_act(verb, after, before, shelf.find_product(tx, product_id))
    field = field_of(verb)
    if field is not None:
        items.change(tx, cause, product_id, field, before)
    else:
        _count_again(tx, cause, product_id, before, after)


def _count_again(tx: Tx, cause: Cause, product_id: int, before: str, after: str) -> None:
    product = shelf.find_product(tx, product_id)
    free = free_before(before, after, product)
    if free is None:
        stock.set_unlimited(tx, cause, product_id)
    else:
        stock.set_free(tx, cause, product_id, free)
    was = product.free if product.counted else UNLIMITED
    acts.record(tx, cause, SETSTOCK, "product", product_id, was, UNLIMITED if free is None else free)
