"""The shop killed again and again, at steps the dice choose, while its street lives: nothing is lost or doubled."""

import asyncio
import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.steps import Steps
from core.tools.verify import verify
from tests.crash.day import Day, a_day

ORDERS = 6
KILLS = 5


async def buy(day: Day, dice: random.Random) -> list[str]:
    """Orders of one or two, paid now and then; their numbers."""
    numbers = []
    for n in range(ORDERS):
        buyer = await day.world.control.buyer(f"买家{n}")
        told = await day.world.control.order(buyer, day.item)
        await day.world.control.pay(told["order_id"], show="card")
        numbers.append(told["order_id"])
        await asyncio.sleep(dice.uniform(0, 0.6))
    return numbers


async def kill_often(day: Day, dice: random.Random) -> None:
    """Kill it at a random step, start it again, and so on; the last start is left alone."""
    process = day.shop
    for _ in range(KILLS):
        await process._spawn(dice.choice(list(Steps)).value, str(dice.randint(1, 4)))
        assert process._process is not None
        listening = asyncio.create_task(process._listen())
        try:
            await asyncio.wait_for(process._process.wait(), dice.uniform(1.5, 3))
        except TimeoutError:
            process._process.kill()
            await process._process.wait()
        await listening


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
async def test_a_shop_killed_again_and_again_loses_and_doubles_nothing(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    async with a_day(tmp_path) as day:
        killing = asyncio.create_task(kill_often(day, dice))
        numbers = await buy(day, dice)
        await killing
        await day.shop.start("", 0)
        await asyncio.wait_for(day.shop.ready.wait(), 25)
        for number in numbers:
            await day.until(lambda n=number: day.record("shipped", order_id=n), f"the shipment of {number}")
        await day.until(lambda: day.told("order_shipped"), "a card")
        await asyncio.sleep(0.5)
        assert await day.shop.stop() == 0
        for number in numbers:
            assert len(day.record("shipped", order_id=number)) == 1
        keys = [entry["text"] for entry in day.record("sent") if "KEY-" in entry["text"]]
        assert len(keys) == len(set(keys)) == len(numbers)
        verdict = verify(day.folder / "data", ZoneInfo("Asia/Shanghai"))
        assert verdict.is_right, verdict.findings
