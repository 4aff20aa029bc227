"""/undo without an order: what can still be taken back, a button each; greyed, what cannot, why, and what to do instead."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.flows.ship import Ship
from core.flows.work import Work
from core.moves import stock
from core.values.fulfilment import FulfilmentState
from tests import stockroom
from tests.counter import OPERATOR, OWNER, Counter, open_counter, order, state


def add(tx) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", price="50")
    stockroom.add_product(tx, account, "900002", keyed="on")


def lines(c: Counter, sign: str = "↩") -> list[str]:
    return [line.value for line in c.last.card.fields if line.value.startswith(sign)]


async def product(c: Counter, number: int = 1):
    return (await c.engine.items.show(number)).product


async def shelf(c: Counter) -> None:
    """A shop whose products were made before yesterday: only what a test does is new."""
    await c.store.write(add)
    c.later(days=2)


async def test_a_price_goes_back_by_one_press_and_that_is_an_act_of_its_own(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c)
        await c.engine.items.change(c.actor(), 1, "price", "5")
        await c.type("撤销")
        assert lines(c) == ["↩ 商品 价格 p1 · 老板 · 随时"]
        await c.press("p1 商品 价格")
        assert (await product(c)).price_fen == 5000
        await c.type("审计 p1")
        assert [line.value.split("→")[1].split()[0] for line in c.last.card.fields[:2]] == ["50.00", "5.00"]


async def test_pressing_it_twice_takes_it_back_once(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c)
        await c.engine.items.change(c.actor(), 1, "price", "5")
        await c.type("撤销")
        card = c.last
        await c.press("p1", card=card)
        await c.press("p1", card=card)
        assert (await product(c)).price_fen == 5000
        act = max(
            row["id"]
            for row in await c.store.people.all("acts.of_thing", entity="product", entity_id=1, before=2**62, most=9)
        )
        refused = await c.type(f"撤销 r{act - 1}")
        assert refused is not None and "之后又改过" in refused.plain()


async def test_a_count_goes_back_by_what_it_changed_and_not_over_what_was_sold(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c)
        await c.engine.stock.set_free(c.actor(), 1, 10)
        await c.engine.stock.set_free(c.actor(), 1, 30)
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE products SET free = 25, sold = sold + 5 WHERE id = 1")
        await c.type("撤销")
        await c.press("p1 改库存")
        assert (await product(c)).free == 5, "ten, less the five that were sold meanwhile"


async def sold_out(c: Counter) -> None:
    """One, then thirty on the shelf, of which three are left."""
    await shelf(c)
    await c.engine.stock.set_free(c.actor(), 1, 1)
    await c.engine.stock.set_free(c.actor(), 1, 30)
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        file.execute("UPDATE products SET free = 3, sold = sold + 27 WHERE id = 1")


async def test_a_count_is_not_taken_back_below_nothing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold_out(c)
        await c.type("撤销")
        assert lines(c) == []
        assert "已卖出一些" in lines(c, "⚪")[0]
        assert "补救：商品 p1" in lines(c, "⚪")[0]
        assert (await product(c)).free == 3


async def test_without_the_check_the_count_would_be_a_bug_and_no_sentence(tmp_path: Path):
    """The negative control: the bare difference is less than nothing, which the shelf itself refuses."""
    async with open_counter(tmp_path) as c:
        await sold_out(c)
        with pytest.raises(sqlite3.IntegrityError):
            await c.store.write(lambda tx: stock.set_free(tx, stockroom.cause(), 1, 3 + 1 - 30))


async def test_a_send_shows_its_time_left_and_a_delivered_one_why_not(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        c.later(days=2)
        await c.type(f"发货 #{number}", OPERATOR)
        await c.press("确认发货", OPERATOR)
        await c.type("撤销", OPERATOR)
        assert "剩 10 秒" in lines(c)[0]
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            file.execute("UPDATE fulfilments SET state = 'succeeded', text_sent = 1")
        await c.type("撤销", OPERATOR)
        assert lines(c) == []
        assert "买家已收到" in lines(c, "⚪")[0]
        assert f"补救：查单 #{number}" in lines(c, "⚪")[0]
        assert not any("↩" in button.verb for button in c.last.card.buttons)


async def test_with_an_order_it_is_what_it_was(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"发货 #{number}")
        await c.press("确认发货")
        await c.type("撤销")
        await c.press(f"#{number}")
        assert await state(c, number) is FulfilmentState.held


async def test_a_pause_and_the_emergency_stop_can_be_taken_back(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.type("暂停 全部 2h")
        await c.type("撤销")
        assert len(lines(c)) == 1
        await c.press("↩")
        assert not (await c.engine.pauses.show()).pauses


async def test_a_changed_product_is_the_owners_to_take_back(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c)
        await c.engine.items.change(c.actor(OWNER), 1, "price", "5")
        await c.type("撤销", OPERATOR)
        assert lines(c) == [], "what a role may not do is not shown"
        rows = await c.store.people.all("acts.newest", before=2**62, most=1)
        card = await c.type(f"撤销 r{rows[0]['id']}", OPERATOR)
        assert card is not None and card.title.startswith("🚫")
        assert (await product(c)).price_fen == 500


async def test_imported_keys_and_words_to_a_buyer_stay(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await shelf(c)
        await c.engine.stock.add_keys(c.actor(), 2, ["AAAA-1111"])
        await c.type("撤销")
        assert "卡密已入库" in lines(c, "⚪")[0]
        assert lines(c) == []


async def test_a_setting_goes_back_and_is_the_owners_alone(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        for value in ("200", "150"):
            await c.type(f"设置 replies.max_chars {value}")
            await c.press("确认修改")
        await c.type("撤销", OPERATOR)
        assert lines(c) == []
        await c.type("撤销")
        assert lines(c) == ["↩ 设置 replies.max_chars · 老板 · 随时"]
        await c.press("max_chars")
        await c.press("确认修改")
        assert next(row.value for row in c.engine.settings.list() if row.key == "replies.max_chars") == "200"


async def race(folder: Path, *, late_ms: int) -> tuple[bool, FulfilmentState | None]:
    """The press of a send and the ship's own pass in one instant, so long after the window's end; who won, and the state."""
    async with open_counter(folder) as c:
        number = await order(c)
        await c.type(f"发货 {number}")
        await c.press("确认发货")
        inner = c.engine._shop
        work = Work(
            store=c.store, settings=inner.settings, clock=c.clock, chance=inner.chance, zone=stockroom.ZONE,
            steps=inner.steps, run="r", markets={}, accounts={}, prompts={},
        )  # fmt: skip
        c.later(seconds=inner.config.shipping.undo_s, milliseconds=late_ms)
        undone, _ = await asyncio.gather(
            c.engine.shipping.undo(c.actor(), number), Ship(work).step(), return_exceptions=True
        )
        return not isinstance(undone, BaseException), await state(c, number)


@pytest.mark.parametrize("late_ms", [-1, 0, 1])
async def test_at_the_edge_of_the_window_one_of_both_wins_and_never_half(tmp_path: Path, late_ms: int):
    for n in range(5):
        undone, now = await race(tmp_path / str(n), late_ms=late_ms)
        assert (now is FulfilmentState.executing) != undone, f"undone: {undone}, and it is {now}"
        if late_ms < 0:
            assert undone, "the control: before the end it is not taken"
