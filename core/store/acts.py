"""What people did, and what they did not get: rows become values here. None is ever changed (law 8)."""

import json
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from core.clock import from_ms, to_ms
from core.store.db import Reader, SqlValue
from core.values.acts import Act, Sought
from core.values.people import ChatKind

NEWEST = 2**62
"""Before this number is every act."""


class Query(NamedTuple):
    """The statements that find what was done and what was refused, and their facts."""

    done: str
    refused: str
    facts: Mapping[str, SqlValue]


async def list_acts(reader: Reader, sought: Sought, before: int, most: int) -> tuple[Act, ...]:
    """At most so many acts older than the one with the number `before`, newest first."""
    query = _query(sought)
    return tuple(map(_act_of, await reader.all(query.done, **query.facts, before=before, most=most)))


async def list_tries(reader: Reader, sought: Sought, before: int, most: int) -> tuple[Act, ...]:
    """The same with what was refused, each where it belongs."""
    query = _query(sought)
    refused = await reader.all(query.refused, **query.facts, before=before, most=most)
    done = await list_acts(reader, sought, before, most)
    return tuple(sorted((*map(_refusal_of, refused), *done), key=lambda act: -act.id)[:most])


def _query(sought: Sought) -> Query:
    if sought.entity is not None:
        facts: dict[str, SqlValue] = {"entity": sought.entity, "entity_id": sought.entity_id}
        return Query("acts.of_thing", "refusals.of_thing", facts)
    if sought.member is not None:
        return Query("acts.of_person", "refusals.of_person", {"member": sought.member})
    if sought.since is not None and sought.until is not None:
        span: dict[str, SqlValue] = {"since": to_ms(sought.since), "until": to_ms(sought.until)}
        return Query("acts.within", "refusals.within", span)
    return Query("acts.newest", "refusals.newest", {})


def _act_of(row: sqlite3.Row) -> Act:
    return _bare(row).model_copy(update={"before": row["before"], "after": row["after"]})


def _refusal_of(row: sqlite3.Row) -> Act:
    return _bare(row).model_copy(update={"reason": row["reason"], "facts": json.loads(row["facts"])})


def _bare(row: sqlite3.Row) -> Act:
    """What acts and refusals have in common."""
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
    )
