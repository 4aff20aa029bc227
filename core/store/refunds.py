"""Refunds: rows become values here."""

import orjson

from core.clock import from_ms
from core.store.db import Reader, Row, Tx
from core.store.rows import at
from core.store.vault import Vault
from core.values.effects import EffectState
from core.values.orders import Refund, RefundState, Refusal, RefuseReason


def find(tx: Tx, order_id: int) -> Refund | None:
    """The newest refund of an order, with what became of refusing it."""
    row = tx.one("refunds.find", order_id=order_id)
    return _refund_of(row, tx.vault, tx.all("refunds.refusals", order_id=order_id)) if row else None


async def read(reader: Reader, order_id: int) -> Refund | None:
    """The same outside a transaction."""
    row = await reader.one("refunds.find", order_id=order_id)
    return _refund_of(row, reader.vault, await reader.all("refunds.refusals", order_id=order_id)) if row else None


def choices_json(choices: tuple[RefuseReason, ...]) -> str:
    """Reasons as a row keeps them."""
    return orjson.dumps([choice.model_dump() for choice in choices]).decode()


def _refund_of(row: Row, vault: Vault, refusals: list[Row]) -> Refund:
    mine = [one for one in refusals if row["refund_no"] and one["key"].startswith(f"refuse_refund:{row['refund_no']}:")]
    return Refund(
        id=row["id"],
        state=RefundState(row["state"]),
        amount_fen=row["amount_fen"],
        asked_at=from_ms(row["asked_at"]),
        settled_at=at(row["settled_at"]),
        refund_no=row["refund_no"],
        reason=vault.text(row["reason"]) if row["reason"] is not None else "",
        refusable=bool(row["refusable"]),
        choices=tuple(RefuseReason.model_validate(one) for one in orjson.loads(row["choices"])),
        refusals=tuple(Refusal(id=o["id"], state=EffectState(o["state"]), error=o["error"] or "") for o in mine),
    )
