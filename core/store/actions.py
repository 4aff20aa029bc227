"""Stored buttons: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.store.rows import at
from core.values.counter import Action
from core.values.ids import ActionId


async def find(reader: Reader, action_id: str) -> Action | None:
    """One button."""
    row = await reader.one("actions.find", id=action_id)
    return action_of(row) if row else None


def press(tx: Tx, action_id: str, who: str, now_ms: int) -> tuple[Action | None, str, bool]:
    """Press a button: what it is, the name of who pressed it first, and whether this press was that one."""
    first = tx.run("actions.use", id=action_id, who=who, now=now_ms) == 1
    row = tx.one("actions.find", id=action_id)
    return (action_of(row), row["used_name"] or "", first) if row else (None, "", first)


def action_of(row: sqlite3.Row) -> Action:
    """A row of actions.find."""
    return Action(
        id=ActionId(row["id"]),
        words=row["words"],
        entity=row["entity"],
        entity_id=row["entity_id"],
        version=row["version"],
        chat=row["chat"],
        created_at=from_ms(row["created_at"]),
        expires_at=at(row["expires_at"]),
        used_by=row["used_by"],
        used_at=at(row["used_at"]),
        confirms=bool(row["confirms"]),
        made_for=row["made_for"],
    )
