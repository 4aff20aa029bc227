"""Lanes: each in the order things were put, side by side with the others, and none stopped by an error or a wait."""

import asyncio

from bot.fronts.lanes import Lanes


def job(done, name, *, after=None, error=None):
    async def run():
        if after is not None:
            await after.wait()
        done.append(name)
        if error is not None:
            raise error

    return run


async def settle():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_lane_keeps_its_order_and_stops_nobody_elses():
    lanes, done, gate = Lanes(), [], asyncio.Event()
    lanes.put("a", job(done, "a1", after=gate))
    lanes.put("a", job(done, "a2"))
    lanes.put("b", job(done, "b1"))
    await settle()
    assert done == ["b1"]
    gate.set()
    await settle()
    assert done == ["b1", "a1", "a2"]


async def test_an_error_is_logged_and_the_lane_goes_on(caplog):
    lanes, done = Lanes(), []
    lanes.put("a", job(done, "a1", error=ValueError("wrong")))
    lanes.put("a", job(done, "a2"))
    await settle()
    assert done == ["a1", "a2"]
    assert [record.exc_info[1].args for record in caplog.records] == [("wrong",)]


async def test_what_stands_behind_a_cancelled_job_is_still_done():
    """One that is cancelled from elsewhere ends alone: the next does not wait for ever, nor is it cancelled with it."""
    lanes, done = Lanes(), []
    lanes.put("a", job(done, "a1", after=asyncio.Event()))
    lanes.put("a", job(done, "a2"))
    await settle()
    (first,) = [task for task in asyncio.all_tasks() if task.get_name() == "lane-a" and task is not lanes._last["a"]]
    first.cancel()
    await settle()
    assert done == ["a2"]


async def test_closing_ends_what_waits_too_and_nothing_is_left():
    lanes, done, gate = Lanes(), [], asyncio.Event()
    for name in ("a1", "a2", "a3"):
        lanes.put("a", job(done, name, after=gate))
    await settle()
    await lanes.close()
    gate.set()
    await settle()
    assert done == []
    assert not lanes._all
    assert not lanes._last


async def test_a_lane_that_is_empty_is_forgotten():
    lanes, done = Lanes(), []
    for n in range(100):
        lanes.put(f"person-{n}", job(done, n))
    await settle()
    assert len(done) == 100
    assert not lanes._last
    assert not lanes._all
