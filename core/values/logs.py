"""What the owner sees of the log."""

from datetime import datetime

from core.values import Value

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
"""Of rising weight, as Python names them."""


class LogLine(Value):
    """One kept line; `text` may have further lines (a traceback)."""

    at: datetime
    level: str
    name: str
    text: str


class LogSearch(Value):
    """What to look for: the newest `most` lines of at least a level that hold a text, whatever its case."""

    most: int = 20
    level: str = "INFO"
    text: str = ""
