"""The card of an order: state first, then only the facts there are."""

from collections.abc import Iterator

from bot.cards.card import BRIEF, Draft
from bot.cards.clean import mask_nick
from bot.cards.offers import offers_of
from bot.cards.order_notes import note_of
from bot.cards.pen import Pen
from bot.cards.refunds import refund_lines
from bot.cards.risk import describe_reason
from bot.cards.standing import WAITING, headline
from core.values.carriers import name_of
from core.values.fulfilment import Approval, ApprovalState, Fulfilment, FulfilmentState, ShipMode
from core.values.notices import NoticeKind, Urgency
from core.values.orders import Line, Order, OrderState
from core.values.views import OrderView

SAID_ELSEWHERE = frozenset({"risky", "short"})
"""Reasons that the state's word or the risk line says already."""
DONE = (FulfilmentState.succeeded, FulfilmentState.cancelled)
Fields = Iterator[tuple[str, str]]


def order_card(
    view: OrderView,
    pen: Pen,
    *,
    full: bool = False,
    lead: str = "",
    remark: str = "",
    kind: NoticeKind = BRIEF,
    urgency: Urgency = Urgency.normal,
) -> Draft:
    """An order as it stands now; `full` adds numbers, times, the last steps. `lead` replaces the title's state."""
    fields = (*_what(view, pen), *_shelf(view, pen), *_shipping(view, pen), *_decision(view.approval, pen))
    return Draft(
        entity="order",
        entity_id=view.order.id,
        version=view.version,
        urgency=urgency,
        title=headline(view, pen, lead),
        fields=(*fields, *(_full(view, pen) if full else ())),
        note="\n".join(filter(None, (remark, note_of(view, pen, full=full)))),
        offers=offers_of(view, pen, full=full),
        copyable=view.order.order_no if full else "",
        kind=NoticeKind.redraw if full else kind,
    )


def goods(lines: tuple[Line, ...], pen: Pen) -> str:
    """What was bought: titles, specs and quantities."""
    return " + ".join(_line(line) for line in lines) or pen("order.goods_unknown")


def _line(line: Line) -> str:
    name = " ".join(filter(None, (line.title or line.item_id, line.spec)))
    return f"{name} ×{line.quantity}"


def buyer_words(view: OrderView, pen: Pen) -> str:
    """The buyer, masked, with what is known of them."""
    buyer = view.order.buyer
    if buyer is None:
        return pen("order.buyer_unknown")
    known = pen("order.first_buy") if view.buyer_first else pen("order.buys", n=buyer.paid_orders)
    blocked = pen("order.blocked", reason=buyer.blocked_reason) if buyer.blocked_reason else ""
    return " · ".join(filter(None, (mask_nick(buyer.nick), known, blocked)))


def _what(view: OrderView, pen: Pen) -> Fields:
    yield pen("label.goods"), goods(view.order.lines, pen)
    if seller := pen.seller(view.order.account):
        yield pen("label.account"), seller
    yield pen("label.amount"), pen.money(view.order.amount_fen)
    yield pen("label.buyer"), buyer_words(view, pen)
    if view.product is not None and view.product.counted:
        yield pen("label.stock"), pen("stock.free_reserved", free=view.product.free, reserved=view.product.reserved)
    if view.order.reminded_at is not None and view.order.state is OrderState.pending_payment:
        yield pen("label.reminded"), pen("order.reminded", time=pen.clock(view.order.reminded_at))
    yield from refund_lines(view, pen)


def _shelf(view: OrderView, pen: Pen) -> Fields:
    """Where a parcel's goods lie, how they are packed, and by when they must leave."""
    if not view.is_parcel or view.order.state is not OrderState.pending_ship or view.fulfilment is None:
        return
    if view.fulfilment.state in DONE:
        return
    product = view.product
    packing = (product.location, pen("pick.fragile") if product.fragile else "") if product is not None else ()
    if place := " · ".join(filter(None, packing)):
        yield pen("label.location"), place
    if view.ship_by_at is not None:
        yield pen("label.ship_by"), pen.clock(view.ship_by_at)


def _shipping(view: OrderView, pen: Pen) -> Fields:
    ship = view.fulfilment
    sent = view.order if view.order.tracking_no or ship is None else ship
    if sent.tracking_no:
        yield pen("label.parcel"), " ".join(filter(None, (name_of(sent.carrier, pen.texts.locale), sent.tracking_no)))
    if ship is None:
        return
    if ship.state in WAITING and ship.due_at is not None:
        yield pen("label.shipping"), f"{_mode(ship, pen)} · {pen.second(ship.due_at)}"
    said = ship.reason in SAID_ELSEWHERE and ship.state is not FulfilmentState.manual
    if ship.reason and ship.due_at is None and not said and ship.state not in DONE:
        yield pen("label.reason"), " · ".join(filter(None, (pen.word("reason", ship.reason), _own_words(view))))
    if ship.state in (FulfilmentState.failed, FulfilmentState.unknown):
        yield from _trouble(ship, pen)


def _own_words(view: OrderView) -> str:
    """What a person gave as the reason of the last step."""
    last = view.history[-1] if view.history else None
    by_hand = last is not None and ":" in last.actor
    return last.detail if last is not None and by_hand else ""


def _mode(ship: Fulfilment, pen: Pen) -> str:
    return pen("order.by_text") if ship.mode == ShipMode.virtual else pen("order.by_parcel")


def _trouble(ship: Fulfilment, pen: Pen) -> Fields:
    kind = pen.word("error_class", ship.error_class) if ship.error_class else ""
    yield pen("label.error"), " · ".join(filter(None, (kind, ship.error, pen("order.attempts", n=ship.attempts))))


def _decision(approval: Approval | None, pen: Pen) -> Fields:
    if approval is None:
        return
    if approval.reasons and approval.state != ApprovalState.withdrawn:
        yield pen("label.risk"), " · ".join(describe_reason(reason, pen) for reason in approval.reasons)
    if approval.decided_at is not None:
        who = pen.word("actor", approval.decided_by) if approval.decided_by else pen("order.nobody")
        yield (
            pen("label.decision"),
            f"{pen.word('approval_state', approval.state)} · {who} · {pen.second(approval.decided_at)}",
        )


def _full(view: OrderView, pen: Pen) -> Fields:
    order = view.order
    yield pen("label.order_no"), order.order_no
    if order.lines and order.lines[0].unit_price_fen is not None:
        yield pen("label.unit_price"), pen.money(order.lines[0].unit_price_fen)
    yield pen("label.times"), _times(order, pen)
    if order.platform_status:
        yield pen("label.platform"), pen.word("platform_status", order.platform_status)


def _times(order: Order, pen: Pen) -> str:
    steps = {
        "order.at_created": order.created_at,
        "order.at_paid": order.paid_at,
        "order.at_shipped": order.shipped_at,
        "order.at_closed": order.closed_at,
    }
    return " · ".join(pen(key, time=pen.clock(at)) for key, at in steps.items() if at is not None)
