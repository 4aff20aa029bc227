"""The platform's own list of items: what is new is proposed and never set by itself, what is gone or too cheap is told."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import Refused
from core.moves import listings
from core.rules.items import STATED
from core.store.db import Tx
from core.values.ids import ItemId
from core.values.money import Fen
from core.values.products import ItemRecord
from core.values.telling import Way
from tests import stockroom as room
from tests.counter import GROUP, Counter, open_counter
from tests.flow.shop import Day

KINDS = ("items_new", "items_off", "price_below_floor")


def item(number: int, title: str, price_fen: int = 2500) -> ItemRecord:
    return ItemRecord(item_id=ItemId(f"90000{number}"), title=title, price_fen=Fen(price_fen))


MONTH, POINTS, CASE = item(1, "视频会员月卡"), item(2, "游戏点券"), item(3, "手机壳")


async def see(c: Counter, items: Sequence[ItemRecord], account: int = 1, minutes: float = 0) -> None:
    await c.store.write(lambda tx: listings.see(tx, room.cause(minutes), account, items, STATED))


async def told(c: Counter) -> list[tuple[str, int, str]]:
    rows = await c.store.flows.all("notices.due", now=room.cause(600).now_ms, most=50)
    return [(row["kind"], row["entity_id"], row["detail"]) for row in rows if row["kind"] in KINDS]


async def show_last(c: Counter) -> str:
    """The newest of these notices as its card."""
    rows = await c.store.people.all("notices.due", now=room.cause(600).now_ms, most=50)
    newest = max(row["id"] for row in rows if row["kind"] in KINDS)
    await c.notices.show(newest, Way(chat=GROUP))
    return c.last.card.plain()


def accounts(tx: Tx) -> None:
    room.open_account(tx, "大号", "A")
    room.open_account(tx, "小号", "A")
    room.open_account(tx, "外店", "B")


async def test_new_items_are_one_card_with_a_button_each_and_are_told_once(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH, POINTS, CASE])
        await see(c, [MONTH, POINTS, CASE], minutes=30)
        assert await told(c) == [("items_new", 1, "1 2 3")]
        card = await show_last(c)
        assert "3 件新商品还没配置" in card and "手机壳" in card
        assert [b.verb for b in c.last.card.buttons] == ["⚙️ 配置 p1", "⚙️ 配置 p2", "⚙️ 配置 p3", "全部按"]
        assert [row.product.configured for row in await c.engine.items.list()] == [False] * 3, (
            "nothing is set by itself"
        )


async def test_only_what_is_new_is_told_the_next_time(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH])
        await see(c, [MONTH, CASE], minutes=30)
        assert await told(c) == [("items_new", 1, "1"), ("items_new", 1, "2")]


async def test_what_may_be_the_same_goods_again_is_left_out_of_all_of_them(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH])
        await c.engine.items.change(c.actor(), 1, "price", "25")
        await see(c, [MONTH, POINTS, CASE, item(9, "视频会员月卡")], minutes=30)
        assert "2 件" in (await c.type("商品 新商品 人工")).title
        await c.press("保存")
        assert [row.product.id for row in await c.engine.items.list_new()] == [4]


async def test_all_of_them_are_set_by_two_presses_and_one_act(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH, POINTS])
        await c.type("商品 新商品")
        await c.press("全部按")
        asked = await c.press("都是虚拟")
        assert "虚拟，自动发" in asked.title
        assert not any(row.product.configured for row in await c.engine.items.list()), "a question changes nothing"
        await c.press("保存")
        rows = await c.engine.items.list()
        assert [(row.product.configured, row.product.auto_ship, row.product.mode) for row in rows] == [
            (True, True, "virtual")
        ] * 2
        assert "没有新商品" in (await c.type("商品 新商品")).title


async def test_goods_that_came_after_the_question_are_not_set_with_the_others(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH, POINTS])
        await c.type("商品 新商品 虚拟")
        await see(c, [MONTH, POINTS, CASE], minutes=30)
        assert "状态变了" in (await c.press("保存")).title
        assert not any(row.product.configured for row in await c.engine.items.list())
        await c.type("商品 新商品 虚拟")
        await c.press("保存")
        assert all(row.product.configured for row in await c.engine.items.list())


async def test_a_relisted_item_is_proposed_to_join_and_then_sells_the_former_stock(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        account = await c.store.write(room.open_account)
        await see(c, [MONTH])
        await c.store.write(lambda tx: room.stock_up(tx, 1, 16))
        await c.engine.items.change(c.actor(), 1, "auto_ship", "on")
        again = item(9, "视频会员 月卡")
        await see(c, [again], minutes=60)
        order = await c.store.write(lambda tx: room.learn(tx, account, room.record(5, again.item_id)))
        card = (await c.type("商品 新商品")).plain()
        assert "像 p1（剩 16）" in card
        asked = await c.press("并入 p1")
        assert "剩 16" in asked.plain()
        await c.press("并入")
        assert "共用一份库存" in c.last.card.plain()
        lines = await c.store.people.all("lists.lines", ids=f"[{order}]")
        assert [row["product_id"] for row in lines] == [1]
        assert (await c.engine.items.show(2)).product.id == 1, "its former number names the same goods"
        assert [row.product.id for row in await c.engine.items.list()] == [1]


async def test_goods_with_books_of_their_own_and_goods_of_another_shop_are_not_joined(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(accounts)
        await see(c, [MONTH])
        await see(c, [item(7, "视频会员月卡")], account=3)
        await see(c, [item(8, "视频会员月卡")], account=2)
        for product in (1, 3):
            await c.store.write(lambda tx, product=product: room.stock_up(tx, product, 5))
        with pytest.raises(Refused, match="join_other_shop"):
            await c.engine.items.join(c.actor(), 2, 1)
        with pytest.raises(Refused, match="join_has_stock"):
            await c.engine.items.join(c.actor(), 3, 1)
        with pytest.raises(Refused, match="join_itself"):
            await c.engine.items.join(c.actor(), 1, 1)
        new = {row.product.id: row.twin for row in await c.engine.items.list_new()}
        assert new[2] is None, "what another shop sells is nobody's twin"


async def test_what_went_off_the_shelf_is_told_with_who_still_sells_it(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(accounts)
        await see(c, [MONTH, CASE])
        await c.engine.items.change(c.actor(), 1, "price", "25")
        await see(c, [item(8, "视频会员月卡")], account=2)
        await c.engine.items.join(c.actor(), 3, 1)
        await see(c, [CASE], minutes=30)
        assert (await told(c))[-1] == ("items_off", 1, "1")
        card = await show_last(c)
        assert (
            "1 件商品下架了" in card and "还在卖：A·小号" not in card and "还在卖：小号" in card
        ) or "还在卖：A·小号" in card
        assert "⏸ 暂停 p1" in [b.verb for b in c.last.card.buttons]
        await see(c, [MONTH, CASE], minutes=60)
        assert not (await c.engine.items.list())[-1].is_off
        assert len(await told(c)) == 3, "back on sale makes no noise"


async def test_an_empty_list_takes_nothing_off(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH])
        await see(c, [], minutes=30)
        assert not (await c.engine.items.list())[0].is_off
        await c.store.write(lambda tx: listings.see(tx, room.cause(40), 1, [CASE], STATED, whole=False))
        assert not any(row.is_off for row in await c.engine.items.list()), "nor does a list that goes on"
        await see(c, [CASE], minutes=60)
        assert {row.product.id: row.is_off for row in await c.engine.items.list()}[1], "the control"


async def test_a_platform_price_below_the_floor_is_told_once_a_price(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH])
        await c.engine.items.change(c.actor(), 1, "floor", "20")
        await see(c, [item(1, "视频会员月卡", 2000)], minutes=10)
        assert [one for one in await told(c) if one[0] == "price_below_floor"] == [], "the floor itself is allowed"
        for minutes in (30, 60):
            await see(c, [item(1, "视频会员月卡", 1990)], minutes=minutes)
        assert [one for one in await told(c) if one[0] == "price_below_floor"] == [("price_below_floor", 1, "1990")]
        card = await show_last(c)
        assert "平台价低于底价" in card and "¥ 19.90" in card and "¥ 20.00" in card
        assert "⚠️ ¥ 19.90" in (await c.type("商品")).plain()
        await see(c, [item(1, "视频会员月卡", 2600)], minutes=90)
        assert "不低于底价了" in await show_last(c)


async def test_the_list_has_what_is_new_first_and_is_leafed_through(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [item(n, f"商品{n}") for n in range(1, 24)])
        for product in range(1, 23):
            await c.engine.items.change(c.actor(), product, "price", "25")
        first = await c.type("商品")
        assert [field.label for field in first.fields][:2] == ["p23", "p1"] and len(first.fields) == 10
        assert "第 1/3 页" in first.note
        second = await c.press("下一页")
        assert second.fields[0].label == "p10"
        assert len((await c.type("商品 第3页")).fields) == 3
        assert [f.label for f in (await c.type("商品 第9页")).fields] == [f.label for f in c.last.card.fields]


async def test_a_product_of_two_accounts_that_is_sold_out_proposes_a_pause(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(accounts)
        await see(c, [MONTH])
        await see(c, [item(8, "视频会员月卡")], account=2)
        await c.store.write(lambda tx: room.stock_up(tx, 1, 1))
        await c.engine.items.change(c.actor(), 1, "auto_ship", "on")
        await c.engine.items.join(c.actor(), 2, 1)
        await c.store.write(lambda tx: room.learn(tx, 2, room.record(1, "900008")))
        rows = await c.store.people.all("notices.due", now=room.cause(600).now_ms, most=50)
        out = next(row["id"] for row in rows if row["kind"] == "stock_out")
        await c.notices.show(out, Way(chat=GROUP))
        assert "几个账号共用这份库存" in c.last.card.plain()
        assert c.last.card.buttons[0].verb == "⏸ 暂停 p1"


@pytest.mark.day(accounts=("shop", "second"))
async def test_two_accounts_race_for_one_pool_and_no_unit_is_sold_twice(day: Day) -> None:
    """Through the wire: the same goods on both, fewer units than buyers."""
    here = await day.card(title="月卡", stock="3")
    there = await day.item("月卡", account="second")
    into, other = await day.product(here), None
    await day.configure(there, account="second", title="月卡")
    other = await day.product(there)
    await day.engine.items.join(day.actor(), other, into)
    buyers = [await day.buyer(f"买{n}", ("shop", "second")[n % 2]) for n in range(8)]
    trades = await asyncio.gather(*(buyer.pays((here, there)[n % 2]) for n, buyer in enumerate(buyers)))

    async def settled() -> bool:
        states = [await day.shipping(trade) for trade in trades]
        return states.count("succeeded") == 3 and states.count("short") == 5

    await day.until(settled, "three sold, five short")
    assert await day.one("SELECT free + reserved FROM products WHERE id = ?", into) == 0
    assert await day.one("SELECT sold FROM products WHERE id = ?", into) == 3


@pytest.mark.day(accounts=("shop", "second"), right=False)
async def test_without_joining_each_account_sells_its_own_pool(day: Day) -> None:
    """The control: two pools of three serve six of eight; the one shelf there really is would be oversold."""
    here = await day.card(title="月卡", stock="3")
    there = await day.card(title="月卡", stock="3", account="second")
    buyers = [await day.buyer(f"买{n}", ("shop", "second")[n % 2]) for n in range(8)]
    trades = await asyncio.gather(*(buyer.pays((here, there)[n % 2]) for n, buyer in enumerate(buyers)))

    async def settled() -> bool:
        return [await day.shipping(trade) for trade in trades].count("succeeded") == 6

    await day.until(settled, "six sold")


async def test_after_a_connect_the_platforms_list_is_compared(day: Day) -> None:
    await day.world.control.item("新上架", 1000, virtual=True)
    await day.later(minutes=31)
    notice = await day.until_told("items_new")
    assert notice.entity == "items"


async def test_the_platforms_own_cards_do_not_end_the_list(day: Day) -> None:
    """A page of twenty cards with one of the platform's own among them is a whole page."""
    for n in range(24):
        name = {"item_id": "auto_1"} if n == 3 else {}
        await day.world.control.item(f"货{n}", 1000, virtual=True, **name)
    await day.later(minutes=31)

    async def known() -> bool:
        return await day.one("SELECT count(*) FROM listings") == 23

    await day.until(known, "all but the platform's own")
