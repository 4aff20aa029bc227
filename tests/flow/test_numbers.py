"""Numbers bought beforehand: imported, taken in their order, each for one order, back only when nobody has them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.auth import Attachment
from core.errors import Refused
from core.moves import waybills
from core.moves.shipping import fail
from core.values.fulfilment import ErrorClass
from tests import stockroom
from tests.counter import VIEWER, open_counter
from tests.flow.parcels import POOL, SF, SF2, YT, ZT, fill, labels, parcel, sent, states
from tests.flow.shop import Day


async def test_a_list_is_shown_before_it_is_kept_and_kept_sealed(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        lines = f"导入单号 顺丰\n{SF}\n{SF}\n{SF2}\n圆通 {YT}\n12345\n飞毛腿 1234567890\n\n中通：\n{ZT}"
        card = await c.type(lines)
        shown = card.plain()
        assert "新增 4 个" in card.title
        assert "顺丰速运 新增 2" in shown and "圆通速递 新增 1" in shown and "中通快递 新增 1" in shown
        assert "重复 1" in shown and "看不懂 2: 12345 · 飞毛腿 1234567890" in shown
        assert states(c) == [], "nothing is kept before the press"
        await c.press("导入")
        assert "剩 2" in c.last.card.plain() and len(states(c)) == 4
        await c.type(lines)
        assert "没有新单号" in c.last.card.note
        assert SF.encode() not in c.store.path.read_bytes()


async def test_a_file_of_numbers_is_taken_in_whatever_way_it_was_saved(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        text = f"\ufeff快递公司,单号\r\n顺丰,{SF}\r\n{YT}\r\n"
        for coding in ("utf-8", "utf-16", "gb18030"):
            file = Attachment(name="numbers.csv", content=text.lstrip("\ufeff").encode(coding))
            card = await c.type("导入单号", attachment=file)
            assert "新增 2 个" in card.title and "看不懂 1: 快递公司" in card.plain()
        card = await c.type("导入单号", attachment=Attachment(name="a.png", content=b"\x89PNG\r\n\x1a\n\xff\xfe\xfa"))
        assert card.ref == "refused:0"


async def test_each_order_gets_the_next_number_and_an_empty_pool_says_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        for n in (1, 2, 3, 4):
            await parcel(c, n)
            await c.type(f"发货 #{n} 顺丰")
        assert [(await sent(c, n))[1] for n in (1, 2, 3)] == list(POOL)
        assert await sent(c, 4) == (None, None, False)
        assert c.last.card.ref == "refused:0" and "用完了" in c.last.card.title
        assert states(c) == [("taken", 1), ("taken", 2), ("taken", 3)]


async def test_the_button_of_a_waiting_parcel_offers_what_is_left(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c)
        await c.tell()
        card = await c.press("填单号")
        assert labels(card) == ["🚚 顺丰速运·剩3", "取消"]
        await c.press("顺丰")
        assert await sent(c, 1) == ("SF", POOL[0], True)


async def test_the_same_order_asked_twice_keeps_its_number(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c)
        await c.type("发货 #1 顺丰")
        await c.type("发货 #1 顺丰")
        assert states(c) == [("taken", 1), ("free", None), ("free", None)]


async def test_undone_and_another_number_typed_give_it_back(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c)
        await c.type("发货 #1 顺丰")
        await c.type("撤销 #1")
        assert states(c)[0] == ("free", None) and await sent(c, 1) == ("SF", None, False)
        await c.type("发货 #1 顺丰")
        await c.type(f"发货 #1 圆通 {YT}")
        assert states(c)[0] == ("free", None) and await sent(c, 1) == ("YTO", YT, True)


async def test_a_number_of_the_pool_that_is_typed_leaves_the_pool(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        for n in (1, 2):
            await parcel(c, n)
        await c.type(f"发货 #1 顺丰 {POOL[0]}")
        await c.type("发货 #2 顺丰")
        assert (await sent(c, 2))[1] == POOL[1]


async def test_what_is_left_of_a_carrier_is_put_away_and_what_orders_have_stays(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c)
        await c.type("发货 #1 顺丰")
        card = await c.type("作废单号 顺丰")
        assert "2 个" in card.title
        await c.press("作废")
        assert states(c) == [("taken", 1), ("void", None), ("void", None)]
        assert "作废 2" in (await c.type("单号库存", VIEWER)).plain()


async def test_few_and_none_left_are_told_once_each(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await fill(c, "导入单号 顺丰\n" + "\n".join(f"SF20000000000{n:02}" for n in range(7)))
        for n in range(1, 8):
            await parcel(c, n)
            await c.type(f"发货 #{n} 顺丰")
        titles = [card.title for card in await c.tell()]
        low = [title for title in titles if "单号只剩" in title]
        assert len(low) == 2, titles


@pytest.mark.parametrize(("error", "state"), [("FAIL_BIZ_MAIL_NO_ERROR::运单号错误", "void"), ("系统繁忙", "free")])
async def test_a_refused_call_gives_the_number_back_and_one_nobody_wants_goes_aside(
    tmp_path: Path, error: str, state: str
):
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c)
        await c.type("发货 #1 顺丰")

        def refuse(tx) -> None:
            stockroom.begin(tx, 1)
            fail(tx, stockroom.cause(1), stockroom.TERMS, 1, ErrorClass.business, error)

        await c.store.write(refuse)
        assert states(c)[0] == (state, None)
        await c.type("重试 #1")
        assert (await sent(c, 1))[1] == (POOL[0] if state == "free" else POOL[1])


async def test_two_orders_at_one_instant_never_get_the_same_number(tmp_path: Path):
    """The control is the schema: without the guard of the statement its unique key refuses the second."""
    async with open_counter(tmp_path) as c:
        await fill(c)
        await parcel(c, 1)
        await parcel(c, 2)

        def greedy(tx) -> None:
            waybills.take(tx, stockroom.cause(), stockroom.TERMS, 1, "SF")
            tx.run("waybills.give_back", order_id=1, state="free", now=0)
            waybills.take(tx, stockroom.cause(), stockroom.TERMS, 2, "SF")

        await c.store.write(greedy)
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            with pytest.raises(sqlite3.IntegrityError):
                file.execute("UPDATE waybills SET state = 'taken', order_id = 2 WHERE id = 2")


async def _waiting(day: Day, n: int = 1):
    item = await day.item("手机壳", virtual=False, mode="physical", auto_ship="on")
    found = []
    for _ in range(n):
        trade = await (await day.buyer()).pays(item)
        await day.until_shipping(trade, "manual")
        found.append(trade)
    return found


async def _fill(day: Day) -> None:
    await day.engine.numbers.add(day.actor(), "顺丰", POOL)


async def _states(day: Day) -> list[str]:
    return [row["state"] for row in await day.rows("SELECT state FROM waybills ORDER BY id")]


async def test_a_number_of_the_pool_ships_and_is_used(day: Day) -> None:
    [trade] = await _waiting(day)
    await _fill(day)
    await day.ship(trade, "顺丰")
    await day.until_shipping(trade, "succeeded")
    [shipped] = day.record("shipped", order_id=trade.order_no)
    assert (shipped["tracking_no"], shipped["company"]) == (POOL[0], "SF")
    assert await _states(day) == ["used", "free", "free"]


async def test_a_refusal_gives_the_number_back_and_the_next_try_takes_it(day: Day) -> None:
    [trade] = await _waiting(day)
    await _fill(day)
    await day.world.control.fault("permission", times=1, on="consign.offline")
    await day.ship(trade, "顺丰")
    view = await day.until_shipping(trade, "failed")
    assert await _states(day) == ["free", "free", "free"]
    await day.engine.shipping.retry(day.actor(), view.order.id)
    await day.until_shipping(trade, "succeeded")
    assert day.record("shipped", order_id=trade.order_no)[0]["tracking_no"] == POOL[0]


async def test_an_answer_that_never_came_keeps_the_number(day: Day) -> None:
    """The world took it: asked, it says shipped; the number is used and no other order gets it."""
    first, second = await _waiting(day, 2)
    await _fill(day)
    await day.world.control.fault("timeout_after_effect", times=1, on="consign.offline")
    await day.ship(first, "顺丰")
    await day.ship(second, "顺丰")
    for trade in (first, second):
        await day.until_shipping(trade, "succeeded")
    numbers = [day.record("shipped", order_id=trade.order_no)[0]["tracking_no"] for trade in (first, second)]
    assert numbers == list(POOL[:2]) and await _states(day) == ["used", "used", "free"]


async def test_an_order_that_closes_before_its_parcel_left_gives_the_number_back(day: Day) -> None:
    [trade] = await _waiting(day)
    await _fill(day)
    await day.engine.pauses.stop_all(day.actor())
    await day.ship(trade, "顺丰")
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    assert await _states(day) == ["free", "free", "free"]


async def test_without_a_sender_address_nothing_ships_and_the_number_comes_back(day: Day) -> None:
    [trade] = await _waiting(day)
    await _fill(day)
    day.world.market.accounts["shop"].address_id = ""
    await day.ship(trade, "顺丰")
    view = await day.until_shipping(trade, "failed")
    assert view.fulfilment is not None and "no_sender_address" in (view.fulfilment.error or "")
    assert await _states(day) == ["free", "free", "free"] and not day.is_shipped(trade)


async def test_no_number_is_no_shipment(day: Day) -> None:
    [trade] = await _waiting(day)
    with pytest.raises(Refused, match="no_numbers_left"):
        await day.ship(trade, "顺丰")
    with pytest.raises(Refused, match="unknown_carrier"):
        await day.ship(trade, "飞毛腿", SF)
