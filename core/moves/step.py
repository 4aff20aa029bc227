"""One step of a machine in the database: version check, state, history. `apply` adds what the step brings with it."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import IllegalMove, NotFound
from core.moves.cause import Cause
from core.rules.fulfilment import FULFILMENTS, FulfilmentEvent
from core.rules.orders import ORDERS, OrderEvent
from core.store.db import Tx
from core.store.rows import ms
from core.values.fulfilment import FulfilmentState
from core.values.orders import OrderState


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """An order took a step."""

    order_id: int
    before: OrderState | None
    after: OrderState
    event: str
    version: int


@dataclass(frozen=True, slots=True)
class FulfilmentMoved:
    """A fulfilment took a step."""

    order_id: int
    before: FulfilmentState | None
    after: FulfilmentState
    event: str
    version: int


@dataclass(frozen=True, slots=True)
class OrderStep:
    """An event for an order."""

    order_id: int
    event: OrderEvent


@dataclass(frozen=True, slots=True)
class FulfilmentStep:
    """An event for a fulfilment, with what its new state is written with.

    `due_at` is kept only in states that wait for it; `reason` is a text key, `remind_at` the first reminder. `version`
    is the one that was seen, when the step must not follow a change meanwhile.
    """

    order_id: int
    event: FulfilmentEvent
    due_at: datetime | None = None
    reason: str | None = None
    remind_at: datetime | None = None
    version: int | None = None


Step = OrderStep | FulfilmentStep
Moved = OrderMoved | FulfilmentMoved


def take(tx: Tx, cause: Cause, step: Step) -> Moved:
    """Take one step; IllegalMove when the table, or a change meanwhile, forbids it."""
    return _order(tx, cause, step) if isinstance(step, OrderStep) else _fulfilment(tx, cause, step)


def _order(tx: Tx, cause: Cause, step: OrderStep) -> OrderMoved:
    row = tx.one("orders.state", id=step.order_id)
    if row is None:
        raise NotFound("no_such_order", order=step.order_id)
    before = OrderState(row["state"])
    after = ORDERS.next(before, step.event)
    changed = tx.run("orders.move", id=step.order_id, state=after.value, version=row["version"], now=cause.now_ms)
    _check_one(changed, step.order_id)
    moved = OrderMoved(step.order_id, before, after, step.event.value, row["version"] + 1)
    write_history(tx, cause, moved)
    return moved


def _fulfilment(tx: Tx, cause: Cause, step: FulfilmentStep) -> FulfilmentMoved:
    row = tx.one("fulfilments.state", id=step.order_id)
    if row is None:
        raise NotFound("no_fulfilment", order=step.order_id)
    if step.version not in (None, row["version"]):
        raise IllegalMove("changed_meanwhile", order=step.order_id)
    before = FulfilmentState(row["state"])
    after = FULFILMENTS.next(before, step.event)
    due_at = ms(step.due_at) if after in (FulfilmentState.scheduled, FulfilmentState.manual) else None
    changed = tx.run(
        "fulfilments.move",
        id=step.order_id,
        state=after.value,
        version=row["version"],
        due_at=due_at,
        planned_at=due_at,
        reason=step.reason,
        remind_at=ms(step.remind_at),
        now=cause.now_ms,
    )
    _check_one(changed, step.order_id)
    moved = FulfilmentMoved(step.order_id, before, after, step.event.value, row["version"] + 1)
    write_history(tx, cause, moved)
    return moved


def _check_one(changed: int, order_id: int) -> None:
    if changed != 1:
        raise IllegalMove("changed_meanwhile", order=order_id)


def write_history(tx: Tx, cause: Cause, moved: Moved) -> None:
    """Write the step into the life of its thing."""
    tx.run(
        "history.add",
        machine="order" if isinstance(moved, OrderMoved) else "fulfilment",
        entity_id=moved.order_id,
        version=moved.version,
        at=cause.now_ms,
        before=moved.before.value if moved.before else None,
        after=moved.after.value,
        event=moved.event,
        actor=cause.actor.who,
        detail=cause.detail,
    )
