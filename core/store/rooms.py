"""The owner's chats in which the shop may speak: rows become values here."""

import sqlite3

from core.store.db import Reader, Tx
from core.store.rows import at
from core.values.counter import Room
from core.values.people import ChatKind, Role


def room_of(row: sqlite3.Row) -> Room:
    """A row of rooms.find."""
    return Room(
        id=row["id"],
        chat=row["chat"],
        kind=ChatKind(row["kind"]),
        title=row["title"],
        locale=row["locale"],
        left_at=at(row["left_at"]),
        moved_to=row["moved_to"],
        shop=row["shop"],
    )


async def find(reader: Reader, chat: str) -> Room | None:
    """One chat; None when the shop was never let in."""
    row = await reader.one("rooms.find", chat=chat)
    return room_of(row) if row else None


def see(tx: Tx, chat: str) -> Room | None:
    """The same inside a transaction."""
    row = tx.one("rooms.find", chat=chat)
    return room_of(row) if row else None


async def list_all(reader: Reader) -> tuple[Room, ...]:
    """Every chat, first bound first."""
    return tuple(room_of(row) for row in await reader.all("rooms.list"))


async def list_private(reader: Reader, role: Role) -> tuple[Room, ...]:
    """The private chats of the people with a role, where the shop may speak."""
    return tuple(room_of(row) for row in await reader.all("rooms.private", role=role.value))


def bind(tx: Tx, chat: str, kind: ChatKind, title: str, now_ms: int) -> None:
    """Let the shop speak in a chat."""
    tx.run("rooms.bind", chat=chat, kind=kind.value, title=title, now=now_ms)
