"""The platform's time, found from what its answers carry."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import ManualClock
from core.outside.xianyu.skew import PlatformClock

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def answered(ahead_s: float, took_s: float, known: PlatformClock | None = None) -> PlatformClock:
    """A platform so far ahead stamps its answer half-way, to the whole second."""
    clock = ManualClock(NOW)
    time = known or PlatformClock(clock)
    time._clock = clock
    stamp = (NOW + timedelta(seconds=ahead_s + took_s / 2)).replace(microsecond=0)
    clock.advance(took_s)
    time.heard(stamp, NOW, SECOND)
    return time


@pytest.mark.parametrize("took_s", [0.0, 0.3, 5.0, 19.0])
def test_a_platform_of_the_same_time_is_never_found_apart_however_slow_it_is(took_s: float):
    assert answered(0, took_s).ahead == timedelta()


@pytest.mark.parametrize("ahead_s", [-900, -40, 40, 900])
def test_what_lies_between_is_found_to_about_a_second(ahead_s: float):
    time = answered(ahead_s, 0.2)
    assert abs(time.ahead.total_seconds() - ahead_s) <= 1.2
    assert abs((time.now() - time.our_now()).total_seconds() - ahead_s) <= 1.2


def test_a_slow_answer_does_not_blur_what_is_known():
    time = answered(40, 0.0)
    assert answered(40, 15.0, time).ahead.total_seconds() == pytest.approx(40, abs=1)


def test_a_clock_that_was_set_right_is_noticed():
    time = answered(40, 0.1)
    assert abs(answered(0, 0.1, time).ahead.total_seconds()) <= 1


def test_a_platform_that_never_tells_is_taken_to_be_right():
    time = PlatformClock(ManualClock(NOW))
    assert time.told is None
    assert time.now() == NOW
