"""The evening's report: due as a row, told once a day whatever happens to the process, the clock or the settings."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import load
from core.run import Shop, open_shop
from core.store.db import FILE
from core.values.notices import Notice
from tests.flow.people import Owner

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""


@asynccontextmanager
async def opened(folder: Path, now: datetime, **settings: str) -> AsyncIterator[Shop]:
    """A shop without accounts, its loops at rest, at an instant."""
    env = {"ZHANGGUI__SHOP__DATA_DIR": str(folder), **{f"ZHANGGUI__{k.upper()}": v for k, v in settings.items()}}
    async with open_shop(load(None, env), clock=ManualClock(now), owner=Owner().beside) as shop:
        yield shop


def clock(shop: Shop) -> ManualClock:
    assert isinstance(shop.work.clock, ManualClock)
    return shop.work.clock


async def test_the_report_comes_at_its_hour_and_no_sooner(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        assert await told(shop) == []
        assert await shop.report.next_at() == NOON + timedelta(hours=9)
        clock(shop).advance(9 * 3600 - 0.3)
        assert await told(shop) == []
        clock(shop).advance(0.3)
        assert await told(shop) == [("2026-11-21", 21)]
        clock(shop).advance(60)
        assert await told(shop) == [("2026-11-21", 21)]
        assert await shop.report.next_at() == NOON + timedelta(hours=33)


async def test_a_shop_first_opened_in_the_evening_owes_no_report(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON + timedelta(hours=10)) as shop:
        assert await told(shop) == []


async def test_two_restarts_at_nine_tell_one_report(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        assert await told(shop) == []
    for _ in range(3):
        async with opened(tmp_path, NOON + timedelta(hours=9)) as shop:
            assert await told(shop) == [("2026-11-21", 21)]
            assert len(await notices(shop)) == 1


async def test_without_the_row_of_the_day_a_clock_put_back_tells_it_twice(tmp_path: Path) -> None:
    """The control: what the key (report, date) is for."""
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    for hours in (9, 8, 9):
        async with opened(tmp_path, NOON + timedelta(hours=hours)) as shop:
            await told(shop)
            assert [notice.count for notice in await notices(shop)] == [1]
    forget_the_day(tmp_path)
    for hours in (8, 9):
        async with opened(tmp_path, NOON + timedelta(hours=hours)) as shop:
            await told(shop)
    async with opened(tmp_path, NOON + timedelta(hours=8)) as shop:
        assert [notice.count for notice in await notices(shop)] == [2]


def forget_the_day(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("DELETE FROM reports").rowcount == 1
        connection.commit()


async def test_after_days_away_only_the_newest_evening_is_told_and_covers_its_day(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    async with opened(tmp_path, NOON + timedelta(days=4, hours=-3)) as shop:
        assert await told(shop) == [("2026-11-24", 24)]


async def test_a_report_that_is_late_the_same_day_covers_the_day_until_then(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    async with opened(tmp_path, NOON + timedelta(hours=11, minutes=10)) as shop:
        assert await told(shop) == [("2026-11-21", 23)]


async def test_a_clock_that_was_a_year_ahead_for_a_moment_stops_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    async with opened(tmp_path, NOON + timedelta(days=365)) as shop:
        assert len(await told(shop)) == 1
    async with opened(tmp_path, NOON + timedelta(hours=1)) as shop:
        assert len(await told(shop)) == 1
        clock(shop).advance(8 * 3600)
        assert ("2026-11-21", 21) in await told(shop)


async def test_an_earlier_hour_in_the_settings_still_tells_today(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    async with opened(tmp_path, NOON + timedelta(hours=8, minutes=30), report__at="20:00") as shop:
        assert await told(shop) == [("2026-11-21", 20)]
    async with opened(tmp_path, NOON + timedelta(hours=9)) as shop:
        assert await told(shop) == [("2026-11-21", 20)]


async def test_a_report_after_midnight_is_about_the_day_that_ended(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON, report__at="00:30") as shop:
        await told(shop)
        clock(shop).advance(12.5 * 3600)
        assert await told(shop) == [("2026-11-21", 24)]


async def test_turned_off_it_tells_nothing_and_owes_nothing_afterwards(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON) as shop:
        await told(shop)
    async with opened(tmp_path, NOON + timedelta(hours=1), report__on="false") as shop:
        clock(shop).advance(3 * 86400)
        assert await told(shop) == []
        assert await shop.report.next_at() is None
    async with opened(tmp_path, NOON + timedelta(days=4)) as shop:
        assert await told(shop) == []


@pytest.mark.parametrize(
    ("zone", "at", "night", "days"),
    [
        ("America/New_York", "01:30", datetime(2026, 10, 30, 12, tzinfo=UTC), 4),
        ("America/New_York", "02:30", datetime(2026, 3, 6, 12, tzinfo=UTC), 4),
        ("Australia/Lord_Howe", "21:00", datetime(2026, 4, 3, 12, tzinfo=UTC), 4),
        ("Europe/Berlin", "21:00", datetime(2026, 10, 23, 12, tzinfo=UTC), 4),
    ],
)
async def test_where_clocks_change_each_day_has_one_report(
    tmp_path: Path, zone: str, at: str, night: datetime, days: int
) -> None:
    async with opened(tmp_path, night, shop__timezone=zone, report__at=at) as shop:
        for _ in range(days * 48):
            await told(shop)
            clock(shop).advance(1800)
        found = [day for day, _ in await told(shop)]
        assert len(found) == len(set(found)) == days
        assert len(await notices(shop)) == days


async def told(shop: Shop) -> list[tuple[str, int]]:
    """Steps until quiet; the days told so far, with how many of their hours."""
    while await shop.report.step():
        pass
    days = [date.fromordinal(notice.entity_id) for notice in await notices(shop)]
    hours = {day: await shop.work.store.flows.one("reports.hours_told", name="daily", day=str(day)) for day in days}
    return [(str(day), row["hours"] if row else -1) for day, row in hours.items()]


async def notices(shop: Shop) -> list[Notice]:
    """What waits for the owner."""
    rows = await shop.work.store.flows.all("notices.due", now=2**62, most=100)
    found = [await shop.engine.notices.find(row["id"]) for row in rows]
    return sorted((one for one in found if one.kind == "daily_report"), key=lambda one: one.id)
