"""Members of the owner's group and the chats they talk in."""

import sqlite3

from core.store.db import Reader, Tx
from core.values.people import Role
from core.values.views import Member


def member_of(row: sqlite3.Row) -> Member:
    """A person as a value."""
    return Member(who=row["who"], name=row["name"], role=Role(row["role"]))


async def find(reader: Reader, who: str) -> Member | None:
    """The person with a stable platform user id, if the shop knows them."""
    row = await reader.one("people.find", who=who)
    return member_of(row) if row else None


async def is_bound(reader: Reader, chat: str) -> bool:
    """Whether the shop may speak in a chat."""
    return await reader.one("people.bound", chat=chat) is not None


def keep(tx: Tx, who: str, name: str, role: Role, now_ms: int) -> None:
    """Add a person, or change their name and role."""
    tx.run("people.keep", who=who, name=name, role=role.value, now=now_ms)


def bind(tx: Tx, chat: str, now_ms: int) -> None:
    """Let the shop speak in a chat."""
    tx.run("people.bind", chat=chat, now=now_ms)
