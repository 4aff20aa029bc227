"""Who acts in the shop."""

from enum import StrEnum

from core.values import Value


class Role(StrEnum):
    """What a member of the owner's group may do."""

    viewer = "viewer"
    """Looks."""
    operator = "operator"
    """Works orders and chats."""
    owner = "owner"
    """Also changes stock, items and the emergency stop."""


class ChatKind(StrEnum):
    """What kind of place the owner's people write in."""

    terminal = "terminal"
    private = "private"
    group = "group"


class Actor(Value):
    """Who causes a change, where, and by which request (law 8).

    `who` is a stable platform user id ("terminal:owner"), "platform" for the marketplace's word, or "shop" for the
    engine itself. `request` is the natural key of the stored command or button press; the audit row is unique on it,
    so that a command replayed after a crash acts once.
    """

    who: str
    name: str = ""
    chat: str = ""
    request: str = ""


SHOP = Actor(who="shop")
"""The engine itself: time, rules."""
HOST = Actor(who="host")
"""Whoever edits the files of the shop."""
PLATFORM = Actor(who="platform")
"""The marketplace's word."""
