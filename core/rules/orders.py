"""The order machine: what the platform says, one legal step at a time (laws.md, "Order")."""

from enum import StrEnum

from core.rules.machine import Machine
from core.values.orders import OrderState, PlatformStatus

S = OrderState


class OrderEvent(StrEnum):
    """What happens to an order."""

    pay = "pay"
    ship = "ship"
    complete = "complete"
    cancel = "cancel"
    ask_refund = "ask_refund"
    withdraw_to_pending_ship = "withdraw_to_pending_ship"
    withdraw_to_shipped = "withdraw_to_shipped"
    withdraw_to_completed = "withdraw_to_completed"
    refund = "refund"


E = OrderEvent

ORDERS: Machine[OrderState, OrderEvent] = Machine(
    name="order",
    born=frozenset(OrderState),
    moves={
        S.pending_payment: {E.pay: S.pending_ship, E.cancel: S.cancelled},
        S.pending_ship: {E.ship: S.shipped, E.ask_refund: S.refunding, E.cancel: S.cancelled},
        S.shipped: {E.complete: S.completed, E.ask_refund: S.refunding, E.cancel: S.cancelled},
        S.completed: {E.ask_refund: S.refunding, E.cancel: S.cancelled},
        S.refunding: {
            E.withdraw_to_pending_ship: S.pending_ship,
            E.withdraw_to_shipped: S.shipped,
            E.withdraw_to_completed: S.completed,
            E.refund: S.cancelled,
        },
        S.cancelled: {},
    },
)

STATE_OF_STATUS = {
    PlatformStatus.pending_payment: S.pending_payment,
    PlatformStatus.pending_ship: S.pending_ship,
    PlatformStatus.shipped: S.shipped,
    PlatformStatus.completed: S.completed,
    PlatformStatus.rated: S.completed,
    PlatformStatus.closed: S.cancelled,
    PlatformStatus.refunded: S.cancelled,
    PlatformStatus.refunding: S.refunding,
}


def steps_to(state: OrderState, status: PlatformStatus, *, record: bool) -> tuple[OrderEvent, ...] | None:
    """The events that bring an order to what the platform says; () when it is there already, None on conflict.

    A record may be ahead by several steps; a frame alone moves one step at most. Neither walks through a refund to
    reach a state beyond it: a refund is told, never guessed.
    """
    goal = STATE_OF_STATUS[status]
    path = ORDERS.path(state, goal, avoid=(S.refunding, S.cancelled))
    if path is None or (len(path) > 1 and not record):
        return None
    return path


def is_behind(state: OrderState, status: PlatformStatus) -> bool:
    """Whether the platform's word is older than what is known: late and repeated frames are nothing, not conflicts.

    Rank only compares the forward line unpaid → paid → shipped → completed → closed.
    """
    line = (S.pending_payment, S.pending_ship, S.shipped, S.completed, S.cancelled)
    goal = STATE_OF_STATUS[status]
    return state in line and goal in line and line.index(goal) < line.index(state)
