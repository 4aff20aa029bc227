"""How the owner wants to be told, and what was told: rows become values here."""

from core.clock import from_ms
from core.store.db import Reader, Row, Tx
from core.store.rows import at
from core.values.notices import NoticeKind
from core.values.telling import Choices, Delivery, Level, Mute, Outcome, QuietHours, Route

_KINDS = frozenset(kind.value for kind in NoticeKind)


async def choices(reader: Reader) -> Choices:
    """Everything the owner chose."""
    quiet = await reader.one("telling.quiet")
    return Choices(
        levels={row["event"]: Level(row["level"]) for row in await reader.all("telling.levels")},
        quiet=QuietHours(from_minute=quiet["from_minute"], to_minute=quiet["to_minute"]) if quiet else None,
        routes={
            row["event"]: Route(chat=row["chat"], topic=row["topic"]) for row in await reader.all("telling.routes")
        },
        mutes=tuple(mute_of(row) for row in await reader.all("telling.mutes")),
    )


async def find_mute(reader: Reader, mute_id: int) -> Mute | None:
    """One mute, on or over."""
    row = await reader.one("telling.mute", id=mute_id)
    return mute_of(row) if row else None


def list_mutes(tx: Tx) -> tuple[Mute, ...]:
    """What is muted now, oldest first."""
    return tuple(mute_of(row) for row in tx.all("telling.mutes"))


async def muted_kinds(reader: Reader, mute_id: int) -> dict[NoticeKind, int]:
    """What a mute counted, most first."""
    rows = await reader.all("telling.muted_kinds", id=mute_id)
    return {NoticeKind(row["kind"]): row["n"] for row in rows if is_known(row)}


async def things_of_order(reader: Reader, order_id: int) -> dict[str, set[int]]:
    """An order's products and its conversation."""
    rows = await reader.all("telling.things", id=order_id)
    return {
        "product": {row["product_id"] for row in rows if row["product_id"] is not None},
        "chat": {row["chat_id"] for row in rows if row["chat_id"] is not None},
    }


async def log(reader: Reader, most: int) -> tuple[Delivery, ...]:
    """What was told last."""
    return tuple(delivery_of(row) for row in await reader.all("telling.log", most=most) if is_known(row))


async def log_of(reader: Reader, scope: str, entity_id: int, most: int) -> tuple[Delivery, ...]:
    """What a `mute` or a `digest` counted."""
    name = "telling.log_of_mute" if scope == "mute" else "telling.log_of_digest"
    return tuple(delivery_of(row) for row in await reader.all(name, id=entity_id, most=most) if is_known(row))


def is_known(row: Row) -> bool:
    """Whether this version can tell a notice: a newer one that was taken back may have left others."""
    return row["kind"] in _KINDS


def mute_of(row: Row) -> Mute:
    """A row of telling.mutes."""
    return Mute(
        id=row["id"],
        scope=row["scope"],
        word=row["word"],
        entity_id=row["entity_id"],
        until_at=at(row["until_at"]),
        remaining=row["remaining"],
        muted=row["muted"],
        by=row["by"],
        at=from_ms(row["at"]),
        ended_at=at(row["ended_at"]),
    )


def delivery_of(row: Row) -> Delivery:
    """A row of telling.log."""
    return Delivery(
        id=row["id"],
        kind=NoticeKind(row["kind"]),
        entity=row["entity"],
        entity_id=row["entity_id"],
        count=row["count"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        told_in=row["told_in"],
        at=from_ms(row["done_at"]),
        error=row["error"] or "",
    )
