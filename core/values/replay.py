"""What was kept because nothing could be made of it, and what came of reading it once more."""

from enum import StrEnum

from core.values import Value


class Kept(StrEnum):
    """Which records."""

    unknown = "unknown"
    """Of a shape nobody knew."""
    quarantined = "quarantined"
    """Set aside because acting on them failed for a reason nobody foresaw."""


class Replayed(Value):
    """Counts of records: `read` by what they turned out to be, `known` that had come another way meanwhile, still
    `unknown`, and `gone`, whose raw payload was dropped after its days.
    """

    read: dict[str, int]
    known: int = 0
    unknown: int = 0
    gone: int = 0
