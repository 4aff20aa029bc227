"""People of the shop: rows become values here."""

import sqlite3
from collections.abc import Sequence
from itertools import groupby

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.values.counter import Member, Person
from core.values.people import Role


def member_of(row: sqlite3.Row) -> Member:
    """A row of people.find."""
    return Member(id=row["id"], who=row["who"], name=row["name"], role=Role(row["role"]), locale=row["locale"])


async def find(reader: Reader, who: str) -> Member | None:
    """The person with a stable platform user id, if they are let in."""
    row = await reader.one("people.find", who=who)
    return member_of(row) if row and row["role"] else None


def see(tx: Tx, who: str) -> Member | None:
    """The same inside a transaction."""
    row = tx.one("people.find", who=who)
    return member_of(row) if row and row["role"] else None


async def list_all(reader: Reader) -> tuple[Member, ...]:
    """Everybody who may do anything; a person with two ids stands there twice."""
    return tuple(member_of(row) for row in await reader.all("people.list"))


async def list_persons(reader: Reader) -> tuple[Person, ...]:
    """Everybody who may do anything, each with all ids and what they did last."""
    rows = await reader.all("people.list")
    return tuple(person_of(list(group)) for _, group in groupby(rows, key=lambda row: int(row["id"])))


def person_of(rows: Sequence[sqlite3.Row]) -> Person:
    """The rows of people.list that are one person's."""
    last = max(rows, key=lambda row: row["act"] or 0)
    return Person(
        id=last["id"],
        name=last["name"],
        role=Role(last["role"]),
        locale=last["locale"],
        ids=tuple(row["who"] for row in rows),
        tags=tuple((last["tags"] or "").split()),
        last_verb=last["verb"] or "",
        last_at=from_ms(last["at"]) if last["at"] is not None else None,
    )


def keep(tx: Tx, who: str, name: str, role: Role, now_ms: int) -> int:
    """Add a person, or change their name and role; the person's number."""
    known = tx.one("people.find", who=who)
    if known is not None:
        tx.run("people.change", id=known["id"], name=name, role=role.value)
        return int(known["id"])
    added = tx.one("people.add", name=name, role=role.value, now=now_ms)
    assert added is not None
    tx.run("people.add_identity", who=who, member_id=added["id"], now=now_ms)
    return int(added["id"])
