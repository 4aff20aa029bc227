"""A refund request: what the platform tells of it, and refusing it (agreeing needs the app: facts, "Write").

The refusal is an outbox row with a natural key (law 2): one under way a request, and another only after the platform
surely did not take the one before. One of unknown outcome is asked about, never said again blindly (law 3).
"""

from core.errors import Refused
from core.moves import acts, frames, outbox
from core.moves.apply import view_version
from core.moves.cause import Cause
from core.moves.notices import redraw, tell
from core.rules.refunds import check_open, reason_of
from core.store import orders, refunds
from core.store.db import Tx
from core.values.effects import Effect, EffectKind, EffectState
from core.values.fulfilment import ErrorClass
from core.values.notices import NoticeKind
from core.values.orders import Refund, RefundRecord, RefuseReason

OVER = (EffectState.refused, EffectState.failed, EffectState.cancelled)
"""A refusal that surely did not count: another may be tried."""


def learn(tx: Tx, cause: Cause, effect: Effect, record: RefundRecord | None) -> None:
    """The platform was asked about a request."""
    outbox.finish(tx, cause, effect.id, EffectState.done, result=record.refund_no if record else None)
    if record is not None and effect.order_id is not None:
        _keep(tx, cause, effect.order_id, record)


def _keep(tx: Tx, cause: Cause, order_id: int, record: RefundRecord) -> None:
    tx.run(
        "refunds.learn",
        order_id=order_id,
        refund_no=record.refund_no,
        amount_fen=record.amount_fen,
        reason=tx.vault.seal(record.reason) if record.reason else None,
        refusable=record.refusable,
        choices=refunds.choices_json(record.choices),
    )
    _redraw(tx, cause, order_id)


def refuse(tx: Tx, cause: Cause, order_id: int, choice: str) -> None:
    """Refuse the open request with one of the platform's reasons. Refused says why it cannot be."""
    refund = check_open(refunds.find(tx, order_id), orders.find(tx, order_id).state)
    reason = reason_of(refund, choice)
    last = refund.refusals[0] if refund.refusals else None
    if last is not None and last.state is EffectState.unknown:
        tx.run("refunds.ask_again", id=last.id, now=cause.now_ms)
    elif last is not None and last.state not in OVER:
        raise Refused("refused_before" if last.state is EffectState.done else "refusal_under_way", order=order_id)
    else:
        _plan(tx, cause, order_id, refund, reason)
    acts.record(tx, cause, "refuse_refund", "order", order_id, "", reason.words)
    _redraw(tx, cause, order_id)


def _plan(tx: Tx, cause: Cause, order_id: int, refund: Refund, reason: RefuseReason) -> None:
    row = tx.one("orders.state_and_account", id=order_id)
    assert row is not None
    key, body = f"refuse_refund:{refund.refund_no}:{len(refund.refusals)}", f"{refund.refund_no} {reason.id}"
    outbox.add(tx, cause, EffectKind.refuse_refund, row["account_id"], key, order_id=order_id, body=body)


def look_again(tx: Tx, cause: Cause, order_id: int) -> None:
    """The platform is asked about a request once more, at most once a minute."""
    row = tx.one("orders.state_and_account", id=order_id)
    assert row is not None
    key = f"look_up_refund:{order_id}:asked:{cause.now_ms // 60_000}"
    outbox.add(tx, cause, EffectKind.look_up_refund, row["account_id"], key, order_id=order_id)


def refused(tx: Tx, cause: Cause, effect: Effect) -> None:
    """The platform took the refusal: the order's record says what follows."""
    if effect.order_id is None or not outbox.finish(tx, cause, effect.id, EffectState.done):
        return
    tx.run("refunds.set_refused", order_id=effect.order_id, refund_no=effect.body.partition(" ")[0])
    _look(tx, cause, effect)
    tell(tx, cause, NoticeKind.refusal_done, "order", effect.order_id, once=effect.id)


def moot(tx: Tx, cause: Cause, effect: Effect) -> None:
    """The request was over before the refusal: withdrawn, or agreed to in the app."""
    if effect.order_id is not None and outbox.finish(tx, cause, effect.id, EffectState.cancelled):
        _look(tx, cause, effect)


def not_refused(tx: Tx, cause: Cause, effect: Effect, error_class: ErrorClass, words: str) -> None:
    """The platform said no, or never took it: told with its words; what it says now is read again."""
    state = EffectState.refused if error_class is ErrorClass.business else EffectState.failed
    if effect.order_id is None:
        return
    if not outbox.finish(tx, cause, effect.id, state, error_class=error_class, error=words):
        return
    _look(tx, cause, effect)
    outbox.add(
        tx,
        cause,
        EffectKind.look_up_refund,
        effect.account_id,
        f"look_up_refund:{effect.order_id}:after:{effect.id}",
        order_id=effect.order_id,
    )
    tell(tx, cause, NoticeKind.refusal_failed, "order", effect.order_id, once=effect.id, detail=words)


def in_doubt(tx: Tx, cause: Cause, effect: Effect, error: str) -> None:
    """Whether the platform took it is not known, and it cannot tell."""
    if effect.order_id is None:
        return
    outbox.finish(tx, cause, effect.id, EffectState.unknown, error_class=ErrorClass.unknown, error=error)
    tell(tx, cause, NoticeKind.refusal_unknown, "order", effect.order_id, once=f"{effect.id}:{cause.now_ms}")
    _redraw(tx, cause, effect.order_id)


def _look(tx: Tx, cause: Cause, effect: Effect) -> None:
    row = tx.one("orders.state_and_account", id=effect.order_id)
    assert row is not None
    frames.look_up(tx, cause, effect.account_id, row["order_no"], effect.order_id, f"refusal:{effect.id}")


def _redraw(tx: Tx, cause: Cause, order_id: int) -> None:
    redraw(tx, cause, "order", order_id, view_version(tx, order_id))
