"""Units kept for somebody who is no order of a platform: all lines or none, back or sold once (laws.md, "Stock")."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.clock import to_ms
from core.errors import IllegalMove, OutOfStock
from core.moves import acts, stock
from core.moves.cause import Cause
from core.moves.notices import redraw, tell
from core.moves.planning import fill_short
from core.moves.stock import Whom
from core.moves.terms import Terms
from core.store import keeps
from core.store import stock as shelf
from core.store.db import Tx
from core.values.keeps import Keep, KeepState, Unavailable, Want
from core.values.notices import NoticeKind
from core.values.products import LedgerKind, Product

S = KeepState
MOVEMENT = {
    (S.kept, S.collected): LedgerKind.sell,
    (S.kept, S.put_back): LedgerKind.release,
    (S.kept, S.expired): LedgerKind.release,
    (S.collected, S.returned): LedgerKind.returned,
}
"""What may become of it, and how its units move then."""


def keep(tx: Tx, cause: Cause, wants: Sequence[Want], until: datetime, note: str) -> int:
    """Take units off the shelf for somebody; the new short number.

    OutOfStock("keep_unavailable") carries every line as `lines`, and nothing changed, when one of them cannot be kept.
    """
    asked = _look(tx, wants)
    sealed, by = tx.vault.seal(note) if note else None, cause.actor.name or cause.actor.who
    keep_id = tx.insert("keeps.insert", note=sealed, by=by, now=cause.now_ms, expires_at=to_ms(until))
    if not all(_take(tx, cause, keep_id, one) for one in asked):
        raise OutOfStock("keep_unavailable", lines=asked)
    before = " · ".join(f"p{one.product_id} {one.free}" for one in asked)
    after = " · ".join(f"p{one.product_id} {one.free - one.requested}" for one in asked)
    acts.record(tx, cause, "keep", "keep", keep_id, before, after)
    return keep_id


def _look(tx: Tx, wants: Sequence[Want]) -> tuple[Unavailable, ...]:
    """How it stands with each product that is wanted, each once."""
    found: dict[int, Product] = {}
    numbers: Counter[int] = Counter()
    for want in wants:
        product = shelf.find_product(tx, want.product_id)
        found[product.id] = product
        numbers[product.id] += want.quantity
    return tuple(_unavailable(product, numbers[product.id]) for product in found.values())


def _unavailable(product: Product, requested: int) -> Unavailable:
    return Unavailable(
        product_id=product.id,
        title=" ".join(filter(None, (product.title, product.spec))),
        requested=requested,
        free=product.free,
        counted=product.counted,
        keyed=product.keyed,
    )


def _take(tx: Tx, cause: Cause, keep_id: int, one: Unavailable) -> bool:
    """Keys are never kept: each belongs to an order."""
    whom, product_shelf = Whom(keep_id=keep_id), shelf.find_shelf(tx, one.product_id)
    tx.run("keeps.add_line", keep_id=keep_id, product_id=one.product_id, quantity=one.requested)
    return not one.keyed and stock.take(tx, cause, product_shelf, one.requested, whom)


def put_back(tx: Tx, cause: Cause, terms: Terms, keep_id: int, version: int | None) -> None:
    """Kept units go back on the shelf, and so do collected ones that were brought back.

    The latter only for somebody who saw that they were collected (`version`): whoever puts back what they think is kept
    in the instant it is handed over would sell it twice.
    """
    before = keeps.find(tx, keep_id)
    if before.state is S.collected and version is None:
        raise _overtaken(before, version)
    state = S.returned if before.state is S.collected else S.put_back
    _decide(tx, cause, terms, "put_back", keep_id, version, state)


def collect(tx: Tx, cause: Cause, terms: Terms, keep_id: int, version: int | None) -> None:
    """Kept units were taken away: sold."""
    _decide(tx, cause, terms, "collect", keep_id, version, S.collected)


def extend(tx: Tx, cause: Cause, keep_id: int, more: timedelta, version: int | None) -> None:
    """Keep them for longer than until now."""
    before = keeps.find(tx, keep_id)
    until = max(before.expires_at, cause.now) + more
    if not tx.run("keeps.extend", id=keep_id, version=version, expires_at=to_ms(until)):
        raise _overtaken(before, version)
    acts.record(tx, cause, "keep_on", "keep", keep_id, before.expires_at.isoformat(), until.isoformat())
    redraw(tx, cause, "keep", keep_id, before.version + 1)


def expire(tx: Tx, cause: Cause, terms: Terms, keep_id: int) -> bool:
    """The time is up; False when somebody decided, or gave it more time, between the look and the move."""
    found = keeps.find(tx, keep_id)
    if found.state is not S.kept or found.expires_at > cause.now:
        return False
    _move(tx, cause, terms, found, found.version, S.expired)
    tell(tx, cause, NoticeKind.keep_expired, "keep", keep_id, version=found.version + 1)
    return True


def _decide(tx: Tx, cause: Cause, terms: Terms, verb: str, keep_id: int, version: int | None, state: KeepState) -> None:
    """A person's choice: the first one holds, whoever else presses in the same instant."""
    before = keeps.find(tx, keep_id)
    _move(tx, cause, terms, before, version, state)
    acts.record(tx, cause, verb, "keep", keep_id, before.state.value, state.value)


def _move(tx: Tx, cause: Cause, terms: Terms, before: Keep, version: int | None, state: KeepState) -> None:
    """The one door of its state, with its units; what came back goes to orders that wait for it."""
    movement = MOVEMENT.get((before.state, state))
    facts: dict[str, int | str | None] = {"before": before.state.value, "version": version, "now": cause.now_ms}
    if movement is None or not tx.run("keeps.move", id=before.id, state=state.value, **facts):
        raise _overtaken(before, version)
    for line in before.lines:
        stock.move(tx, cause, movement, line.product_id, line.quantity, Whom(keep_id=before.id))
        if movement is not LedgerKind.sell:
            fill_short(tx, cause, terms, line.product_id)
    redraw(tx, cause, "keep", before.id, before.version + 1)


def _overtaken(now: Keep, version: int | None) -> IllegalMove:
    """Why not: it is over already, or it changed since the card was drawn."""
    over = now.state is not S.kept and version in (None, now.version)
    return IllegalMove("keep_is_over", state=now.state) if over else IllegalMove("changed_meanwhile", state=now.state)
