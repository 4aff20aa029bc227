"""The one door for every state (law 5): a step, and everything that belongs to it, in one transaction.

`apply` takes a step and then the steps it brings with it — a shipped order closes its fulfilment, a fulfilment that
succeeded ships its order — until nothing follows. The couplings are in `orders.py` and `fulfilments.py`.
"""

from collections import deque

from core.moves import fulfilments, orders
from core.moves.cause import Cause
from core.moves.notices import is_shown, redraw
from core.moves.step import FulfilmentMoved, Moved, OrderMoved, Step, take
from core.moves.terms import Terms
from core.store.db import Tx


def apply(tx: Tx, cause: Cause, terms: Terms, step: Step) -> Moved:
    """Take a step with all it brings; IllegalMove when the machine or a change meanwhile forbids it."""
    first = take(tx, cause, step)
    settle(tx, cause, terms, first)
    return first


def settle(tx: Tx, cause: Cause, terms: Terms, moved: Moved) -> None:
    """Write what a step brings with it, and take the steps that follow."""
    todo = deque([moved])
    while todo:
        done = todo.popleft()
        todo.extend(take(tx, cause, follow) for follow in _bring(tx, cause, terms, done))
    if is_shown(tx, "order", moved.order_id):
        redraw(tx, cause, "order", moved.order_id, view_version(tx, moved.order_id))


def _bring(tx: Tx, cause: Cause, terms: Terms, moved: Moved) -> tuple[Step, ...]:
    if isinstance(moved, OrderMoved):
        return orders.bring(tx, cause, terms, moved)
    assert isinstance(moved, FulfilmentMoved)
    return fulfilments.bring(tx, cause, moved)


def view_version(tx: Tx, order_id: int) -> int:
    """The version of an order's card: it grows with every change of the order or its fulfilment."""
    row = tx.one("orders.view_version", id=order_id)
    return int(row["version"]) if row else 0
