"""What a fulfilment's step brings with it: questions, effects, stock, counts, notices, and the order that follows."""

from core.moves import approvals, indicators, outbox, stock, templates, waybills
from core.moves.cause import Cause
from core.moves.daily import Count, count, lateness
from core.moves.notices import tell
from core.moves.step import FulfilmentMoved, OrderStep, Step
from core.rules.fulfilment import FulfilmentEvent
from core.rules.orders import ORDERS, OrderEvent
from core.store import fulfilments
from core.store.db import Tx
from core.values.effects import EffectKind
from core.values.fulfilment import Fulfilment, FulfilmentState
from core.values.notices import NoticeKind
from core.values.orders import OrderState
from core.values.templates import TemplateName

S = FulfilmentState
E = FulfilmentEvent

TOLD: dict[FulfilmentState, NoticeKind] = {
    S.short: NoticeKind.order_short,
    S.failed: NoticeKind.order_failed,
    S.unknown: NoticeKind.order_unknown,
}
UNDER_WAY = frozenset({S.executing, S.unknown})
"""States in which the platform's word "shipped" is the answer to our own call."""
ASKED = (S.awaiting_approval, S.held)
"""States in which a question may be open: goods back from a refund are held until it is answered."""
FIRST_CONNECT = "first_connect"
SPOKEN_OF = {S.short: TemplateName.short, S.held: TemplateName.held, S.manual: TemplateName.manual}
"""States of which a buyer may be told; and reasons for them that are none of the buyer's business."""
UNSPOKEN = frozenset({FIRST_CONNECT, "refunding", "undone"})
UNCONFIGURED = "unconfigured"


def bring(tx: Tx, cause: Cause, moved: FulfilmentMoved) -> tuple[Step, ...]:
    """The steps the order takes because its fulfilment moved; the rest is written here."""
    if moved.before in ASKED and moved.event not in (E.approve, E.reject, E.expire):
        approvals.withdraw(tx, cause, moved.order_id)
    if moved.after in TOLD:
        tell(tx, cause, TOLD[moved.after], "order", moved.order_id, version=moved.version)
    _speak(tx, cause, moved)
    if moved.after is S.executing:
        _begin(tx, cause, moved)
    if moved.after is S.manual:
        _hand_over(tx, cause, moved, _task(tx, moved))
    if moved.after in (S.failed, S.unknown):
        _count_stuck(tx, cause, moved)
    if moved.after is S.succeeded:
        return _succeeded(tx, cause, moved, _task(tx, moved))
    if moved.after is S.cancelled:
        _cancelled(tx, cause, moved)
    return ()


def _count_stuck(tx: Tx, cause: Cause, moved: FulfilmentMoved) -> None:
    """A shipment that needs a person is counted; one that began by itself in the indicators as well."""
    order = tx.one("orders.state_and_account", id=moved.order_id)
    assert order is not None
    if moved.after is S.failed:
        count(tx, cause, Count.ship_failed, account_id=order["account_id"])
    if not _task(tx, moved).by_hand:
        indicators.auto_failed(tx, cause, order["account_id"])


def _speak(tx: Tx, cause: Cause, moved: FulfilmentMoved) -> None:
    """The buyer is told of a state that lasts, once; what is over before a word went out is not spoken of."""
    if moved.before in SPOKEN_OF:
        templates.withdraw(tx, cause, moved.order_id, SPOKEN_OF[moved.before])
    if moved.after in SPOKEN_OF and _task(tx, moved).reason not in UNSPOKEN:
        templates.say(tx, cause, moved.order_id, SPOKEN_OF[moved.after])


def _task(tx: Tx, moved: FulfilmentMoved) -> Fulfilment:
    task = fulfilments.find(tx, moved.order_id)
    assert task is not None
    return task


def _begin(tx: Tx, cause: Cause, moved: FulfilmentMoved) -> None:
    """Law 4: the platform's record is read just before the first effect."""
    row = tx.one("orders.state_and_account", id=moved.order_id)
    assert row is not None
    key = f"confirm:{moved.order_id}:{moved.version}"
    outbox.add(tx, cause, EffectKind.confirm, row["account_id"], key, order_id=moved.order_id)


def _hand_over(tx: Tx, cause: Cause, moved: FulfilmentMoved, task: Fulfilment) -> None:
    if task.reason == FIRST_CONNECT:
        row = tx.one("orders.state_and_account", id=moved.order_id)
        assert row is not None
        chosen = tx.one("acts.last_of", entity="account", entity_id=row["account_id"], verb=FIRST_CONNECT)
        once = chosen["id"] if chosen and chosen["id"] else "first"  # what is found after the choice is a new question
        tell(tx, cause, NoticeKind.first_connect, "account", row["account_id"], once=once)
        return
    kind = NoticeKind.order_unconfigured if task.reason == UNCONFIGURED else NoticeKind.order_manual
    tell(tx, cause, kind, "order", moved.order_id, version=moved.version)


def _succeeded(tx: Tx, cause: Cause, moved: FulfilmentMoved, task: Fulfilment) -> tuple[Step, ...]:
    stock.sell(tx, cause, moved.order_id)
    waybills.spend(tx, cause, moved.order_id)
    outbox.close_of_order(tx, cause, moved.order_id)
    row = tx.one("orders.state_and_account", id=moved.order_id)
    assert row is not None
    if moved.event == E.seen_shipped and moved.before not in UNDER_WAY:
        count(tx, cause, Count.shipped_by_hand, account_id=row["account_id"])  # the owner shipped it in the app
        return ()
    shipped = Count.shipped_by_hand if task.by_hand else Count.shipped_auto
    count(tx, cause, shipped, account_id=row["account_id"])
    if task.planned_at:
        late_s = (cause.now - task.planned_at).total_seconds()
        count(tx, cause, lateness(late_s))
        indicators.took(tx, cause, indicators.LATE, late_s * 1000, row["account_id"])
    tx.run(
        "orders.shipped_by",
        id=moved.order_id,
        method=task.mode.value,
        carrier=task.carrier,
        tracking_no=task.tracking_no,
    )
    tell(tx, cause, NoticeKind.order_shipped, "order", moved.order_id, version=moved.version)
    state = OrderState(row["state"])
    return (OrderStep(moved.order_id, OrderEvent.ship),) if ORDERS.allows(state, OrderEvent.ship) else ()


def _cancelled(tx: Tx, cause: Cause, moved: FulfilmentMoved) -> None:
    """Units come back, unless the buyer may have them: a key that may be out is never sold again."""
    outbox.close_of_order(tx, cause, moved.order_id)
    waybills.close(tx, cause, moved.order_id)
    if tx.one("outbox.text_out", order_id=moved.order_id):
        stock.sell(tx, cause, moved.order_id)
    else:
        stock.release(tx, cause, moved.order_id)
