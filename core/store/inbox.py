"""The inbox: rows become values here."""

from core.store.db import Reader
from core.values import Value
from core.values.ids import InboxId


class WaitingRecord(Value):
    """A record that was stored and not acted on."""

    id: InboxId
    account: str
    raw: bytes


async def list_waiting(reader: Reader, after: int, most: int) -> list[WaitingRecord]:
    """The next records to act on, oldest first."""
    rows = await reader.all("inbox.waiting_records", after=after, most=most)
    return [
        WaitingRecord(id=InboxId(row["id"]), account=row["account"], raw=reader.vault.open(row["raw"])) for row in rows
    ]
