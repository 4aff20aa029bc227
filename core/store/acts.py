"""What people did: rows become values here. Nothing here changes an act; none is ever changed (law 8)."""

import sqlite3

from core.clock import from_ms, to_ms
from core.store.db import Reader
from core.values.acts import Act, Sought
from core.values.people import ChatKind

NEWEST = 2**62
"""Before this number is every act."""


async def list_acts(reader: Reader, sought: Sought, before: int, most: int) -> tuple[Act, ...]:
    """At most so many acts older than the one with the number `before`, newest first."""
    page = {"before": before, "most": most}
    if sought.entity is not None:
        rows = await reader.all("acts.of_thing", entity=sought.entity, entity_id=sought.entity_id, **page)
    elif sought.member is not None:
        rows = await reader.all("acts.of_person", member=sought.member, **page)
    elif sought.since is not None and sought.until is not None:
        rows = await reader.all("acts.within", since=to_ms(sought.since), until=to_ms(sought.until), **page)
    else:
        rows = await reader.all("acts.newest", **page)
    return tuple(map(_act_of, rows))


def _act_of(row: sqlite3.Row) -> Act:
    return Act(
        id=row["id"],
        request=row["request"],
        who=row["who"],
        name=row["name"] or row["who"],
        chat=row["chat"],
        room=row["room"],
        room_kind=ChatKind(row["room_kind"]) if row["room_kind"] else None,
        at=from_ms(row["at"]),
        verb=row["verb"],
        entity=row["entity"],
        entity_id=row["entity_id"],
        before=row["before"],
        after=row["after"],
    )
