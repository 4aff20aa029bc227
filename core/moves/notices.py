"""What the owner is told, written with the change it tells (law 10): references, never rendered text."""

from core.moves.cause import Cause
from core.rules.telling import ALSO_PRIVATE, priority_of, urgency_of
from core.store.db import Tx
from core.values.notices import NoticeKind


def tell(
    tx: Tx,
    cause: Cause,
    kind: NoticeKind,
    entity: str,
    entity_id: int,
    *,
    version: int = 0,
    once: str | int | None = None,
    detail: str = "",
    chat: str | None = None,
) -> None:
    """Tell the owner about a thing. The natural key is kind, entity, id and `once` (default: the version).

    What must not wait for someone to look at the group goes to every owner's private chat as well.
    """
    row = {
        "kind": kind.value,
        "urgency": urgency_of(kind).value,
        "priority": priority_of(kind),
        "entity": entity,
        "entity_id": entity_id,
        "version": version,
        "key": f"{kind}:{entity}:{entity_id}:{version if once is None else once}",
        "detail": detail,
        "now": cause.now_ms,
    }
    tx.run("notices.add", **row, chat=chat)
    if kind in ALSO_PRIVATE:
        tx.run("notices.add_private", **row)


def is_shown(tx: Tx, entity: str, entity_id: int) -> bool:
    """Whether a card of the thing stands in some chat."""
    return tx.one("copies.any", entity=entity, entity_id=entity_id) is not None


def redraw(tx: Tx, cause: Cause, entity: str, entity_id: int, version: int) -> None:
    """Every copy of a card follows its thing; only the newest edit is kept."""
    if tx.run("notices.add_redraws", entity=entity, entity_id=entity_id, version=version, now=cause.now_ms):
        tx.run("notices.drop_redraws", entity=entity, entity_id=entity_id, version=version)
