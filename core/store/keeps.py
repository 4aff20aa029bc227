"""Kept units: rows become values here."""

import sqlite3
from collections.abc import Sequence

from core.clock import from_ms
from core.errors import NotFound
from core.store.db import Reader, Tx
from core.store.rows import at
from core.store.vault import Vault
from core.values.ids import KeepId, ProductId
from core.values.keeps import Keep, KeepLine, KeepState


def find(tx: Tx, keep_id: int) -> Keep:
    """One, kept or over; NotFound."""
    row = tx.one("keeps.find", id=keep_id)
    return _keep_of(row, tx.all("keeps.lines", id=keep_id), tx.vault, keep_id)


async def read(reader: Reader, keep_id: int) -> Keep:
    """The same outside a transaction."""
    row = await reader.one("keeps.find", id=keep_id)
    return _keep_of(row, await reader.all("keeps.lines", id=keep_id), reader.vault, keep_id)


async def list_kept(reader: Reader) -> tuple[Keep, ...]:
    """What is kept now, the first to end first."""
    return tuple([await read(reader, row["id"]) for row in await reader.all("keeps.kept")])


async def units(reader: Reader) -> dict[int, int]:
    """How many units are kept, by product."""
    return {row["product_id"]: row["n"] for row in await reader.all("keeps.units")}


async def of_request(reader: Reader, request: str) -> KeepId | None:
    """What a request kept, or did to what is kept."""
    row = await reader.one("keeps.of_request", request=request)
    return KeepId(row["id"]) if row else None


def _keep_of(row: sqlite3.Row | None, lines: Sequence[sqlite3.Row], vault: Vault, keep_id: int) -> Keep:
    if row is None:
        raise NotFound("no_such_keep", keep=keep_id)
    return Keep(
        id=KeepId(row["id"]),
        state=KeepState(row["state"]),
        version=row["version"],
        lines=tuple(map(_line_of, lines)),
        note="" if row["note"] is None else vault.text(row["note"]),
        by=row["by"],
        made_at=from_ms(row["made_at"]),
        expires_at=from_ms(row["expires_at"]),
        ended_at=at(row["ended_at"]),
    )


def _line_of(row: sqlite3.Row) -> KeepLine:
    return KeepLine(
        product_id=ProductId(row["product_id"]),
        title=" ".join(filter(None, (row["title"], row["spec"]))),
        quantity=row["quantity"],
        free_before=row["free_after"] + row["quantity"],
        free_after=row["free_after"],
    )
