"""A person's act is recorded in the transaction that carries it out: who, where, when, what, before, after (law 8)."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from core.errors import BadConfig, Refused, ShopError
from core.moves.cause import Cause
from core.store.db import Tx


def record(
    tx: Tx, cause: Cause, verb: str, entity: str, entity_id: int, before: object = "", after: object = ""
) -> None:
    """Write the act; Refused("done_before") when the same request already acted (a command replayed after a crash)."""
    actor = cause.actor
    added = tx.run(
        "acts.add",
        request=actor.request or f"{actor.who}:{verb}:{entity}:{entity_id}:{cause.now_ms}",
        who=actor.who,
        name=actor.name,
        chat=actor.chat,
        at=cause.now_ms,
        verb=verb,
        entity=entity,
        entity_id=entity_id,
        before=str(before),
        after=str(after),
    )
    if not added:
        raise Refused("done_before", verb=verb)


def refuse(tx: Tx, cause: Cause, verb: str, entity: str, entity_id: int, error: ShopError) -> None:
    """Write that a person asked for something and did not get it. Nothing of their own words is kept (law 11)."""
    actor = cause.actor
    tx.run(
        "refusals.add",
        request=actor.request,
        who=actor.who,
        name=actor.name,
        chat=actor.chat,
        at=cause.now_ms,
        verb=verb,
        entity=entity,
        entity_id=entity_id,
        reason=error.key,
        facts=json.dumps(_tellable(error.facts)),
    )


def _tellable(facts: Mapping[str, object]) -> dict[str, str | int | float]:
    """Numbers, instants and the shop's own words; for what a person typed stands a sign."""
    return {name: _told(value) for name, value in facts.items()}


def _told(value: object) -> str | int | float:
    if isinstance(value, int | float):
        return value
    if isinstance(value, BadConfig) and value.problem is not None:
        return value.problem.facts.get("setting", "…")
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else "…"
