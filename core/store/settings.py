"""Settings chosen in the chat."""

from core.store.db import Reader, Tx


async def list_chosen(reader: Reader) -> dict[str, str]:
    """Every setting chosen in the chat, as it was typed."""
    return {row["key"]: row["value"] for row in await reader.all("settings.list")}


def see_chosen(tx: Tx) -> dict[str, str]:
    """The same inside a transaction."""
    return {row["key"]: row["value"] for row in tx.all("settings.list")}
