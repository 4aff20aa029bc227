"""Approvals: rows become values here."""

import sqlite3
from collections.abc import Sequence

import orjson

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.store.rows import at
from core.values.fulfilment import Approval, ApprovalState, RiskReason
from core.values.ids import ApprovalId, OrderId


def pending_of(tx: Tx, order_id: int) -> Approval | None:
    """The open question about an order."""
    row = tx.one("approvals.pending_of", order_id=order_id)
    return approval_of(row) if row else None


async def read(reader: Reader, order_id: int) -> Approval | None:
    """The newest question about an order."""
    row = await reader.one("approvals.latest_of", order_id=order_id)
    return approval_of(row) if row else None


def reasons_json(reasons: Sequence[RiskReason]) -> str:
    """The form a row holds reasons in."""
    return orjson.dumps([reason.model_dump(mode="json") for reason in reasons]).decode()


def approval_of(row: sqlite3.Row) -> Approval:
    """A row of approvals."""
    return Approval(
        id=ApprovalId(row["id"]),
        order_id=OrderId(row["order_id"]),
        state=ApprovalState(row["state"]),
        version=row["version"],
        reasons=tuple(RiskReason.model_validate(reason) for reason in orjson.loads(row["reasons"])),
        asked_at=from_ms(row["asked_at"]),
        remind_at=from_ms(row["remind_at"]),
        escalate_at=from_ms(row["escalate_at"]),
        expires_at=from_ms(row["expires_at"]),
        reminded=bool(row["reminded"]),
        escalated=bool(row["escalated"]),
        decided_at=at(row["decided_at"]),
        decided_by=row["decided_by"],
    )
