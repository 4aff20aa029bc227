"""The running settings: what file and environment said at the start, under what the owner chose in the chat.

Whoever holds the `Settings` reads `config` anew each time, so that a choice holds from the next thing done.
"""

import asyncio
import logging
from collections.abc import Mapping

from core.config.describe import Difference, differences
from core.config.load import Origin, read_tree
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


def is_live(key: str) -> bool:
    """Whether a change holds at once; any other waits for the next start."""
    return may_be_chosen(key) and key not in AT_START


class Settings:
    """The configuration as it holds now."""

    def __init__(self, given: Config, origin: Origin | None = None) -> None:
        self.given = given
        """What file and environment say, as far as it holds: what needs a restart is as it was at the start."""
        self.config = given
        self.origin = origin
        self.read = given
        """What file and environment said when they were last read."""
        self.chosen: Mapping[str, str] = {}
        self.turn = asyncio.Lock()
        """Held while the file is read and its changes are put on record: by hand and by itself it is told once."""
        self._started = given
        self._number = 0

    @property
    def waiting(self) -> tuple[Difference, ...]:
        """What the file says otherwise since the start and a restart will bring."""
        return tuple(one for one in differences(self._started, self.read) if not is_live(one.key))

    def look(self) -> Config:
        """What file and environment say at this moment; BadConfig as `load`. It reads the disk."""
        return self.origin.read() if self.origin is not None else self.read

    def lay(self, chosen: Mapping[str, str], number: int = 0) -> None:
        """Hold from now on what was chosen over what was given; BadConfig, and nothing changes.

        `number` rises with every choice that is stored: one that comes later and is older is nothing.
        """
        if number < self._number:
            return
        self.config = overlaid(self.given, chosen)
        self.chosen, self._number = dict(chosen), number

    def take(self, read: Config) -> None:
        """Hold what file and environment say now, under what is chosen; BadConfig, and nothing changes."""
        given = _given(self.given, read)
        self.config = overlaid(given, self.chosen)
        self.given, self.read = given, read

    def try_out(self, read: Config) -> None:
        """Whether it could be taken; BadConfig when it does not go together with what is chosen."""
        overlaid(_given(self.given, read), self.chosen)

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


def _given(before: Config, read: Config) -> Config:
    """What was given, with what a newer reading changes at once."""
    places = {key: read.place_of(key) for key in read.places if key.partition(".")[0] in SECTIONS}
    places |= {key: before.place_of(key) for key in before.places if key.partition(".")[0] not in SECTIONS}
    return before.model_copy(update={name: getattr(read, name) for name in SECTIONS}).placed(places)
