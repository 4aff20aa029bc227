"""The clock of a test's day: whatever the time is here, its shop opens in the morning and hours pass before midnight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.flow.calendar import Calendar, next_morning

SHOP = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("real", "morning"),
    [
        ("2026-03-01T15:59:59", "2026-03-02T10:00"),
        ("2026-03-01T16:00:00", "2026-03-02T10:00"),
        ("2026-03-02T01:59:59", "2026-03-02T10:00"),
        ("2026-03-02T02:00:00", "2026-03-03T10:00"),
        ("2026-12-31T12:00:00", "2027-01-01T10:00"),
    ],
    ids=["before midnight", "at midnight", "before ten", "at ten", "at the year's end"],
)
def test_the_coming_morning_is_ten_by_the_shops_clock(real: str, morning: str) -> None:
    found = next_morning(datetime.fromisoformat(real).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(morning).replace(tzinfo=SHOP)


def test_a_day_begins_there() -> None:
    assert Calendar().now().astimezone(SHOP).hour == 10


def test_at_the_speed_of_the_real_clock_it_is_the_real_one() -> None:
    assert abs(Calendar(1.0).now() - datetime.now(UTC)) < timedelta(seconds=5)
