"""How long a token lives by what the platform says of it; numbers without sense say nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.clock import ManualClock, SeededChance
from core.outside.xianyu.connection import Connection
from core.outside.xianyu.times import WireTimes

NOW = datetime(2026, 11, 21, tzinfo=UTC)
USUAL = NOW + timedelta(hours=12)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("86625466", NOW + timedelta(milliseconds=86625466)),
        (1795219200000, datetime.fromtimestamp(1795219200, UTC)),
        (-1, USUAL),
        (0, USUAL),
        (10**18, USUAL),
        ("soon", USUAL),
        (None, USUAL),
    ],
)
def test_a_life_without_sense_is_the_usual_one(said: object, until: datetime) -> None:
    """One that ended before it began would be renewed over and over: each renewal is a call that wakes risk control."""
    nobody: Any = None
    connection = Connection(nobody, nobody, "", ManualClock(NOW), nobody, SeededChance(1), WireTimes())
    assert connection._expiry({"accessTokenExpiredTime": said}) == until
