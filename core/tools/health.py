"""`zhanggui health`: is anybody there? Loads nothing but sqlite3, so that it answers in a few milliseconds."""

import time
from pathlib import Path

from core.store.heartbeat import last_beat_ms


def heartbeat_age_s(data_dir: Path, now_s: float | None = None) -> float | None:
    """Seconds since the last sign of life; None when there is no shop or it never ran.

    `now_s` is shop time in seconds since 1970, for a shop whose clock runs fast; the machine's clock otherwise.
    """
    at_ms = last_beat_ms(data_dir)
    now = time.time() if now_s is None else now_s
    return None if at_ms is None else now - at_ms / 1000


def is_alive(data_dir: Path, stale_s: float, now_s: float | None = None) -> bool:
    """Whether the last sign of life is at most `stale_s` seconds old."""
    age_s = heartbeat_age_s(data_dir, now_s)
    return age_s is not None and age_s <= stale_s
