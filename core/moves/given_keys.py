"""Keys that left the shop without it: given by hand, or sent before a restored file was made; never sold again (law 7).

A free key that is seen in our own words to a buyer, or that a person says is gone, becomes void and leaves the books by
a write-off. One that is reserved for the very buyer is theirs; one that is reserved for another is taken from that
order, which gets the next.
"""

from collections.abc import Sequence

import orjson

from core.moves import acts, notices, stock
from core.moves.cause import Cause
from core.rules.key_words import key_words
from core.store import stock as shelf
from core.store.db import Tx
from core.store.rows import Row
from core.values.fulfilment import FulfilmentState
from core.values.notices import NoticeKind
from core.values.products import KeyState


def hear_keys(tx: Tx, cause: Cause, chat_id: int, text: str, once: str) -> None:
    """Our account said something in a conversation that the shop did not write: keys in it are gone.

    The owner is told once a message (`once`) and product.
    """
    prints = [tx.vault.fingerprint(word) for word in key_words(text)]
    found = tx.all("stock.keys_in_hand", prints=orjson.dumps(prints).decode(), chat_id=chat_id) if prints else []
    _keep_theirs(tx, found)
    gone = [row for row in found if not row["here"]]
    told = dict.fromkeys((row["product_id"], _take_away(tx, cause, row)) for row in gone)
    for product_id, order_id in told:
        detail = f"c{chat_id} #{order_id}" if order_id else f"c{chat_id}"
        notices.tell(tx, cause, NoticeKind.key_gone, "product", product_id, once=f"{once}:{order_id}", detail=detail)


def _keep_theirs(tx: Tx, found: Sequence[Row]) -> None:
    """An order whose keys were all said to its own buyer has its text: it is not sent again, nor do they come back."""
    for order_id in dict.fromkeys(row["order_id"] for row in found if row["here"]):
        said = sum(1 for row in found if row["order_id"] == order_id)
        if said == len(tx.all("stock.keys_of", order_id=order_id)):
            tx.run("fulfilments.set_text_sent", id=order_id)


def _take_away(tx: Tx, cause: Cause, row: Row) -> int:
    """The key is void; an order it was reserved for gets the next, now or, if there is none, when it is due.

    The order's number when it keeps the key, because a text with it is on its way or may be there already; else 0.
    """
    order_id = row["order_id"]
    if order_id is None:
        _void(tx, cause, row["product_id"], [row["id"]])
        return 0
    if row["shipping"] == FulfilmentState.executing or tx.one("outbox.text_out", order_id=order_id):
        return int(order_id)
    held = shelf.find_reservation(tx, order_id)
    stock.release(tx, cause, order_id)
    _void(tx, cause, row["product_id"], [row["id"]])
    if held is not None:
        stock.reserve(tx, cause, order_id, held.product_id, held.quantity)
    return 0


def void_keys(tx: Tx, cause: Cause, product_id: int, keys: Sequence[str]) -> int:
    """A person says that keys of a product are gone; how many were free, and are void now."""
    prints = orjson.dumps([tx.vault.fingerprint(key) for key in dict.fromkeys(keys)]).decode()
    found = tx.all("stock.keys_named", product_id=product_id, prints=prints)
    free = [row["id"] for row in found if row["state"] == KeyState.free]
    if free:
        _void(tx, cause, product_id, free)
    acts.record(tx, cause, "void_keys", "product", product_id, after=f"{len(free)} keys")
    return len(free)


def _void(tx: Tx, cause: Cause, product_id: int, ids: Sequence[int]) -> None:
    gone = tx.run("stock.void_keys", ids=orjson.dumps(ids).decode(), now=cause.now_ms)
    stock.write_off(tx, cause, product_id, gone)
