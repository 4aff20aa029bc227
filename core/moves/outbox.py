"""Effects on the world, written in the transaction of the state they belong to (law 2)."""

from datetime import datetime

from core.clock import to_ms
from core.moves.cause import Cause
from core.store.db import Tx
from core.values.effects import EffectKind, EffectState
from core.values.fulfilment import ErrorClass


def add(
    tx: Tx,
    cause: Cause,
    kind: EffectKind,
    account_id: int,
    key: str,
    *,
    order_id: int | None = None,
    chat_id: int | None = None,
    after_id: int | None = None,
    body: str | None = None,
    due_at: datetime | None = None,
) -> int | None:
    """Plan an effect; its row id, or None when the same effect (its natural key) was planned before."""
    row = tx.one(
        "outbox.add",
        account_id=account_id,
        kind=kind.value,
        key=key,
        order_id=order_id,
        chat_id=chat_id,
        after_id=after_id,
        body=None if body is None else tx.vault.seal(body),
        due_at=to_ms(due_at) if due_at else cause.now_ms,
        now=cause.now_ms,
    )
    return int(row["id"]) if row else None


def finish(
    tx: Tx,
    cause: Cause,
    outbox_id: int,
    state: EffectState,
    *,
    result: str | None = None,
    error_class: ErrorClass | None = None,
    error: str | None = None,
) -> bool:
    """Write how an effect ended; False when somebody else settled it before."""
    return (
        tx.run(
            "outbox.finish",
            id=outbox_id,
            state=state.value,
            now=cause.now_ms,
            result=result,
            error_class=error_class.value if error_class else None,
            error=error,
        )
        == 1
    )


def put_off(
    tx: Tx,
    outbox_id: int,
    state: EffectState,
    due_at: datetime,
    error_class: ErrorClass | None = None,
    error: str | None = None,
    *,
    counted: bool = True,
) -> bool:
    """Try again, or ask the platform, at another time; one that is not counted is taken back as if never claimed."""
    return (
        tx.run(
            "outbox.again",
            id=outbox_id,
            state=state.value,
            due_at=to_ms(due_at),
            uncounted=not counted,
            error_class=error_class.value if error_class else None,
            error=error,
        )
        == 1
    )


def cancel_of_order(tx: Tx, cause: Cause, order_id: int) -> None:
    """Drop what an order no longer needs and nobody has begun."""
    tx.run("outbox.cancel_of_order", order_id=order_id, now=cause.now_ms)


def close_of_order(tx: Tx, cause: Cause, order_id: int) -> None:
    """The shipment is over: what has not begun is dropped, what is in doubt needs no answer any more."""
    cancel_of_order(tx, cause, order_id)
    tx.run("outbox.give_up_of_order", order_id=order_id, now=cause.now_ms)
