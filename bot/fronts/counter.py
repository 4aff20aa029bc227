"""The counter of one process: the desk, the notices and the fronts around one engine."""

from collections.abc import Sequence

from bot.cards.card import Front, Fronts
from bot.cards.seal import CONFIRM_S
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.terminal import CHAT, WHO
from bot.notices import Notices
from bot.texts import load
from core.config import Config
from core.engine.front import Engine
from core.values.people import Role


class Counter:
    """What `open_shop` needs of us (`notices`) and what a front needs of the shop (`desk`)."""

    def __init__(self, engine: Engine, config: Config, fronts: Sequence[Front]) -> None:
        self.engine = engine
        self.fronts = Fronts({front.name: front for front in fronts})
        self.notices = Notices(engine, self.fronts, locale=config.shop.locale)
        self.desk = Desk(
            engine,
            self.fronts,
            TABLE,
            locale=config.shop.locale,
            stale_s=config.limits.command_stale_minutes * 60 * config.clock.speed,
            confirm_s=CONFIRM_S * config.clock.speed,
        )
        self._owner_name = load(config.shop.locale)("people.owner")

    async def open(self) -> None:
        """Know the terminal's person, then finish what a crash left; call it before any front listens."""
        if CHAT in self.fronts.by_name:
            await self.engine.people.keep(WHO, self._owner_name, Role.owner)
            await self.engine.people.bind(CHAT)
        await self.desk.resume()
