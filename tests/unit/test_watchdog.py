"""A loop that stands still is noticed from outside of it, with the place where it stands and nothing else."""

import asyncio
import logging
import time
from pathlib import Path

import pytest

from bot.cards.health import health_card
from bot.cards.pen import Pen
from bot.texts import load
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.store import health as beats
from core.store.db import Store
from core.values.vitals import Stall, Vitals
from core.watchdog import LONGEST_S, Watchdog
from tests import stockroom

SHORT_S = 0.1


@pytest.fixture
def watchdog():
    found = Watchdog(lambda: stockroom.NOW, SHORT_S)
    yield found
    found.stop()


def stand_still(secret: str) -> int:
    """A plain function that holds the loop up."""
    time.sleep(4 * SHORT_S)  # the loop must really be blocked, and nothing but that blocks it
    return len(secret)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "core.watchdog"]


async def test_a_blocked_loop_is_told_once_with_its_place(watchdog: Watchdog, caplog: pytest.LogCaptureFixture):
    watchdog.start()
    await asyncio.sleep(SHORT_S)
    stand_still("cookie2=geheim")
    await asyncio.sleep(SHORT_S)
    stands, answers = told(caplog)
    assert "test_watchdog.py" in stands
    assert "stand_still" in stands
    assert "geheim" not in stands
    assert answers.startswith("the event loop answers again after 0.")
    assert watchdog.last is not None
    assert 3 * SHORT_S < watchdog.last.length_s < 20 * SHORT_S


async def test_every_stall_is_told_for_itself(watchdog: Watchdog, caplog: pytest.LogCaptureFixture):
    watchdog.start()
    for _ in range(2):
        await asyncio.sleep(SHORT_S)
        stand_still("x")
    await asyncio.sleep(SHORT_S)
    assert len([line for line in told(caplog) if "stands in" in line]) == 2


async def test_a_loop_that_answers_is_left_in_peace(caplog: pytest.LogCaptureFixture):
    """The control: waiting is not standing still. With the shop's own limit: a busy machine stops a process for less."""
    watchdog = Watchdog(lambda: stockroom.NOW)
    watchdog.start()
    await asyncio.sleep(1.5 * LONGEST_S)
    watchdog.stop()
    assert told(caplog) == []
    assert watchdog.last is None


async def test_without_the_watchdog_nobody_tells(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    await asyncio.sleep(0)
    stand_still("x")
    assert told(caplog) == []


async def test_the_last_stall_stands_in_health(tmp_path: Path):
    store = await Store.open(tmp_path)
    engine = Engine(Shop(store, Settings(Config()), ManualClock(stockroom.NOW), stockroom.ZONE, SeededChance(1)))
    vitals = Vitals(stall=Stall(at=stockroom.NOW, length_s=2.4))
    await store.write(lambda tx: beats.beat(tx, stockroom.NOW, stockroom.NOW, 1, "0", vitals))
    pen = Pen(load("zh"), stockroom.ZONE, stockroom.NOW)
    shown = dict(health_card(await engine.health.show(), pen).fields)
    assert "2.4 秒" in shown["上次卡顿"]
    await store.close()
