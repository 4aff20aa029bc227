"""A request on its way through the desk."""

from dataclasses import dataclass

from bot.auth import Guest, Request
from bot.cards.card import Draft, Place
from bot.cards.pen import Pen
from core.values.ids import InboxId


@dataclass(frozen=True)
class Visit:
    """A stored request. `again` is set when it is walked a second time, after a crash."""

    request: Request
    kept: InboxId
    again: bool = False


@dataclass(frozen=True)
class Answered:
    """A request that was carried out, and what is to be shown of it."""

    visit: Visit
    draft: Draft
    place: Place


@dataclass(frozen=True)
class Walk:
    """A visit under way: who came, and the pen that writes in their language."""

    visit: Visit
    guest: Guest
    pen: Pen

    @property
    def request(self) -> Request:
        """What was asked, in the chat it counts for."""
        return self.guest.request
