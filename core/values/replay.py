"""What came of reading once more what nobody could read."""

from core.values import Value


class Replayed(Value):
    """Counts of records: `read` by what they turned out to be, `known` that had come another way meanwhile, still
    `unknown`, and `gone`, whose raw payload was dropped after its days.
    """

    read: dict[str, int]
    known: int = 0
    unknown: int = 0
    gone: int = 0
