"""From when on an account is read again that was away."""

from datetime import datetime, timedelta

OVERLAP_S = 120
"""How far before the last catch-up is read again, in seconds: clocks differ and frames come late."""
FIRST_LOOK_S = 3600
"""How far back the first connect reads conversations, in seconds."""


def read_from(caught_up_at: datetime | None, now: datetime) -> datetime:
    """The last catch-up less the overlap; one of the future, noted by another clock, says nothing."""
    if caught_up_at is None or caught_up_at > now:
        caught_up_at = now - timedelta(seconds=FIRST_LOOK_S)
    return caught_up_at - timedelta(seconds=OVERLAP_S)
