"""A setting is chosen in the chat: checked once more with what others chose meanwhile, stored and on record."""

from collections.abc import Callable

from core.moves import acts
from core.moves.cause import Cause
from core.store import settings
from core.store.db import Tx


def choose(
    tx: Tx,
    cause: Cause,
    key: str,
    value: str | None,
    before: str,
    after: str,
    check: Callable[[dict[str, str]], object],
) -> dict[str, str]:
    """Store a choice, or drop it (None); everything that is chosen now. Raises what `check` raises."""
    acts.record(tx, cause, "set", "setting", 0, before=f"{key} {before}", after=f"{key} {after}")
    if value is None:
        tx.run("settings.drop", key=key)
    else:
        tx.run("settings.choose", key=key, value=value)
    chosen = settings.see_chosen(tx)
    check(chosen)
    return chosen
