"""Members of the owner's group: rows become values here."""

import sqlite3

from core.store.db import Reader, Tx
from core.values.counter import Member
from core.values.people import Role


def member_of(row: sqlite3.Row) -> Member:
    """A row of people.find."""
    return Member(id=row["id"], who=row["who"], name=row["name"], role=Role(row["role"]), locale=row["locale"])


async def find(reader: Reader, who: str) -> Member | None:
    """The person with a stable platform user id, if they are let in."""
    row = await reader.one("people.find", who=who)
    return member_of(row) if row and row["role"] else None


async def list_all(reader: Reader) -> tuple[Member, ...]:
    """Everybody who may do anything; a person with two ids stands there twice."""
    return tuple(member_of(row) for row in await reader.all("people.list"))


def keep(tx: Tx, who: str, name: str, role: Role, now_ms: int) -> None:
    """Add a person, or change their name and role."""
    known = tx.one("people.find", who=who)
    if known is not None:
        tx.run("people.change", id=known["id"], name=name, role=role.value)
        return
    added = tx.one("people.add", name=name, role=role.value, now=now_ms)
    assert added is not None
    tx.run("people.add_identity", who=who, member_id=added["id"], now=now_ms)
