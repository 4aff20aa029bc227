"""The outbox: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.store.rows import at
from core.store.vault import Vault
from core.values.effects import Effect, EffectKind, EffectState
from core.values.ids import AccountId, ChatId, OrderId, OutboxId


def find(tx: Tx, outbox_id: int) -> Effect | None:
    """One effect."""
    row = tx.one("outbox.find", id=outbox_id)
    return effect_of(row, tx.vault) if row else None


async def list_due(reader: Reader, now_ms: int, most: int) -> list[Effect]:
    """What may be done now, oldest first."""
    rows = await reader.all("outbox.due", now=now_ms, most=most)
    return [effect_of(row, reader.vault) for row in rows]


def effect_of(row: sqlite3.Row, vault: Vault) -> Effect:
    """A row of outbox.find or outbox.due."""
    return Effect(
        id=OutboxId(row["id"]),
        account_id=AccountId(row["account_id"]),
        account=row["account"],
        kind=EffectKind(row["kind"]),
        key=row["key"],
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        chat_id=ChatId(row["chat_id"]) if row["chat_id"] else None,
        body=vault.text(row["body"]) if row["body"] is not None else "",
        state=EffectState(row["state"]),
        attempts=row["attempts"],
        asked=row["asked"],
        tried_at=at(row["tried_at"]),
        created_at=from_ms(row["created_at"]),
    )
