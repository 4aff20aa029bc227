"""Accounts and their links: rows become values here."""

import sqlite3
from datetime import datetime

from core.store.db import Reader
from core.store.rows import at
from core.values import Value
from core.values.ids import AccountId, UserId
from core.values.sellers import Seller, Sellers


class AccountRow(Value):
    """One login as the store keeps it; `link` is sealed bytes the composition root opens."""

    id: AccountId
    name: str
    user_id: UserId | None
    state: str
    reason: str
    first_connected_at: datetime | None
    caught_up_at: datetime | None
    link: bytes | None


async def list_all(reader: Reader) -> tuple[AccountRow, ...]:
    """Every account."""
    return tuple(account_of(row) for row in await reader.all("accounts.all"))


async def list_sellers(reader: Reader) -> Sellers:
    """Every account with its shop."""
    rows = await reader.all("accounts.sellers")
    return Sellers(
        rows=tuple(seller_of(row) for row in rows if row["removed_at"] is None),
        gone=tuple(seller_of(row) for row in rows if row["removed_at"] is not None),
    )


async def find(reader: Reader, name: str) -> AccountRow | None:
    """One account by name."""
    row = await reader.one("accounts.find", name=name)
    return account_of(row) if row else None


def seller_of(row: sqlite3.Row) -> Seller:
    """A row of accounts.sellers."""
    return Seller(id=AccountId(row["id"]), name=row["name"], shop=row["shop"], removed_at=at(row["removed_at"]))


def account_of(row: sqlite3.Row) -> AccountRow:
    """A row of accounts."""
    return AccountRow(
        id=AccountId(row["id"]),
        name=row["name"],
        user_id=UserId(row["user_id"]) if row["user_id"] else None,
        state=row["state"],
        reason=row["reason"],
        first_connected_at=at(row["first_connected_at"]),
        caught_up_at=at(row["caught_up_at"]),
        link=row["link"],
    )
