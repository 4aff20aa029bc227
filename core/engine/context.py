"""What every topic of the front door stands on."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.config import Config
from core.moves.cause import Cause
from core.store.db import Store
from core.values.people import Actor


@dataclass(frozen=True, slots=True)
class Shop:
    """The store, the settings, the clock and the shop's time zone."""

    store: Store
    config: Config
    clock: Clock
    zone: ZoneInfo

    def now(self) -> datetime:
        """Shop time, aware UTC."""
        return self.clock.now()

    def cause(self, actor: Actor, detail: str = "") -> Cause:
        """The actor's reason for a change that happens now."""
        return Cause(actor, self.clock.now(), self.zone, detail)
