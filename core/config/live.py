"""The running settings: what file and environment said at the start, under what the owner chose in the chat.

Whoever holds the `Settings` reads `config` anew each time, so that a choice holds from the next thing done.
"""

import logging
from collections.abc import Mapping

from core.config.load import read_tree
from core.config.schema import Config
from core.errors import BadConfig

SECTIONS = ("replies", "approvals", "shipping", "risk", "retry", "stock", "limits", "report", "reminders")
"""What a chat may set: how the shop trades. Never secrets, folders, addresses, accounts."""
FIXED = frozenset({"limits.command_stale_minutes"})
"""Read by the fronts before the shop is open."""
AT_START = frozenset(
    {"report.at", "limits.writes_per_minute", "limits.chat_queue", "limits.order_queue", "limits.notices_per_minute"}
)
"""Read once, when the shop starts."""
CHAT = "chat"

log = logging.getLogger(__name__)


def may_be_chosen(key: str) -> bool:
    """Whether a chat may set it."""
    return key.partition(".")[0] in SECTIONS and key not in FIXED


def overlaid(given: Config, chosen: Mapping[str, str]) -> Config:
    """A configuration under what was chosen; BadConfig says what is allowed instead."""
    tree: dict[str, object] = {name: dict(getattr(given, name)) for name in SECTIONS}
    for key, value in chosen.items():
        section, _, name = key.partition(".")
        table = tree.get(section)
        if not may_be_chosen(key) or not isinstance(table, dict):
            raise BadConfig(f"{key} cannot be set from a chat")
        table[name] = value
    checked = read_tree(tree, dict.fromkeys(chosen, CHAT))
    laid = given.model_copy(update={name: getattr(checked, name) for name in SECTIONS})
    places = {key: given.place_of(key) for key in given.places} | dict.fromkeys(chosen, CHAT)
    return laid.placed(places)


class Settings:
    """The configuration as it holds now."""

    def __init__(self, given: Config) -> None:
        self.given = given
        """What file and environment said when the shop started."""
        self.config = given

    def lay(self, chosen: Mapping[str, str]) -> None:
        """Hold from now on what was chosen over what was given; BadConfig, and nothing changes."""
        self.config = overlaid(self.given, chosen)

    def lay_stored(self, chosen: Mapping[str, str]) -> None:
        """The same at a start: a choice that no longer fits the file is left out and logged, and the shop opens."""
        fits: dict[str, str] = {}
        for key, value in chosen.items():
            try:
                self.lay({**fits, key: value})
            except BadConfig as error:
                log.warning("a setting chosen in the chat no longer fits: %s", error)
            else:
                fits[key] = value
