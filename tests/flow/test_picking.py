"""What to take from the shelf: where it lies, what breaks, and what must leave first."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.rules.picking import walk_key
from core.values.ids import OrderId
from core.values.orders import PlatformStatus
from core.values.picking import Pick
from tests import stockroom
from tests.counter import OPERATOR, VIEWER, Counter, open_counter
from tests.flow.parcels import SF, parcel


async def shelf(c: Counter, *places: str) -> None:
    """So many waiting parcels, each of a product that lies somewhere; an empty place is none."""
    for n, place in enumerate(places, 1):
        await parcel(c, n)
        if place:
            await c.engine.items.change(c.actor(), n, "location", place)


def lines(c: Counter) -> list[tuple[str, str]]:
    """The lines of the list: the place, and the order."""
    return [(label, value.split("#")[1].split(" ")[0]) for label, value in c.last.card.fields]


@pytest.mark.parametrize("places", [["9", "A-2", "A-10", "a-10b", "B", ""], ["９", "10", "A", "货架2", "货架10", ""]])
def test_places_are_walked_as_people_count(places: list[str]):
    picks = [
        Pick(order_id=OrderId(n), account="小店", title="壳", location=place, ship_by_at=stockroom.NOW)
        for n, place in enumerate(places, 1)
    ]
    assert sorted([*picks[3:], *picks[:3]], key=walk_key) == picks


async def test_the_list_goes_along_the_shelf_and_there_by_deadline(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, "B-1", "A-10", "", "A-2", "A-2")
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE orders SET paid_at = paid_at - 3600000 WHERE id = 5")
        await c.engine.items.change(c.actor(), 2, "fragile", "是")
        card = await c.type("拣货", VIEWER)
        assert lines(c) == [("A-2", "5"), ("A-2", "4"), ("A-10", "2"), ("B-1", "1"), ("未定位", "3")]
        told = dict(card.fields)
        assert "⚠ 易碎" in told["A-10"] and "⚠" not in told["B-1"]
        assert "商品 800001 ×1" in told["B-1"] and "剩 23 小时" in told["B-1"]
        assert "按库位走" in card.note and "5 单" in card.title
        assert [b.verb for b in card.buttons] == ["#5", "#4", "#2", "🔄 刷新"], "those that must leave first"


async def test_what_nears_the_platforms_deadline_is_marked(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, "A", "B")
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE orders SET paid_at = paid_at - ? WHERE id = 2", (21 * 3600 * 1000,))
        card = await c.type("pick")
        told = dict(card.fields)
        assert "⏰ 剩 2 小时" in told["B"] or "⏰ 剩 179 分钟" in told["B"]
        assert "⏰" not in told["A"] and "⏰ 1 单快到期" in card.title
        c.later(hours=30)
        assert "⏰ 已到时" in dict((await c.type("pick")).fields)["A"]


async def test_only_what_waits_for_its_owner_is_taken(tmp_path: Path):
    """The controls: a parcel with a number, one that is held, one handed over, one closed, and a text are not picked."""
    async with open_counter(tmp_path) as c:
        await shelf(c, "A", "B", "C", "D", "E")
        await c.type(f"发货 #1 顺丰 {SF}")
        await c.type("拦截 #2")
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE orders SET needs_postage = 0 WHERE id = 3")
        closed = stockroom.record(4, "800004", PlatformStatus.closed)
        await c.store.write(lambda tx: stockroom.learn(tx, 1, closed))

        def text(tx) -> None:
            stockroom.add_product(tx, 1, "900001", text="好的", auto_ship="off", price="50")
            stockroom.learn(tx, 1, stockroom.record(9, "900001"))

        await c.store.write(text)
        await c.type("拣货")
        assert lines(c) == [("E", "5")]
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE accounts SET removed_at = 1")
        assert (await c.engine.picking.list()).picks == (), "of a removed account nothing goes out from here"


async def test_a_long_list_is_leafed_through(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, *(f"A-{n}" for n in range(1, 13)))
        await c.type("拣货")
        assert len(lines(c)) == 10 and "第 1/2 页" in c.last.card.note
        await c.press("下一页")
        assert lines(c) == [("A-11", "11"), ("A-12", "12")]
        await c.press("第一页")
        assert lines(c)[0] == ("A-1", "1")
        await c.type("拣货 第99页")
        assert len(lines(c)) == 2, "behind the last page is the last page"
        assert "数字" in (await c.type("拣货 上一页")).plain()


async def test_of_a_list_that_is_too_long_the_first_to_leave_are_there_and_it_says_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:

        def work(tx) -> None:
            account = stockroom.open_account(tx)
            stockroom.add_product(tx, account, "800001", mode="physical", price="50")
            for n in range(1, 1003):
                paid_at = stockroom.NOW - timedelta(minutes=1 if n == 1 else 2)
                stockroom.learn(tx, account, stockroom.record(n, "800001").model_copy(update={"paid_at": paid_at}))

        await c.store.write(work)
        found = await c.engine.picking.list()
        assert found.more and len(found.picks) == 1000 and 1 not in {pick.order_id for pick in found.picks}
        assert "1000+" in (await c.type("拣货")).title


async def test_an_empty_shelf_says_so(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await c.type("拣货")
        assert "没有要拣的货" in card.title and not card.fields


async def test_the_owner_says_where_a_product_lies_and_the_waiting_parcels_card_shows_it(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await parcel(c)
        assert "库位" not in (await c.type("查单 #1")).plain(), "nobody said where"
        await c.type("商品 p1 库位 A-03 第2层")
        assert "– → A-03 第2层" in c.last.card.plain()
        await c.press("保存")
        await c.type("商品 p1 易碎 开")
        await c.press("保存")
        told = dict((await c.type("查单 #1", OPERATOR)).fields)
        assert told["库位"] == "A-03 第2层 · ⚠ 易碎" and told["最晚发货"] == "11-22 11:59"
        assert dict((await c.type("商品 p1")).fields)["库位"] == "A-03 第2层"
        await c.type("撤销")
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = 'succeeded' WHERE order_id = 1")
        assert not {"库位", "最晚发货"} & dict((await c.type("查单 #1")).fields).keys(), "it left"


async def test_a_place_from_elsewhere_cannot_break_the_list(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, "<b>\u202eA\u200b</b>")
        card = await c.type("拣货")
        assert "\u202e" not in card.plain() and "<b>A</b>" in card.fields[0].label
        assert "库位" in (await c.type("商品 p1 库位 " + "长" * 3000)).plain()
        assert dict((await c.type("拣货")).fields).keys() == {"<b>A</b>"}


async def test_a_place_is_kept_when_a_product_becomes_another(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, "A-1", "", "C-3")
        await c.engine.items.change(c.actor(), 1, "fragile", "on")
        await c.engine.items.join(c.actor(), 1, 2)
        joined = (await c.engine.items.show(2)).product
        assert (joined.location, joined.fragile) == ("A-1", True)
        await c.engine.items.join(c.actor(), 2, 3)
        joined = (await c.engine.items.show(3)).product
        assert (joined.location, joined.fragile) == ("C-3", True), "its own place is the one"
        await c.type("拣货")
        assert [place for place, _ in lines(c)] == ["C-3"] * 3


async def test_a_change_of_place_can_be_taken_back(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c, "A-1")
        await c.engine.items.change(c.actor(), 1, "fragile", "on")
        await c.engine.items.change(c.actor(), 1, "location", "B-1")
        newest = [(one.act.verb, one.words) for one in await c.engine.undoing.list() if one.act.entity == "product"]
        for verb, words in newest:
            if verb in ("item location", "item fragile"):
                await c.type(words)
        product = (await c.engine.items.show(1)).product
        assert (product.location, product.fragile) == ("A-1", False)
