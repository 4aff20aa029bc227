"""Cards as they stand in chats: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader, Tx
from core.values.counter import Copy
from core.values.notices import NoticeKind


def keep(
    tx: Tx, now_ms: int, chat: str, message: str, kind: NoticeKind, entity: str, entity_id: int, version: int
) -> None:
    """A card of this version stands in a chat as this message; an older version never overwrites a newer one."""
    tx.run(
        "copies.keep",
        chat=chat,
        message=message,
        kind=kind.value,
        entity=entity,
        entity_id=entity_id,
        version=version,
        now=now_ms,
    )


def drop(tx: Tx, copy_id: int) -> None:
    """The message is gone from its chat."""
    tx.run("copies.drop", id=copy_id)


async def list_of(reader: Reader, entity: str, entity_id: int) -> tuple[Copy, ...]:
    """The cards that show a thing, oldest first."""
    return tuple(copy_of(row) for row in await reader.all("copies.of_thing", entity=entity, entity_id=entity_id))


async def find(reader: Reader, copy_id: int) -> Copy | None:
    """One card."""
    row = await reader.one("copies.find", id=copy_id)
    return copy_of(row) if row else None


async def find_shown(reader: Reader, chat: str, message: str) -> Copy | None:
    """The card a message of a chat shows."""
    row = await reader.one("copies.find_shown", chat=chat, message=message)
    return copy_of(row) if row else None


def copy_of(row: sqlite3.Row) -> Copy:
    """A row of copies.of_thing."""
    return Copy(
        id=row["id"],
        chat=row["chat"],
        message=row["message"],
        kind=NoticeKind(row["kind"]),
        entity=row["entity"],
        entity_id=row["entity_id"],
        version=row["version"],
        shown_at=from_ms(row["shown_at"]),
    )
