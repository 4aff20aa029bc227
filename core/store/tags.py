"""Tags of people, and which of them alerts call: rows become values here."""

from itertools import groupby

from core.store.db import Reader, Tx
from core.values.counter import Called


def list_of(tx: Tx, member_id: int) -> tuple[str, ...]:
    """The tags of a person."""
    return tuple(row["tag"] for row in tx.all("tags.of_member", member_id=member_id))


async def calls(reader: Reader) -> dict[str, str]:
    """Which tags events and kinds call, where it differs from the default."""
    return {row["event"]: row["tag"] for row in await reader.all("tags.calls")}


async def list_called(reader: Reader, tag: str) -> tuple[Called, ...]:
    """Everybody who goes by a tag, with every id they have."""
    rows = await reader.all("tags.called", tag=tag)
    people = [list(group) for _, group in groupby(rows, key=lambda row: int(row["id"]))]
    return tuple(Called(name=one[0]["name"], ids=tuple(row["who"] for row in one)) for one in people)
