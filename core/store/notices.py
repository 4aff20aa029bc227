"""Notices to the owner: rows become values here."""

import sqlite3

from core.clock import from_ms
from core.store.db import Reader
from core.values.ids import NoticeId
from core.values.notices import Notice, NoticeKind, Urgency


async def find(reader: Reader, notice_id: int) -> Notice | None:
    """One notice."""
    row = await reader.one("notices.find", id=notice_id)
    return notice_of(row) if row else None


def notice_of(row: sqlite3.Row) -> Notice:
    """A row of notices.find. It may have come before when an earlier try was begun and not taken back (law 3)."""
    return Notice(
        id=NoticeId(row["id"]),
        kind=NoticeKind(row["kind"]),
        urgency=Urgency(row["urgency"]),
        entity=row["entity"],
        entity_id=row["entity_id"],
        version=row["version"],
        count=row["count"],
        chat=row["chat"],
        detail=row["detail"],
        maybe_again=row["attempts"] > 1,
        created_at=from_ms(row["created_at"]),
    )
