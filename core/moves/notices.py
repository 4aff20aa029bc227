"""What the owner is told, written with the change it tells (law 10): references, never rendered text."""

from core.moves.cause import Cause
from core.store.db import Tx
from core.values.notices import NoticeKind, Urgency

K = NoticeKind

URGENT = frozenset(
    {
        K.order_risky,
        K.order_short,
        K.order_failed,
        K.order_unknown,
        K.order_conflict,
        K.approval_escalated,
        K.manual_escalated,
        K.login_expired,
        K.challenged,
        K.books_wrong,
        K.stock_out,
        K.answer_unknown,
    }
)
QUIET = frozenset({K.order_shipped, K.chat_takeover_ended, K.redraw, K.ready})


def urgency_of(kind: NoticeKind) -> Urgency:
    """How loudly a kind is told."""
    if kind in URGENT:
        return Urgency.urgent
    return Urgency.quiet if kind in QUIET else Urgency.normal


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
) -> None:
    """Tell the owner about a thing. The natural key is kind, entity, id and `once` (default: the version)."""
    key = f"{kind}:{entity}:{entity_id}:{version if once is None else once}"
    tx.run(
        "notices.add",
        kind=kind.value,
        urgency=urgency_of(kind).value,
        entity=entity,
        entity_id=entity_id,
        version=version,
        key=key,
        chat=None,
        detail=detail,
        now=cause.now_ms,
    )


def is_shown(tx: Tx, entity: str, entity_id: int) -> bool:
    """Whether a card of the thing stands in some chat."""
    return tx.one("copies.any", entity=entity, entity_id=entity_id) is not None


def redraw(tx: Tx, cause: Cause, entity: str, entity_id: int, version: int) -> None:
    """Every copy of a card follows its thing; only the newest edit is kept."""
    if tx.run("notices.add_redraws", entity=entity, entity_id=entity_id, version=version, now=cause.now_ms):
        tx.run("notices.drop_redraws", entity=entity, entity_id=entity_id, version=version)
