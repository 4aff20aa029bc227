"""The dashboard of a chat: the shop on one card."""

from core.values import Value
from core.values.views import DayNumbers, Pause


class BoardView(Value):
    """What is shown. Two that are equal need no edit: there is no clock in it."""

    stopped: bool
    pauses: tuple[Pause, ...]
    accounts: tuple[tuple[str, str], ...]
    """Name and state."""
    orders: dict[str, int]
    """Open orders by state."""
    waiting: dict[str, int]
    """Orders that wait for a person, by state; the most pressing first."""
    today: DayNumbers
    books: str
    """ok, or the first wrong row."""
