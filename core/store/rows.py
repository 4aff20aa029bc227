"""Rows, and instants and booleans between them and values."""

import sqlite3
from datetime import datetime

from core.clock import from_ms, to_ms

Row = sqlite3.Row
"""What a statement gives, read by column name."""


def at(ms: int | None) -> datetime | None:
    """The instant a row holds, if any."""
    return None if ms is None else from_ms(ms)


def ms(instant: datetime | None) -> int | None:
    """The form a row holds an instant in."""
    return None if instant is None else to_ms(instant)


def flag(value: int | None) -> bool | None:
    """A boolean column that may be unknown."""
    return None if value is None else bool(value)
