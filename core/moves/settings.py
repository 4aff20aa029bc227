"""A setting is chosen in the chat or changed in the file: checked once more, stored and on record."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.config import Difference, Settings
from core.config.live import is_live
from core.moves import acts
from core.moves.cause import Cause
from core.moves.notices import tell
from core.store import settings as store
from core.store.db import Tx
from core.values.notices import NoticeKind
from core.values.settings import SettingChange


def choose(
    tx: Tx,
    cause: Cause,
    key: str,
    value: str | None,
    before: str,
    after: str,
    check: Callable[[dict[str, str]], object],
) -> tuple[int, dict[str, str]]:
    """Store a choice, or drop it (None): the number of this change, and everything that is chosen now.

    Raises what `check` raises.
    """
    number = store.next_number(tx)
    acts.record(tx, cause, "set", "setting", number, before=f"{key} {before}", after=f"{key} {after}")
    if value is None:
        tx.run("settings.drop", key=key)
    else:
        tx.run("settings.choose", key=key, value=value)
    chosen = store.see_chosen(tx)
    check(chosen)
    return number, chosen


def reload(tx: Tx, cause: Cause, changes: Sequence[SettingChange]) -> int:
    """What the file says otherwise is on record, an act for each setting; the number of this change."""
    number, actor = store.next_number(tx), cause.actor
    first = actor.request or f"{actor.who}:reload:{number}"
    for place, change in enumerate(changes):
        request = f"{first}:{place}" if place else first
        each = replace(cause, actor=actor.model_copy(update={"request": request}))
        before, after = f"{change.key} {change.before}", f"{change.key} {change.after}"
        acts.record(tx, each, "reload", "setting", number, before=before, after=after)
    return number


def reload_by_itself(tx: Tx, cause: Cause, changes: Sequence[SettingChange]) -> int:
    """The same when nobody asked for it: the owner is told."""
    number = reload(tx, cause, changes)
    tell(tx, cause, NoticeKind.config_changed, "config", number, once=number)
    return number


def change_of(one: Difference, settings: Settings) -> SettingChange:
    """A difference as it is told: whether it holds at once, and whether the owner's own choice counts all the same."""
    overruled = settings.chosen.get(one.key)
    return SettingChange(
        key=one.key, before=one.before, after=one.after, at_start=not is_live(one.key), overruled=overruled
    )
