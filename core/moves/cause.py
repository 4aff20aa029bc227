"""Why something changes: who, when, and in which words. Every move takes one."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from core.clock import to_ms
from core.values.people import Actor


@dataclass(frozen=True)
class Cause:
    """The actor, the instant (aware UTC) and a short detail for the history; `zone` is the shop's."""

    actor: Actor
    now: datetime
    zone: ZoneInfo
    detail: str = ""

    @cached_property
    def now_ms(self) -> int:
        """The instant as the store keeps it."""
        return to_ms(self.now)

    @cached_property
    def here(self) -> datetime:
        """The instant on the shop's own clock and calendar."""
        return self.now.astimezone(self.zone)

    @cached_property
    def day(self) -> str:
        """The shop's calendar day, "2026-11-21"."""
        return self.here.date().isoformat()

    def saying(self, detail: str) -> "Cause":
        """The same cause with other words."""
        return replace(self, detail=detail)
