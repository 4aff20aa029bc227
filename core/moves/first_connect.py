"""Orders paid before an account's first connect: one card, one choice (laws.md, "First connect")."""

from core.moves import acts, stock
from core.moves.apply import view_version
from core.moves.by_hand import replan
from core.moves.cause import Cause
from core.moves.notices import redraw
from core.moves.planning import find_risks
from core.moves.terms import Terms
from core.rules.shipping import due_at, why_manual
from core.store import fulfilments, orders
from core.store import stock as shelf
from core.store.db import Tx


def take(tx: Tx, cause: Cause, terms: Terms, account_id: int, *, by_hand: bool) -> int:
    """Keep them all in the owner's hand, or give to the automatic way what can go that way; how many were meant."""
    rows = tx.all("fulfilments.first_connect", account_id=account_id)
    for row in rows:
        reason = "taken_by_hand" if by_hand else _give(tx, cause, terms, row["order_id"])
        if reason is not None:
            tx.run("fulfilments.explain", id=row["order_id"], reason=reason, now=cause.now_ms)
            redraw(tx, cause, "order", row["order_id"], view_version(tx, row["order_id"]))
    acts.record(tx, cause, "first_connect", "account", account_id, len(rows), "by_hand" if by_hand else "auto")
    return len(rows)


def _give(tx: Tx, cause: Cause, terms: Terms, order_id: int) -> str | None:
    """Plan the shipment of one; why it stays a person's when it cannot go by itself, or is a risk."""
    order, task = orders.find(tx, order_id), fulfilments.find(tx, order_id)
    line = order.lines[0] if order.lines else None
    product = shelf.find_product(tx, line.product_id) if line and line.product_id else None
    reason = why_manual(product, order.needs_postage)
    if task is None or product is None or line is None or reason is not None:
        return reason or "auto_ship_off"
    if find_risks(tx, cause, terms, order, product, None):
        return "risky"
    if not stock.reserve(tx, cause, order_id, product.id, line.quantity):
        return "short"
    replan(tx, cause, task, due_at(product, cause.now, terms.chance.between(0.0, 1.0)), by_hand=False)
    return None
