"""Requests of people, stored before they are acted on (law 1): rows become values here."""

from core.store.db import Reader, Tx
from core.values.counter import KeptRequest, WaitingRequest
from core.values.ids import InboxId


def keep(tx: Tx, key: str, body: bytes, now_ms: int) -> KeptRequest:
    """Store a request, sealed; `again` when a request with this key was stored before."""
    new = tx.run("requests.add", key=key, raw=tx.vault.seal(body), now=now_ms)
    row = tx.one("requests.by_key", key=key)
    assert row is not None
    return KeptRequest(id=InboxId(row["id"]), again=not new, done=row["state"] != "waiting")


def finish(tx: Tx, inbox_id: int, now_ms: int, error: str = "") -> bool:
    """The request was dealt with; False when that was so before."""
    return tx.run("requests.finish", id=inbox_id, now=now_ms, error=error or None) == 1


async def list_waiting(reader: Reader) -> tuple[WaitingRequest, ...]:
    """Requests stored and not finished, oldest first."""
    rows = await reader.all("requests.waiting")
    return tuple(
        WaitingRequest(id=InboxId(row["id"]), key=row["key"], body=reader.vault.open(row["raw"])) for row in rows
    )


async def find(reader: Reader, inbox_id: int) -> bytes | None:
    """A stored request's body; None when there is none (any more)."""
    row = await reader.one("requests.find", id=inbox_id)
    return reader.vault.open(row["raw"]) if row and row["raw"] is not None else None


async def has_acted(reader: Reader, key: str) -> bool:
    """Whether a request did its act."""
    return await reader.one("requests.act", key=key) is not None
