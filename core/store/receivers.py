"""Receivers of parcels: sealed rows become values here."""

from core.store.db import Reader, Tx
from core.values.receivers import Receiver


def keep(tx: Tx, order_id: int, receiver: Receiver) -> None:
    """Whom an order's parcel goes to."""
    tx.run("receivers.keep", order_id=order_id, sealed=tx.vault.seal(receiver.model_dump_json()))


async def read(reader: Reader, order_id: int) -> Receiver | None:
    """The same, if the platform told it."""
    row = await reader.one("receivers.find", order_id=order_id)
    return Receiver.model_validate_json(reader.vault.text(row["sealed"])) if row else None
