"""A small day under faults, whole; and what the soak says of a shop without a guard."""

from bot.demo.soak.counter import Nursery
from bot.demo.soak.plan import Size, plan_day
from bot.demo.soak.play import Report, live_day
from bot.demo.soak.schedule import read_faults
from tests.crash.run_shop import blinded
from tests.flow.test_wire import UNKEYED

SMALL = Size(orders=30, messages=90, moments=20)


async def lived(seed: int, faults: str, replaced: dict[str, str] | None = None, size: Size = SMALL) -> Report:
    return await live_day(plan_day(seed, read_faults(faults), size), Nursery(), replaced)


def broken(report: Report) -> set[str]:
    return {one.promise for one in report.broken}


async def test_a_small_day_under_faults_keeps_every_promise():
    report = await lived(1, "all")
    assert report.broken == []
    assert report.facts["orders"] == 30
    assert sum(report.struck.values()) > 20


async def test_a_shop_killed_at_steps_of_its_work_keeps_every_promise():
    report = await lived(2, "kill")
    assert report.broken == []
    assert len(report.deaths) >= 4


async def test_without_asking_first_goods_go_out_twice():
    """Law 3 switched off: what may have happened is done again blindly."""
    report = await lived(3, "timeout_after_effect", blinded())
    assert "one delivery an order" in broken(report) or "nothing is said twice" in broken(report)


async def test_without_unique_keys_what_comes_twice_is_heard_twice():
    """Law 2 switched off: a record that comes again is a new one."""
    report = await lived(4, "duplicate", UNKEYED)
    assert "no message is heard twice" in broken(report)
