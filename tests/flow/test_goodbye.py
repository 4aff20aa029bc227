"""Start and stop: which version is there, what is left, each said once and never twice (law 10 has its limits here)."""

import time
from importlib.metadata import version

import pytest

from bot.cards.pen import Pen
from bot.cards.shop import goodbye_card, ready_card
from bot.texts import LOCALES, load
from core.errors import Transient
from core.values.telling import Way
from tests import stockroom
from tests.flow.shop import Day


def pen(locale: str = "zh") -> Pen:
    return Pen(load(locale), stockroom.ZONE, stockroom.NOW)


async def test_a_stopping_shop_says_goodbye_once(day: Day) -> None:
    await day.until_told("ready")
    await day.close()
    assert len(day.owner.told("goodbye")) == 1
    await day.open()
    await day.until(lambda: len(day.owner.told("ready")) == 2)
    assert len(day.owner.told("goodbye")) == 1
    await day.close()
    await day.open()
    await day.until(lambda: len(day.owner.told("ready")) == 3)
    assert len(day.owner.told("goodbye")) == 2


@pytest.mark.day(errors=True)
async def test_a_goodbye_that_no_chat_took_is_lost_and_never_late(day: Day) -> None:
    await day.until_told("ready")
    await day.quiet()

    async def refuse(notice_id: int, way: Way) -> None:
        raise Transient("chat_unreachable")

    show, day.owner.show = day.owner.show, refuse  # type: ignore[method-assign]
    began_s = time.monotonic()
    await day.close()
    assert time.monotonic() - began_s < 10
    day.owner.show = show  # type: ignore[method-assign]
    await day.open()
    await day.until(lambda: len(day.owner.told("ready")) == 2)
    await day.quiet()
    assert day.owner.told("goodbye") == []


@pytest.mark.day(headless=True)
async def test_without_dropping_it_the_next_start_would_say_goodbye(day: Day) -> None:
    """The control: what waits from the last stop is there, and only the start takes it away."""
    await day.close()
    await day.build()
    rows = "SELECT state FROM notices WHERE kind = 'goodbye'"
    assert [row["state"] for row in await day.rows(rows)] == ["waiting"]
    await day.shop.start()
    assert await day.rows(rows) == []


async def test_a_shop_that_was_only_built_says_nothing(day: Day) -> None:
    await day.until_told("ready")
    await day.close()
    await day.build()
    await day.close()
    assert len(day.owner.told("goodbye")) == 1


@pytest.mark.day(replaced={"test.older": "UPDATE heartbeat SET version = '0.0.1'"})
async def test_after_an_upgrade_the_ready_card_names_both_versions(day: Day) -> None:
    await day.until_told("ready")
    assert (await day.engine.notices.shop_ready())["version"] == version("zhanggui")
    assert (await day.engine.notices.shop_ready())["former"] == ""
    await day.shop._supervisor.stop("heartbeat")
    await day.shop.work.store.write(lambda tx: tx.run("test.older"))
    await day.close()
    await day.open()
    facts = await day.engine.notices.shop_ready()
    assert facts["former"] == "0.0.1"
    assert f"{version('zhanggui')}（之前是 0.0.1）" in [line for _, line in ready_card(facts, pen()).fields]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_goodbye_says_what_is_left_and_offers_nothing(locale: str) -> None:
    card = goodbye_card({"orders_waiting": 2, "chats_waiting": 0, "pending": 3, "products": 9}, pen(locale))
    assert [value for _, value in card.fields] == ["2", "3"]
    assert card.offers == ()
