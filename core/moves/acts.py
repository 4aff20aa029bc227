"""A person's act is recorded in the transaction that carries it out: who, where, when, what, before, after (law 8)."""

from core.errors import Refused
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
