"""The running configuration, the owner's own choices over it, and the file read again."""

import asyncio

from core.config import Config, Difference, SettingRow, describe, differences
from core.config.live import AT_START, may_be_chosen, overlaid
from core.engine.context import Shop
from core.errors import BadArgument, BadConfig
from core.moves import settings as moves
from core.moves.cause import Cause
from core.moves.settings import change_of
from core.steps import Steps
from core.store import settings
from core.values.people import Actor
from core.values.settings import Reload, SettingChange


class Chosen:
    """What the settings are, where each came from, and a change of one."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def list(self, section: str | None = None) -> tuple[SettingRow, ...]:
        """The settings of a table, or of all, secrets masked."""
        rows = describe(self._shop.config)
        return tuple(row for row in rows if section in (None, row.key.rpartition(".")[0], row.key.partition(".")[0]))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Settings that the file says otherwise and that a restart will bring."""
        return tuple(one.key for one in self._shop.settings.waiting)

    async def preview(self, key: str, value: str | None) -> SettingChange:
        """What a choice would do; None goes back to file and environment. BadArgument says what is allowed."""
        before = self._find(key)
        chosen = await settings.list_chosen(self._shop.store.people)
        rows = describe(self._overlaid(_with(chosen, key, value)))
        after = next(row for row in rows if row.key == key)
        return SettingChange(
            key=key, before=before.value, after=after.value, place=before.place, at_start=key in AT_START
        )

    async def choose(self, actor: Actor, key: str, value: str | None) -> SettingChange:
        """Set it: stored, on record, and in force from now on (or from the next start)."""
        change = await self.preview(key, value)
        cause = self._shop.cause(actor)
        number, chosen = await self._shop.store.write(
            lambda tx: moves.choose(tx, cause, key, value, change.before, change.after, self._overlaid)
        )
        self._shop.steps.reached(Steps.setting_stored)
        self._shop.settings.lay(chosen, number)
        return change

    async def look(self) -> Reload:
        """What file and environment say otherwise by now. BadConfig when they cannot be used as they are."""
        read = await asyncio.to_thread(self._shop.settings.look)
        self._shop.settings.try_out(read)
        return self._told(read)

    async def reload(self, actor: Actor) -> Reload:
        """Let what file and environment say hold from now on, on record. BadConfig, and nothing changes."""
        async with self._shop.settings.turn:
            return await self._reload(self._shop.cause(actor))

    async def _reload(self, cause: Cause) -> Reload:
        now = self._shop.settings
        read = await asyncio.to_thread(now.look)
        now.try_out(read)
        found = self._told(read)
        if not found.changes:
            return found
        number = await self._shop.store.write(lambda tx: moves.reload(tx, cause, found.changes))
        now.take(read)
        return found.model_copy(update={"number": number})

    async def changed(self, number: int) -> Reload:
        """One change of the file, as it was; what was chosen in the chat as it is now."""
        found = await settings.list_changes(self._shop.store.people, number)
        changes = tuple(self._change(Difference(*one)) for one in found)
        return Reload(changes=changes, number=number)

    def _told(self, read: Config) -> Reload:
        now = self._shop.settings
        changes = tuple(map(self._change, differences(now.read, read)))
        waiting = tuple(one.key for one in now.waiting if one.key not in {change.key for change in changes})
        return Reload(changes=changes, waiting=waiting)

    def _change(self, one: Difference) -> SettingChange:
        return change_of(one, self._shop.settings)

    def _find(self, key: str) -> SettingRow:
        row = next((row for row in describe(self._shop.config) if row.key == key), None)
        if row is None or not may_be_chosen(key):
            raise BadArgument("not_settable" if row else "no_such_setting", setting=key)
        return row

    def _overlaid(self, chosen: dict[str, str]) -> Config:
        try:
            return overlaid(self._shop.settings.given, chosen)
        except BadConfig as error:
            raise BadArgument("bad_setting", why=error) from error


def _with(chosen: dict[str, str], key: str, value: str | None) -> dict[str, str]:
    return {**chosen, key: value} if value is not None else {k: v for k, v in chosen.items() if k != key}
