"""The lines of the five figures: which side of them a figure is on, and what 95 of 100 means."""

from datetime import UTC, datetime, timedelta

import pytest

from core.moves import indicators as moves
from core.rules.indicators import BUCKETS_MS, LONGER_MS, TARGETS, bucket, judge, p95, share
from core.store.db import Store
from core.values.indicators import Grade, IndicatorName
from tests.stockroom import ZONE

N = IndicatorName


@pytest.mark.parametrize(
    ("name", "value", "grade"),
    [
        (N.auto_ship, 0.95, Grade.good),
        (N.auto_ship, 0.9499, Grade.amber),
        (N.auto_ship, 0.90, Grade.amber),
        (N.auto_ship, 0.8999, Grade.red),
        (N.handling, 300_000, Grade.good),
        (N.handling, 600_000, Grade.amber),
        (N.handling, 1_800_000, Grade.red),
        (N.notices, 0.99, Grade.good),
        (N.notices, 0.949, Grade.red),
        (N.availability, 0.9985, Grade.amber),
        (N.availability, 0.989, Grade.red),
        (N.api, 2_000, Grade.good),
        (N.api, 3_000, Grade.amber),
        (N.api, 10_000, Grade.red),
        (N.api, None, Grade.unknown),
    ],
)
def test_a_figure_stands_against_its_lines(name: IndicatorName, value: float | None, grade: Grade):
    assert judge(name, value, 3600).grade is grade


def test_a_minute_with_a_restart_in_it_says_nothing_of_the_availability():
    assert judge(N.availability, 0.5, 60).grade is Grade.unknown
    assert judge(N.availability, 0.5, 3600).grade is Grade.red, "the control: an hour does"


def test_every_line_of_time_is_the_end_of_a_bucket():
    lines = {line for name in (N.handling, N.api) for line in (TARGETS[name].target, TARGETS[name].alert)}
    assert lines <= set(BUCKETS_MS)


@pytest.mark.parametrize(("ms", "upto"), [(0, 100), (100, 100), (100.1, 200), (2000, 2000), (1e9, LONGER_MS)])
def test_a_length_falls_into_the_first_bucket_that_holds_it(ms: float, upto: int):
    assert bucket(ms) == upto


def test_95_of_100_are_no_longer():
    assert p95({}) is None
    assert p95({2000: 1}) == 2000
    assert p95({100: 95, 5000: 5}) == 100
    assert p95({100: 94, 5000: 6}) == 5000


def test_a_share_of_nothing_is_no_figure():
    assert share(0, 0) is None
    assert share(1, 2) == 0.5


async def presence(store: Store) -> dict[str, tuple[int, int]]:
    rows = await store.people.all("indicators.presence_of_days")
    return {row["day"]: (row["up_ms"], row["down_ms"]) for row in rows}


NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
BY_DAY = {"indicators.presence_of_days": "SELECT day, up_ms, down_ms FROM presence ORDER BY day"}
HOUR_MS = 3_600_000


def beat_at(tx, at: datetime, *, starting: bool = False, longest_s: float = 30) -> None:
    moves.seen(tx, at, ZONE, longest_s, starting=starting)
    ms = int(at.timestamp() * 1000)
    tx.run("health.beat", now=ms, started_at=ms, pid=1, version="1", vitals="{}")


async def test_time_away_is_what_lies_before_a_start_by_shop_days(tmp_path):
    store = await Store.open(tmp_path, BY_DAY)
    night = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai

    def live(tx) -> None:
        beat_at(tx, night, starting=True)
        beat_at(tx, night + timedelta(seconds=5))
        beat_at(tx, night + timedelta(hours=2), starting=True)
        beat_at(tx, night + timedelta(hours=2, seconds=5))

    await store.write(live)
    assert await presence(store) == {"2026-11-21": (5000, HOUR_MS - 5000), "2026-11-22": (5000, HOUR_MS)}
    await store.close()


async def test_a_machine_that_slept_was_away_too(tmp_path):
    store = await Store.open(tmp_path, BY_DAY)

    def live(tx) -> None:
        beat_at(tx, NOON, starting=True)
        beat_at(tx, NOON + timedelta(seconds=20))
        beat_at(tx, NOON + timedelta(seconds=80))
        beat_at(tx, NOON + timedelta(seconds=70))

    await store.write(live)
    assert await presence(store) == {"2026-11-21": (20_000, 60_000)}, "and a clock put back counts nothing"
    await store.close()
