"""Numbers bought beforehand: each goes to one order, and back only while the platform cannot have it (law 2).

A number leaves the pool in the transaction of /ship and is written on the order with it. It comes back when the act is
undone, when the order closes before its ship call, and when the call was refused; a number the platform itself did not
want is set aside. What may have reached the platform is used: never given to another order.
"""

import re
from collections.abc import Sequence

import orjson

from core.errors import Refused
from core.moves import acts
from core.moves.cause import Cause
from core.moves.notices import tell
from core.moves.terms import Terms
from core.store.db import Tx
from core.values.fulfilment import Fulfilment
from core.values.notices import NoticeKind
from core.values.parcels import WaybillState

_UNWANTED = re.compile(r"运单号|快递单号|物流单号|MAIL_?NO|WAYBILL", re.IGNORECASE)
"""A refusal that speaks of the number itself: the next order must not stumble over the same one. The platform's own
words are not known; a refusal of other words gives the number back."""


def take(tx: Tx, cause: Cause, terms: Terms, order_id: int, carrier: str) -> str:
    """The next number of a carrier for an order, or the one it has; Refused("no_numbers_left")."""
    has = tx.one("waybills.of_order", order_id=order_id)
    if has is not None and has["carrier"] == carrier:
        return tx.vault.text(has["secret"])
    leave(tx, cause, order_id)
    row = tx.one("waybills.take", order_id=order_id, carrier=carrier, now=cause.now_ms)
    if row is None:
        raise Refused("no_numbers_left", carrier=carrier, order=order_id)
    _warn(tx, cause, terms, carrier, row["id"])
    return tx.vault.text(row["secret"])


def take_again(tx: Tx, cause: Cause, terms: Terms, task: Fulfilment | None) -> None:
    """A shipment is tried again whose number went back: it gets the next one, if there is one."""
    if task is None or task.tracking_no or not task.carrier:
        return
    row = tx.one("waybills.count_free", carrier=task.carrier)
    if row is not None and row["n"]:
        number = take(tx, cause, terms, task.order_id, task.carrier)
        tx.run("fulfilments.set_parcel", id=task.order_id, carrier=task.carrier, tracking_no=number)


def take_typed(tx: Tx, cause: Cause, order_id: int, number: str) -> None:
    """A number somebody typed: what the order had goes back, and if the pool has this one it is the order's."""
    fingerprint = tx.vault.fingerprint(number)
    has = tx.one("waybills.of_order", order_id=order_id)
    if has is not None and has["fingerprint"] != fingerprint:
        leave(tx, cause, order_id)
    tx.run("waybills.take_known", order_id=order_id, fingerprint=fingerprint, now=cause.now_ms)


def leave(tx: Tx, cause: Cause, order_id: int, error: str = "") -> bool:
    """The order does not ship with its number: back to the pool, or aside when the platform did not want it.

    False, and nothing changes, for an order that has none, or whose parcel the platform may have.
    """
    if tx.one("waybills.parcel_out", order_id=order_id):
        return False
    state = WaybillState.void if _UNWANTED.search(error) else WaybillState.free
    if not tx.run("waybills.give_back", order_id=order_id, state=state.value, now=cause.now_ms):
        return False
    tx.run("fulfilments.clear_number", id=order_id)
    return True


def spend(tx: Tx, cause: Cause, order_id: int) -> None:
    """The order's number is gone for good."""
    tx.run("waybills.spend", order_id=order_id, now=cause.now_ms)


def close(tx: Tx, cause: Cause, order_id: int) -> None:
    """The order closed: its number comes back, unless the platform may have it."""
    if not leave(tx, cause, order_id):
        spend(tx, cause, order_id)


def add(tx: Tx, cause: Cause, numbers: Sequence[tuple[str, str]]) -> int:
    """Put (carrier, number) pairs into the pool; how many are new. One the pool ever had stays what it is."""
    prints = {tx.vault.fingerprint(number): (carrier, number) for carrier, number in numbers}
    known = {row["fingerprint"] for row in tx.all("waybills.known", prints=orjson.dumps([*prints]).decode())}
    new = {name: pair for name, pair in prints.items() if name not in known}
    tx.run_each(
        "waybills.add",
        (
            {"carrier": carrier, "secret": tx.vault.seal(number), "fingerprint": name, "now": cause.now_ms}
            for name, (carrier, number) in new.items()
        ),
    )
    acts.record(tx, cause, "import_numbers", "waybills", 0, after=f"{len(new)} numbers")
    return len(new)


def put_away(tx: Tx, cause: Cause, carrier: str) -> int:
    """Set aside what is left of a carrier; how many."""
    count = tx.run("waybills.put_away", carrier=carrier, now=cause.now_ms)
    acts.record(tx, cause, "put_away_numbers", "waybills", 0, before=f"{count} {carrier}")
    return count


def _warn(tx: Tx, cause: Cause, terms: Terms, carrier: str, taken: int) -> None:
    """Tell of few and of none, once a crossing: the number taken names it."""
    row = tx.one("waybills.count_free", carrier=carrier)
    left = row["n"] if row else 0
    if left in (0, terms.stock.low_at):
        tell(tx, cause, NoticeKind.waybills_low, "waybills", 0, once=f"{carrier}:{taken}", detail=carrier)
