"""What every topic of the front door stands on."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Chance, Clock, SeededChance
from core.config import Config, Settings
from core.moves.cause import Cause
from core.moves.terms import Terms
from core.steps import NoWatcher, StepWatcher
from core.store.db import Store
from core.values.people import Actor


@dataclass(frozen=True, slots=True)
class Shop:
    """The store, the settings, the clock, the shop's time zone and its dice."""

    store: Store
    settings: Settings
    clock: Clock
    zone: ZoneInfo
    chance: Chance = field(default_factory=SeededChance)
    steps: StepWatcher = field(default_factory=NoWatcher)

    @property
    def config(self) -> Config:
        """The settings as they hold now."""
        return self.settings.config

    @property
    def terms(self) -> Terms:
        """What a change brings with it, by the settings."""
        return Terms.of(self.config, self.chance)

    def now(self) -> datetime:
        """Shop time, aware UTC."""
        return self.clock.now()

    def cause(self, actor: Actor, detail: str = "") -> Cause:
        """The actor's reason for a change that happens now."""
        return Cause(actor, self.clock.now(), self.zone, detail)
