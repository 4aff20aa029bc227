"""Logins by code: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader
from core.store.vault import Vault
from core.values.ids import AccountId
from core.values.logins import LoginState, LoginView


async def find(reader: Reader, vault: Vault, login_id: int) -> LoginView | None:
    """One login, its code opened."""
    row = await reader.one("logins.find", id=login_id)
    return login_of(row, vault) if row else None


def login_of(row: sqlite3.Row, vault: Vault) -> LoginView:
    """A row of logins.find."""
    return LoginView(
        id=row["id"],
        account_id=AccountId(row["account_id"]),
        account=row["name"],
        state=LoginState(row["state"]),
        version=row["version"],
        chat=row["chat"],
        code=vault.text(row["code"]) if row["code"] else None,
        detail=row["detail"],
        asked_at=from_ms(row["asked_at"]),
        changed_at=from_ms(row["changed_at"]),
    )
