"""What a self test found: a fake order, played from end to end in a shop of its own."""

from enum import StrEnum

from core.values import Value


class Checked(StrEnum):
    """What is looked at, in the order it happens."""

    connected = "connected"
    """The pretend marketplace accepted the login."""
    arrived = "arrived"
    """A paid order reached the shop."""
    stored = "stored"
    """What came was acknowledged, and so stored before."""
    answered = "answered"
    """A buyer's question was answered, once."""
    decided = "decided"
    """The order was planned and taken by itself."""
    text_once = "text_once"
    """The buyer got the text with the goods, once."""
    shipped_once = "shipped_once"
    """The marketplace was told, once."""
    books = "books"
    """One key left the shelf, and no other."""
    verified = "verified"
    """Every law holds over the file."""


class Check(Value):
    """One thing that was looked at; `seen` says what was found instead, when it did not hold."""

    name: Checked
    held: bool
    seen: str = ""


class SelfTest(Value):
    """All of it, and how many real seconds it took."""

    checks: tuple[Check, ...]
    took_s: float

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return all(check.held for check in self.checks)
