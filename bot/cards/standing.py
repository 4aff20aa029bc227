"""Where an order stands, in one word with its sign, and what a person waits for."""

from datetime import datetime, timedelta

from bot.cards.marks import ORDER_MARKS, SHIP_MARKS
from bot.cards.pen import Pen
from core.values.fulfilment import ApprovalState, Fulfilment, FulfilmentState
from core.values.orders import Order, OrderState
from core.values.views import OrderView

UNDO_SHOWN = timedelta(minutes=10)
"""The longest undo window there can be (shipping.undo_s): what is due later was planned, and is held or delayed."""
LET_GO = ("approve", "release")
"""Steps by which a person lets goods go; /ship is told by `by_hand`."""
WAITING = (FulfilmentState.scheduled, FulfilmentState.manual)
"""States that may have a due time: by plan, or because /ship was pressed."""


def shown_state(order: Order, fulfilment: Fulfilment | None) -> OrderState | FulfilmentState:
    """The state that matters: the shipping's while the goods are on our side, else the order's."""
    if order.state != OrderState.pending_ship or fulfilment is None:
        return order.state
    sent = fulfilment.state == FulfilmentState.succeeded
    return OrderState.shipped if sent else fulfilment.state


def state_word(order: Order, fulfilment: Fulfilment | None, pen: Pen) -> str:
    """The state as sign and word: 🟠 待审批."""
    state = shown_state(order, fulfilment)
    if isinstance(state, FulfilmentState):
        return f"{SHIP_MARKS[state]} {pen.word('ship_state', state)}"
    return f"{ORDER_MARKS[state]} {pen.word('order_state', state)}"


def headline(view: OrderView, pen: Pen, lead: str = "") -> str:
    """The first line, which is also the push preview: state, number, deadline. `lead` stands in for the state."""
    soon = pen("order.soon") if can_undo(view, pen) else ""
    state = lead or soon or state_word(view.order, view.fulfilment, pen)
    return " · ".join(filter(None, (state, f"#{view.order.id}", deadline(view, pen))))


def deadline(view: OrderView, pen: Pen) -> str:
    """What the clock says about the order: time left to decide, time until it goes, time it has waited."""
    ship = view.fulfilment
    if ship is None or view.order.state != OrderState.pending_ship:
        return ""
    if is_asked(view) and view.approval is not None:
        return pen.until(view.approval.expires_at)
    if ship.state in WAITING and ship.due_at is not None:
        return _due(view, ship, pen)
    if ship.state in (FulfilmentState.manual, FulfilmentState.held, FulfilmentState.short):
        return waited(ship.created_at, pen)
    return ""


def waited(since_at: datetime, pen: Pen) -> str:
    """How long something has waited, once that is worth a word."""
    seconds = (pen.now - since_at).total_seconds()
    return pen("order.waited", span=pen.span(seconds)) if seconds >= 60 else ""


def is_asked(view: OrderView) -> bool:
    """Whether a question about the order waits for an answer (also after a withdrawn refund, while it is held)."""
    return view.approval is not None and view.approval.state == ApprovalState.pending


def needs_number(view: OrderView) -> bool:
    """Whether it is a parcel whose carrier and number nobody gave yet."""
    return view.is_parcel and view.fulfilment is not None and not view.fulfilment.tracking_no


def can_undo(view: OrderView, pen: Pen) -> bool:
    """Whether the send was let go a moment ago and has not begun: the undo window."""
    ship = view.fulfilment
    if ship is None or ship.state not in WAITING or ship.due_at is None:
        return False
    steps = [row.event for row in view.history if row.machine == "fulfilment"]
    let_go = ship.by_hand or (bool(steps) and steps[-1] in LET_GO)
    since = max(pen.now, ship.updated_at)  # an answer's pen is older than the act it tells of
    return let_go and pen.now < ship.due_at <= since + UNDO_SHOWN


def _due(view: OrderView, ship: Fulfilment, pen: Pen) -> str:
    assert ship.due_at is not None
    if view.waiting:
        return pen("order.due_waits", why=pen.word("waiting", view.waiting))
    left = (ship.due_at - pen.now).total_seconds()
    if left <= 0:
        return pen("order.due_now")
    if left < 120:
        return pen("order.due_in", span=pen.span(left))
    return pen("order.due_at", time=pen.clock(ship.due_at))
