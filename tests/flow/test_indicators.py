"""/kpi: the five figures, counted by the shop's own work and read on a card."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards.indicators import kpi_card
from bot.cards.pen import Pen
from bot.texts import load
from core.clock import to_ms
from core.store.db import FILE
from core.values.indicators import Grade, Indicator, IndicatorName, Indicators
from tests.flow.shop import Day

N = IndicatorName


async def figures(day: Day) -> dict[IndicatorName, Indicator]:
    return {row.name: row for row in (await day.engine.indicators.show()).rows}


async def test_a_shop_that_did_nothing_says_so(day: Day) -> None:
    found = await figures(day)
    assert found[N.auto_ship].grade is found[N.handling].grade is Grade.unknown
    assert found[N.auto_ship].value is None


async def test_a_shipment_counts_in_four_figures(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.until_told("order_shipped")
    await day.quiet()
    found = await figures(day)
    assert (found[N.auto_ship].value, found[N.auto_ship].n) == (1.0, 1)
    assert found[N.handling].n == 1
    assert found[N.handling].grade is Grade.good
    assert found[N.notices].value == 1.0
    assert found[N.api].grade is Grade.good
    calls = {call.name: call.n for call in (await day.engine.indicators.show()).calls}
    assert calls["order_detail"] >= 2
    assert calls["send"] == calls["ship"] == 1


async def test_a_shipment_that_came_to_need_a_person_turns_the_figure_red(day: Day) -> None:
    await day.world.control.fault("csi_forbid", times=1)
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "failed")
    found = await figures(day)
    assert (found[N.auto_ship].value, found[N.auto_ship].grade) == (0.0, Grade.red)


async def test_what_nobody_could_be_told_counts_while_it_waits(day: Day) -> None:
    await day.quiet()
    before = (await figures(day))[N.notices].n
    day.owner.down = True
    await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until(lambda: day.one("SELECT count(*) FROM notices WHERE kind = 'order_manual'"))
    await day.later(minutes=6)

    async def waits() -> bool:
        found = (await figures(day))[N.notices]
        return found.n > before and found.value is not None and found.value < 1

    await day.until(waits)


@pytest.mark.day(right=False)
async def test_a_restart_after_an_hour_costs_availability(day: Day) -> None:
    await day.until(lambda: day.one("SELECT count(*) FROM presence"))
    await day.close()
    hour_ago = to_ms(datetime.now(UTC) - timedelta(hours=1))
    with closing(sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)) as file:
        file.execute("UPDATE heartbeat SET at = ?", (hour_ago,))
    await day.open()
    await day.until(lambda: day.one("SELECT sum(down_ms) >= 3600000 FROM presence"))
    days = await day.engine.indicators.show(2)
    found = {row.name: row for row in days.rows}[N.availability]
    assert found.grade is Grade.red
    assert found.value is not None
    assert found.value < 0.1


def card_of(day: Day, view: Indicators):
    return kpi_card(view, 1, Pen(load("zh"), day.shop.work.zone, day.clock.now()))


async def test_the_card_says_value_lines_and_word_and_opens_what_failed(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    card = card_of(day, await day.engine.indicators.show())
    assert card.title.startswith("🟢 指标都达标")
    shown = dict(card.fields)
    assert shown["自动发货成功率"] == "🟢 达标 · 100% · 目标 ≥95%，警戒 <90% · 共 1 次"
    assert "目标 ≤5 分钟，警戒 >10 分钟" in shown["订单处理延迟"]
    assert "目标 ≤2 秒，警戒 >5 秒" in shown["接口响应"]
    assert "orders failed" in [offer.words for offer in card.offers]


async def test_the_worst_is_named_in_the_title(day: Day) -> None:
    view = await day.engine.indicators.show()
    worse = [row.model_copy(update={"grade": Grade.red, "value": 0.5}) for row in view.rows if row.name is N.auto_ship]
    others = [row for row in view.rows if row.name is not N.auto_ship]
    card = card_of(day, view.model_copy(update={"rows": (*worse, *others)}))
    assert card.title.startswith("🔴 告警：自动发货成功率")
