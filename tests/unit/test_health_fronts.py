"""What /health says of the chat platforms, from the last sign of life in the file."""

from pathlib import Path

import pytest

from bot.cards.health import health_card
from bot.cards.pen import Pen
from bot.texts import LOCALES, load
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.store import health as beats
from core.store.db import Store
from core.values.vitals import Vitals
from tests import stockroom

TROUBLES = ("conflict", "unreachable", "token_refused", "not_bound", "privacy", "no_private", "limited")


@pytest.fixture
async def engine(tmp_path: Path):
    store = await Store.open(tmp_path)
    clock = ManualClock(stockroom.NOW)
    yield Engine(Shop(store, Settings(Config()), clock, stockroom.ZONE, SeededChance(1)))
    await store.close()


async def beat(engine: Engine) -> None:
    """A sign of life, as the running shop writes it."""
    vitals = Vitals(remarks=engine.health.remarks, heard_at=engine.health.heard_at)
    store = engine._shop.store
    await store.write(lambda tx: beats.beat(tx, stockroom.NOW, stockroom.NOW, 1, "0", vitals))


def pen(locale: str = "zh") -> Pen:
    return Pen(load(locale), stockroom.ZONE, stockroom.NOW)


async def test_a_trouble_stands_in_health_until_it_is_over(engine: Engine):
    engine.health.note("telegram", "privacy", "小店")
    engine.health.note("telegram", "privacy", "二店")
    await beat(engine)
    card = health_card(await engine.health.show(), pen())
    said = [value for label, value in card.fields if label == "Telegram"]
    assert len(said) == 2
    assert "小店" in said[0]
    assert "管理员" in said[0]
    assert engine.health.clear("telegram", "privacy", "小店")
    assert not engine.health.clear("telegram", "privacy", "小店")
    assert [one.about for one in engine.health.remarks] == ["二店"]
    assert engine.health.clear("telegram", "privacy")
    await beat(engine)
    assert not [1 for label, _ in health_card(await engine.health.show(), pen()).fields if label == "Telegram"]


async def test_a_trouble_that_goes_on_keeps_its_beginning(engine: Engine):
    engine.health.note("telegram", "limited", detail="3")
    engine._shop.clock.advance(60)
    engine.health.note("telegram", "limited", detail="7")
    (remark,) = engine.health.remarks
    assert (remark.since_at, remark.detail) == (stockroom.NOW, "7")


async def test_a_front_that_was_reached_says_when(engine: Engine):
    engine.health.hear("telegram")
    await beat(engine)
    card = health_card(await engine.health.show(), pen())
    assert any(label == "Telegram" and "🟢" in value for label, value in card.fields)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", TROUBLES)
async def test_each_trouble_says_what_to_do_in_a_line_that_fits(engine: Engine, key: str, locale: str):
    engine.health.note("telegram", key, "甲" * 40, "乙" * 40)
    await beat(engine)
    fields = health_card(await engine.health.show(), pen(locale)).fields
    (said,) = [value for label, value in fields if label == "Telegram"]
    assert 20 < len(said) <= 300


async def test_an_alert_is_told_once_an_hour(engine: Engine):
    for _ in range(3):
        await engine.health.alert("telegram", "conflict")
    store = engine._shop.store
    (row,) = await store.people.all("notices.due", now=2**62, most=10)
    assert row["kind"] == "front_trouble"
    engine._shop.clock.advance(3600)
    await engine.health.alert("telegram", "conflict")
    assert len(await store.people.all("notices.due", now=2**62, most=10)) == 2
