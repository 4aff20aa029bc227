"""Waiting between connections, and works that run side by side."""

import asyncio

import pytest

from core.clock import SeededChance
from core.outside.xianyu.times import WireTimes
from core.outside.xianyu.waits import Backoff, until_one_ends


def test_short_connections_are_waited_for_longer_and_longer_up_to_a_limit():
    backoff = Backoff(WireTimes(), SeededChance(1))
    waits = [backoff.wait_s(1) for _ in range(7)]
    for wait, whole in zip(waits, [2, 4, 8, 16, 30, 30, 30], strict=True):
        assert whole <= wait <= whole * 1.3


def test_a_long_connection_begins_the_wait_anew():
    backoff = Backoff(WireTimes(), SeededChance(1))
    for _ in range(5):
        backoff.wait_s(1)
    assert backoff.wait_s(31) <= 2.6


async def test_the_first_work_to_end_stops_the_others_and_its_error_is_told():
    stopped = []

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(True)

    async def fails():
        raise ValueError("over")

    with pytest.raises(ValueError, match="over"):
        await until_one_ends(forever(), fails(), forever())
    assert stopped == [True, True]


async def test_being_cancelled_stops_all_works():
    stopped = asyncio.Event()

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    task = asyncio.create_task(until_one_ends(forever()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stopped.is_set()
