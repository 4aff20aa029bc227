"""What the standing check finds wrong."""

from core.values import Value


class Finding(Value):
    """The first wrong row of one check: the law it breaks (laws.md), the check, and the row in words."""

    law: int
    check: str
    row: str

    def __str__(self) -> str:
        """One line for a card, the log and the command line."""
        return f"law {self.law}, {self.check}: {self.row}"
