"""The question a risky order puts to the owner, and its one answer (law 9)."""

from collections.abc import Sequence
from datetime import timedelta

from core.moves.cause import Cause
from core.moves.daily import Count, count
from core.moves.terms import Terms
from core.store.approvals import reasons_json
from core.store.db import Tx
from core.store.rows import ms
from core.values.fulfilment import ApprovalState, RiskReason


def ask(tx: Tx, cause: Cause, terms: Terms, order_id: int, reasons: Sequence[RiskReason]) -> None:
    """Ask the owner, with the deadlines of the settings."""
    plan = terms.approvals
    tx.run(
        "approvals.ask",
        order_id=order_id,
        reasons=reasons_json(reasons),
        now=cause.now_ms,
        remind_at=ms(cause.now + timedelta(minutes=plan.reminder_minutes)),
        escalate_at=ms(cause.now + timedelta(minutes=plan.escalation_minutes)),
        expires_at=ms(cause.now + timedelta(minutes=plan.deadline_minutes)),
    )
    count(tx, cause, Count.approvals_asked)


def decide(tx: Tx, cause: Cause, order_id: int, state: ApprovalState) -> bool:
    """Write the answer; False when there is no open question (any more)."""
    by = cause.actor.name or cause.actor.who
    changed = tx.run("approvals.decide", order_id=order_id, state=state.value, by=by, now=cause.now_ms)
    counted = {
        ApprovalState.approved: Count.approved,
        ApprovalState.rejected: Count.rejected,
        ApprovalState.expired: Count.expired,
    }
    if changed and state in counted:
        count(tx, cause, counted[state])
    return changed == 1


def withdraw(tx: Tx, cause: Cause, order_id: int) -> None:
    """The question is void: the order moved on without it."""
    decide(tx, cause, order_id, ApprovalState.withdrawn)


def approve(tx: Tx, cause: Cause, order_id: int) -> bool:
    """Say yes; False when there was no open question."""
    return decide(tx, cause, order_id, ApprovalState.approved)
