"""The buttons of an order's card follow its state. Every button is command words; every one also can be typed."""

from collections.abc import Callable

from bot.cards.card import MAX_BUTTONS, Offer, Style
from bot.cards.pen import Pen
from bot.cards.refunds import refund_offers, return_offers
from bot.cards.standing import can_undo, is_asked, needs_number, shown_state
from core.values.fulfilment import FulfilmentState
from core.values.orders import OrderState
from core.values.views import OrderView

S = FulfilmentState


def offers_of(view: OrderView, pen: Pen, *, full: bool) -> tuple[Offer, ...]:
    """What can be done with the order now; details and the chat come last."""
    number = view.order.id
    look = () if full else (Offer(label=pen("button.details"), words=f"order #{number}"),)
    talk = (Offer(label=pen("button.chat"), words=f"chat #{number}"),) if view.order.chat_no else ()
    return (*_acts(view, pen), *look, *talk, *_buyer(view, pen, full=full))[:MAX_BUTTONS]


def _buyer(view: OrderView, pen: Pen, *, full: bool) -> tuple[Offer, ...]:
    """Who bought, on the full card alone."""
    buyer = view.order.buyer
    return (Offer(label=pen("button.buyer"), words=f"buyer b{buyer.id}"),) if full and buyer is not None else ()


def _acts(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    if can_undo(view, pen):
        return (_offer(pen, "undo", f"undo #{view.order.id}"), *_receiver(view, pen))
    offer = _BY_STATE.get(shown_state(view.order, view.fulfilment))
    return offer(view, pen) if offer is not None else ()


def _receiver(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    """Whom to write on the label, while a parcel waits here."""
    return (_offer(pen, "receiver", f"receiver #{view.order.id}"),) if view.is_parcel else ()


def _offer(pen: Pen, name: str, words: str, style: Style = Style.plain) -> Offer:
    return Offer(label=pen(f"button.{name}"), words=words, style=style)


def _decide(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    number = view.order.id
    return (
        _offer(pen, "approve", f"approve #{number}", Style.good),
        _offer(pen, "reject", f"reject #{number}", Style.danger),
        _offer(pen, "postpone", f"postpone #{number} 1h"),
    )


def _settle(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    number = view.order.id
    return (
        _offer(pen, "sent", f"settle #{number} sent", Style.good),
        _offer(pen, "send_again", f"settle #{number} again"),
        _offer(pen, "give_up", f"settle #{number} give_up", Style.danger),
    )


def _ship(view: OrderView, pen: Pen, name: str) -> tuple[Offer, ...]:
    """Shipping by button; of a parcel without a number the button says how to give it one."""
    named = "number" if needs_number(view) else name
    return (_offer(pen, named, f"ship #{view.order.id}", Style.good),)


def _configure(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    """A product nobody described yet is described first."""
    if view.product is not None and view.product.configured:
        return ()
    return (_offer(pen, "configure", f"item #{view.order.id}"),)


def _scheduled(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    number = view.order.id
    later, stop = _offer(pen, "delay_30m", f"delay #{number} 30m"), _offer(pen, "hold", f"hold #{number}")
    return (*_ship(view, pen, "ship_now"), later, stop, *_receiver(view, pen))


def _manual(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    return (*_configure(view, pen), *_ship(view, pen, "ship"), *_receiver(view, pen))


def _held(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    if is_asked(view):
        return _decide(view, pen)
    return (_offer(pen, "release", f"release #{view.order.id}"), _by_hand(view, pen))


def _failed(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    return (_offer(pen, "retry", f"retry #{view.order.id}"), _by_hand(view, pen), *_receiver(view, pen))


def _by_hand(view: OrderView, pen: Pen) -> Offer:
    return _offer(pen, "hand_over", f"handover #{view.order.id}")


def _short(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    return (_offer(pen, "stock", f"stock p{view.product.id}"),) if view.product is not None else ()


def _unpaid(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    """Reminded once; a blocked buyer, or one without a conversation, is not."""
    blocked = view.order.buyer is not None and view.order.buyer.blocked_reason
    if view.order.reminded_at is not None or blocked or not view.order.chat_no:
        return ()
    return (_offer(pen, "remind", f"remind #{view.order.id}"),)


_BY_STATE: dict[FulfilmentState | OrderState, Callable[[OrderView, Pen], tuple[Offer, ...]]] = {
    S.awaiting_approval: _decide,
    S.scheduled: _scheduled,
    S.manual: _manual,
    S.held: _held,
    S.failed: _failed,
    S.unknown: _settle,
    S.short: _short,
    OrderState.pending_payment: _unpaid,
    OrderState.refunding: refund_offers,
    OrderState.cancelled: return_offers,
}
"""States in which a person can do something about the shipping."""
