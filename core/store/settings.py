"""Settings chosen in the chat."""

from core.store.db import Reader, Tx


async def list_chosen(reader: Reader) -> dict[str, str]:
    """Every setting chosen in the chat, as it was typed."""
    return {row["key"]: row["value"] for row in await reader.all("settings.list")}


def next_number(tx: Tx) -> int:
    """The number of the change that is being made."""
    row = tx.one("settings.last")
    return 1 + int(row["number"] if row is not None else 0)


async def list_changes(reader: Reader, number: int) -> tuple[tuple[str, str, str], ...]:
    """What one change changed: key, before and after, as they were shown."""
    rows = await reader.all("settings.changes", number=number)
    pairs = [(row["before"].partition(" "), row["after"].partition(" ")) for row in rows]
    return tuple((before[0], before[2], after[2]) for before, after in pairs)


def see_chosen(tx: Tx) -> dict[str, str]:
    """The same inside a transaction."""
    return {row["key"]: row["value"] for row in tx.all("settings.list")}
