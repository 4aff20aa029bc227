"""The note under an order's facts: what happens if nobody acts, what to do by hand, the last steps."""

from collections.abc import Callable

from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.refunds import closed_note, refund_note
from bot.cards.standing import is_asked, needs_number
from core.values.fulfilment import ApprovalState, Fulfilment, FulfilmentState
from core.values.orders import OrderState
from core.values.views import HistoryRow, OrderView

STEPS_SHOWN = 6
EVIDENCE_SHOWN = 800


def note_of(view: OrderView, pen: Pen, *, full: bool) -> str:
    """The note of an order's card."""
    steps = [_step(row, pen) for row in view.history[-STEPS_SHOWN:]] if full else []
    return "\n".join(filter(None, (_advice(view, pen), *steps)))


def _advice(view: OrderView, pen: Pen) -> str:
    ship = view.fulfilment
    if view.order.state == OrderState.refunding:
        return refund_note(view, pen)
    if view.order.state == OrderState.cancelled:
        return closed_note(view, pen)
    if ship is None or view.order.state != OrderState.pending_ship or ship.state not in _ADVICE:
        return ""
    return _ADVICE[ship.state](view, ship, pen)


def _silence(view: OrderView, _: Fulfilment, pen: Pen) -> str:
    return pen("note.silence", time=pen.clock(view.approval.expires_at)) if view.approval is not None else ""


def _held(view: OrderView, ship: Fulfilment, pen: Pen) -> str:
    if is_asked(view):
        return _silence(view, ship, pen)
    rejected = view.approval is not None and view.approval.state == ApprovalState.rejected
    return pen("note.refund_in_app") if rejected else pen("note.held")


def _short(_: OrderView, __: Fulfilment, pen: Pen) -> str:
    return pen("note.short")


def _manual(view: OrderView, ship: Fulfilment, pen: Pen) -> str:
    if ship.due_at is not None:
        return ""
    key = "note.manual_parcel" if needs_number(view) else "note.manual"
    return pen(key, id=view.order.id)


def _failed(_: OrderView, ship: Fulfilment, pen: Pen) -> str:
    return pen("note.text_sent") if ship.text_sent else ""


def _unknown(view: OrderView, _: Fulfilment, pen: Pen) -> str:
    tried = (_tried(line, pen) for line in clip(view.evidence, EVIDENCE_SHOWN).splitlines())
    return "\n".join((pen("note.unknown"), *tried))


def _tried(line: str, pen: Pen) -> str:
    """A line of evidence begins with the kind of effect that was tried."""
    kind, _, rest = line.partition(" ")
    return f"{pen.word('effect', kind)} {rest}".strip()


_ADVICE: dict[FulfilmentState, Callable[[OrderView, Fulfilment, Pen], str]] = {
    FulfilmentState.awaiting_approval: _silence,
    FulfilmentState.held: _held,
    FulfilmentState.short: _short,
    FulfilmentState.manual: _manual,
    FulfilmentState.failed: _failed,
    FulfilmentState.unknown: _unknown,
}
"""What a person should know in each state."""


def _step(row: HistoryRow, pen: Pen) -> str:
    family = "order_state" if row.machine == "order" else "ship_state"
    after = pen.word(family, row.after)
    move = f"{pen.word(family, row.before)} → {after}" if row.before else after
    who = row.name or pen.word("actor", row.actor.rpartition(":")[2])
    detail = pen.word("reason", row.detail) if pen.texts.has(f"reason.{row.detail}") else row.detail
    return " · ".join(filter(None, (pen.clock(row.at), move, who, detail)))
