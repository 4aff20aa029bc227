"""The running configuration, and the owner's own choices over it."""

from core.config import Config, SettingRow, describe
from core.config.live import AT_START, may_be_chosen, overlaid
from core.engine.context import Shop
from core.errors import BadArgument, BadConfig
from core.moves import settings as moves
from core.store import settings
from core.values.people import Actor
from core.values.settings import SettingChange


class Chosen:
    """What the settings are, where each came from, and a change of one."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def list(self, section: str | None = None) -> tuple[SettingRow, ...]:
        """The settings of a table, or of all, secrets masked."""
        rows = describe(self._shop.config)
        return tuple(row for row in rows if section in (None, row.key.rpartition(".")[0], row.key.partition(".")[0]))

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
        chosen = await self._shop.store.write(
            lambda tx: moves.choose(tx, cause, key, value, change.before, change.after, self._overlaid)
        )
        self._shop.settings.lay(chosen)
        return change

    def _find(self, key: str) -> SettingRow:
        row = next((row for row in describe(self._shop.config) if row.key == key), None)
        if row is None or not may_be_chosen(key):
            raise BadArgument("not_settable" if row else "no_such_setting", setting=key)
        return row

    def _overlaid(self, chosen: dict[str, str]) -> Config:
        try:
            return overlaid(self._shop.settings.given, chosen)
        except BadConfig as error:
            raise BadArgument("bad_setting", why=str(error)) from error


def _with(chosen: dict[str, str], key: str, value: str | None) -> dict[str, str]:
    return {**chosen, key: value} if value is not None else {k: v for k, v in chosen.items() if k != key}
