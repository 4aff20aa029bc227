"""A paid order gets its one shipping task: scheduled, asked about, handed over, or short (laws.md, "Fulfilment")."""

from datetime import datetime, timedelta

from core.clock import to_ms
from core.moves import stock
from core.moves.apply import apply, settle
from core.moves.approvals import ask
from core.moves.cause import Cause
from core.moves.fulfilments import FIRST_CONNECT
from core.moves.notices import tell
from core.moves.step import FulfilmentMoved, FulfilmentStep, write_history
from core.moves.terms import Terms
from core.rules import risk, shipping
from core.rules.fulfilment import FulfilmentEvent
from core.store import fulfilments, orders
from core.store import stock as shelf
from core.store.db import Tx
from core.store.rows import at, ms
from core.values.fulfilment import FulfilmentState, RiskKind, RiskReason, ShipMode
from core.values.notices import NoticeKind
from core.values.orders import Order, OrderRecord, OrderState
from core.values.products import Product

S = FulfilmentState
EVENT_OF = {
    S.scheduled: FulfilmentEvent.schedule,
    S.awaiting_approval: FulfilmentEvent.ask,
    S.manual: FulfilmentEvent.hand_over,
}


def plan(tx: Tx, cause: Cause, terms: Terms, order_id: int, record: OrderRecord) -> None:
    """Give a paid, unshipped order its fulfilment, with units, questions and notices; nothing when it has one."""
    order = orders.find(tx, order_id)
    if order.state is not OrderState.pending_ship or not order.lines or fulfilments.find(tx, order_id):
        return
    product = _product_of(tx, order)
    reasons = find_risks(tx, cause, terms, order, product, record)
    decided = _decide(tx, cause, terms, order, product, reasons)
    if product is not None and not stock.reserve(tx, cause, order_id, product.id, order.lines[0].quantity):
        decided = shipping.Plan(state=S.short, reason="short")
    _be_born(tx, cause, terms, order, product, decided)
    if decided.state is S.awaiting_approval:
        _ask(tx, cause, terms, order_id, reasons)


def hand_over_unread(tx: Tx, cause: Cause, terms: Terms, order_id: int) -> None:
    """The platform's record could not be read: a paid order is the owner's then, never skipped silently."""
    order = orders.find(tx, order_id)
    if order.state is OrderState.pending_ship and fulfilments.find(tx, order_id) is None:
        _be_born(tx, cause, terms, order, None, shipping.Plan(state=S.manual, reason="no_record"))


def fill_short(tx: Tx, cause: Cause, terms: Terms, product_id: int) -> int:
    """Units arrived: orders short of them get them in order of payment; how many were filled."""
    filled = 0
    for row in tx.all("fulfilments.short_of_product", product_id=product_id):
        order = orders.find(tx, row["order_id"])
        product = _product_of(tx, order)
        if product is None or not stock.reserve(tx, cause, order.id, product_id, row["quantity"]):
            break
        reasons = find_risks(tx, cause, terms, order, product, None)
        decided = _decide(tx, cause, terms, order, product, reasons)
        step = FulfilmentStep(
            order.id,
            EVENT_OF[decided.state],
            due_at=decided.due_at,
            reason=decided.reason,
            remind_at=_first_reminder(cause, terms, decided.state),
        )
        apply(tx, cause, terms, step)
        if decided.state is S.awaiting_approval:
            _ask(tx, cause, terms, order.id, reasons)
        filled += 1
    return filled


def find_risks(
    tx: Tx, cause: Cause, terms: Terms, order: Order, product: Product | None, record: OrderRecord | None
) -> tuple[RiskReason, ...]:
    """Which rules of laws.md "Risk" an order hits."""
    since = cause.now - timedelta(minutes=terms.risk.window_minutes)
    recent = tx.one("orders.recent_of_buyer", buyer_id=order.buyer.id, since=to_ms(since)) if order.buyer else None
    refund = tx.one("orders.open_refund_in_chat", account_id=order.account_id, chat_no=order.chat_no, id=order.id)
    returned = tx.one("refunds.find", order_id=order.id)
    back = (RiskReason(kind=RiskKind.back_from_refund),) if returned else ()
    return back + risk.find_risks(
        order,
        product,
        recent_orders=recent["n"] if recent else 0,
        open_refund=refund is not None or (record is not None and record.in_refund),
        limits=terms.risk,
    )


def _product_of(tx: Tx, order: Order) -> Product | None:
    product_id = order.lines[0].product_id
    return shelf.find_product(tx, product_id) if product_id else None


def _decide(
    tx: Tx, cause: Cause, terms: Terms, order: Order, product: Product | None, reasons: tuple[RiskReason, ...]
) -> shipping.Plan:
    account = tx.one("accounts.first_connected", id=order.account_id)
    first = at(account["first_connected_at"]) if account else None
    # The platform tells the instant of payment in whole seconds.
    if first and order.paid_at and order.paid_at < first.replace(microsecond=0):
        return shipping.Plan(state=S.manual, reason=FIRST_CONNECT)
    dice = terms.chance.between(0.0, 1.0)
    return shipping.plan(product, reasons, needs_postage=order.needs_postage, now=cause.now, dice=dice)


def _be_born(tx: Tx, cause: Cause, terms: Terms, order: Order, product: Product | None, decided: shipping.Plan) -> None:
    by_platform = ShipMode.physical if order.needs_postage else ShipMode.virtual
    mode = product.mode if product and product.configured else by_platform
    tx.run(
        "fulfilments.insert",
        order_id=order.id,
        state=decided.state.value,
        mode=mode.value,
        due_at=ms(decided.due_at),
        reason=decided.reason,
        by_hand=False,
        remind_at=ms(_first_reminder(cause, terms, decided.state)),
        now=cause.now_ms,
    )
    moved = FulfilmentMoved(order.id, None, decided.state, "planned", 1)
    write_history(tx, cause.saying(decided.reason or ""), moved)
    settle(tx, cause, terms, moved)


def _first_reminder(cause: Cause, terms: Terms, state: FulfilmentState) -> datetime | None:
    return shipping.next_reminder_at(cause.now, 0, terms.shipping) if state is S.manual else None


def _ask(tx: Tx, cause: Cause, terms: Terms, order_id: int, reasons: tuple[RiskReason, ...]) -> None:
    ask(tx, cause, terms, order_id, reasons)
    tell(tx, cause, NoticeKind.order_risky, "order", order_id, once=cause.now_ms)
