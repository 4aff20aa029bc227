"""The buyer is told of a parcel, once a number; a number that was wrong is put right."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import BadArgument
from core.rules.parcel_texts import IN_THE_ORDER
from core.values.templates import TemplateName
from tests.counter import open_counter
from tests.flow.parcels import SF, YT, labels, parcel
from tests.flow.shop import Day


async def shipped(day: Day, number: str = SF, carrier: str = "顺丰"):
    item = await day.item("手机壳", virtual=False, mode="physical")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    await day.ship(trade, carrier, number)
    await day.until_shipping(trade, "succeeded")
    return trade


async def test_the_buyer_is_told_carrier_number_and_page(day: Day) -> None:
    trade = await shipped(day)
    await day.until(lambda: len(day.texts_to(trade)) == 1)
    [text] = day.texts_to(trade)
    assert (
        "顺丰速运" in text and SF in text and f"https://www.sf-express.com/chn/sc/waybill/waybill-detail/{SF}" in text
    )


async def test_an_address_the_marketplace_does_not_take_is_left_out(day: Day) -> None:
    """CSI_FORBID is a refusal: the same facts go once more, without the page, and nobody is bothered."""
    await day.world.control.fault("csi_forbid", probability=1, on="send", words=("http",))
    trade = await shipped(day)
    await day.until(lambda: len(day.texts_to(trade)) == 1)
    [text] = day.texts_to(trade)
    assert SF in text and IN_THE_ORDER in text and "http" not in text
    assert "answer_refused" not in day.owner.kinds


async def test_a_text_that_is_refused_without_its_page_too_is_told_to_the_owner(day: Day) -> None:
    await day.world.control.fault("csi_forbid", probability=1, on="send")
    trade = await shipped(day)
    await day.until_told("answer_refused")
    assert day.texts_to(trade) == []


async def test_an_answer_that_never_came_is_one_text(day: Day) -> None:
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await shipped(day)
    await day.until(lambda: len(day.texts_to(trade)) == 1)
    await day.quiet()
    assert len(day.texts_to(trade)) == 1


async def test_the_owners_words_are_said_and_may_be_switched_off(day: Day) -> None:
    templates = day.engine.templates
    await templates.write(day.actor(), TemplateName.parcel, "{carrier}{number} 已寄")
    first = await shipped(day)
    await day.until(lambda: day.texts_to(first) == [f"顺丰速运{SF} 已寄"])
    await templates.switch(day.actor(), TemplateName.parcel, on=False)
    second = await shipped(day, YT, "圆通")
    await day.quiet()
    assert day.texts_to(second) == []


async def test_a_wrong_number_is_kept_anew_and_told_once(day: Day) -> None:
    trade = await shipped(day)
    order = await day.order_id(trade)
    assert order is not None
    view = await day.engine.shipping.correct(day.actor(), order, "圆通", YT)
    assert (view.order.carrier, view.order.tracking_no) == ("YTO", YT)
    await day.until(lambda: len(day.texts_to(trade)) == 2)
    assert YT in day.texts_to(trade)[1]
    assert len(day.record("shipped", order_id=trade.order_no)) == 1, "no second ship call"


async def test_a_wrong_number_of_a_parcel_that_left_is_asked_about_with_what_the_app_must_do(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        card = await c.type(f"改单号 #1 圆通 {YT}")
        await c.press("圆通")
        assert "还没发出" in c.last.card.title
        await c.store.write(
            lambda tx: tx.run("orders.shipped_by", id=1, method="physical", carrier="SF", tracking_no=SF)
        )
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = 'succeeded' WHERE order_id = 1")
        for words in (f"改单号 #1 圆通 {YT}", f"发货 #1 圆通 {YT}"):
            card = await c.type(words)
            assert f"顺丰速运 {SF} → 圆通速递 {YT}" in card.plain() and "闲鱼 App" in card.note
            assert labels(card) == ["✅ 圆通速递·告诉买家", "取消"]
        await c.press("圆通")
        assert "别忘了在闲鱼 App 里也改" in c.last.card.note


@pytest.mark.parametrize("text", ["加我微信 abc123 {number}", "原价 5 元 {carrier}", "{phone}", "{number"])
async def test_a_template_is_checked_once_when_it_is_saved(day: Day, text: str) -> None:
    with pytest.raises(BadArgument):
        await day.engine.templates.write(day.actor(), TemplateName.parcel, text)
