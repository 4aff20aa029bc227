"""留货: units kept for a walk-in or a caller, back by themselves when the time is up."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import IllegalMove, OutOfStock
from core.flows.watch import Watch
from core.flows.work import Work
from core.store import books
from core.values.fulfilment import FulfilmentState
from core.values.keeps import KeepState, Want
from tests import stockroom
from tests.counter import OPERATOR, OWNER, VIEWER, Counter, open_counter, state

TAKE_ANYTHING = {
    "stock.reserve": "UPDATE products SET free = max(free - :quantity, 0), reserved = reserved + :quantity, "
    "version = version + 1, updated_at = :now WHERE id = :product_id AND counted = 1"
}


@pytest.fixture
async def c(tmp_path: Path) -> AsyncIterator[Counter]:
    """Ten of p1, four of p2, keys of p3; p4 is not counted."""
    async with open_counter(tmp_path) as counter:
        await counter.store.write(add)
        yield counter
        assert books.check_file(counter.store.path, stockroom.ZONE) == []


def add(tx) -> None:
    account = stockroom.open_account(tx)
    for n in range(1, 5):
        stockroom.add_product(tx, account, f"90000{n}", auto_ship="on", text="好的", price="50")
    stockroom.stock_up(tx, 1, 10)
    stockroom.stock_up(tx, 2, 4)
    stockroom.key_up(tx, 3, ["AAAA-1111"])


def watch(c: Counter) -> Watch:
    """The shop's own pass over what is due; a new one is the shop after a restart."""
    inner = c.engine._shop
    work = Work(
        store=c.store, settings=inner.settings, clock=c.clock, chance=inner.chance, zone=stockroom.ZONE,
        steps=inner.steps, run="r", markets={}, accounts={}, prompts={},
    )  # fmt: skip
    return Watch(work)


async def free(c: Counter, number: int = 1) -> tuple[int, int, int]:
    product = (await c.engine.items.show(number)).product
    return product.free, product.reserved, product.sold


async def keep(c: Counter, *wants: tuple[int, int]) -> int:
    lines = [Want(product_id=product, quantity=n) for product, n in wants]
    return (await c.engine.keeps.keep(c.actor(), lines)).id


async def test_several_lines_are_kept_until_a_time_and_the_card_says_what_they_left(c: Counter):
    card = await c.type("留货 p1 2 p2 1 30分钟 王先生 13812345678", OPERATOR)
    assert card is not None
    assert card.title == "🔒 留货 k1 · 到 12:30 自动放回"
    assert ("p1", "商品 900001 ×2 · 可卖 10 → 8") in card.fields
    assert ("p2", "商品 900002 ×1 · 可卖 4 → 3") in card.fields
    assert ("留给", "王先生 138****5678") in card.fields
    assert "剩 30 分钟" in card.note
    assert [button.verb for button in card.buttons] == ["↩ 放回", "✅ 已取走", "⏳ 再留15 分钟", "🔒 全部留货"]
    assert (await free(c), await free(c, 2)) == ((8, 2, 0), (3, 1, 0))


async def test_without_a_time_it_is_the_setting_and_without_a_number_one_unit(c: Counter):
    card = await c.type("留货 p1")
    assert card is not None
    assert card.title.endswith("到 12:15 自动放回")
    assert await free(c) == (9, 1, 0)
    await c.type("设置 stock.keep_minutes 40")
    await c.press("确认修改")
    card = await c.type("留货 p1 x3")
    assert card is not None
    assert card.title.endswith("到 12:40 自动放回")


async def test_what_cannot_be_kept_is_listed_line_by_line_and_nothing_is_kept(c: Counter):
    card = await c.type("留货 p1 2 p2 9 p3 1 p4 1 王先生")
    assert card is not None
    assert card.fields == (
        ("p1", "商品 900001 · 要 2，可卖 10，够"),
        ("p2", "商品 900002 · 要 9，可卖 4，缺 5"),
        ("p3", "商品 900003 · 是卡密，一个卡密跟一笔订单，留不了"),
        ("p4", "商品 900004 · 没有计数，留不了。先点数：改库存 p4 数量"),
    )
    assert (await free(c), await free(c, 2)) == ((10, 0, 0), (4, 0, 0))
    assert await c.engine.keeps.list() == ()
    await c.type("审计")
    assert any("⛔" in line.value and "留货" in line.value for line in c.last.card.fields), "a refusal is on record"


async def test_the_same_product_twice_counts_together(c: Counter):
    with pytest.raises(OutOfStock) as refused:
        await keep(c, (2, 3), (2, 2))
    (line,) = refused.value.facts["lines"]  # type: ignore[misc]
    assert (line.requested, line.free, line.shortfall) == (5, 4, 1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("留货 p1 2 5 1", "看不懂"),
        ("留货 p1 0", "1–1000000"),
        ("留货 p99 1", "找不到"),
        (f"留货 p1 1 {'长' * 100}", "最多 60 字"),
        ("留货 " + "p1 1 " * 13, "1–12"),
        ("放回 k9", "没有这笔留货"),
        ("放回 x9", "不是留货号"),
    ],
)
async def test_what_is_not_understood_keeps_nothing(c: Counter, words: str, says: str):
    card = await c.type(words)
    assert card is not None
    assert says in card.plain()
    assert await free(c) == (10, 0, 0)


async def test_put_back_collected_and_returned(c: Counter):
    await c.type("留货 p1 2")
    await c.press("放回")
    assert c.last.card.title.startswith("↩ 已放回 k1")
    assert await free(c) == (10, 0, 0)
    await c.type("留货 p1 3")
    await c.press("已取走")
    assert await free(c) == (7, 0, 3)
    refused = await c.type("再留 k2 30分钟")
    assert refused is not None
    assert "已取走" in refused.plain()
    await c.press("退回来了")
    assert await free(c) == (10, 0, 3), "sold counts what ever left"
    view = await c.engine.items.show(1)
    assert [line.split()[2] for line in view.ledger[-5:]] == ["reserve", "release", "reserve", "sell", "returned"]
    assert "k2" in view.ledger[-1]


async def test_it_is_kept_on_from_its_own_end(c: Counter):
    await c.type("留货 p1 1 30分钟")
    c.later(minutes=20)
    await c.press("再留")
    assert c.last.card.title.endswith("到 12:45 自动放回")
    await c.type("再留 1小时", reply_to=c.last.message)
    assert c.last.card.title.endswith("到 13:45 自动放回")


async def test_the_list_the_product_and_the_record_show_what_is_kept(c: Counter):
    await c.type("留货 p1 2 30分钟 王先生")
    await c.type("留货 p2 1")
    await c.store.write(lambda tx: stockroom.learn(tx, 1, stockroom.record(1, "900001")))
    card = await c.type("库存 占用")
    assert card is not None
    assert [line.label for line in card.fields] == ["k2", "k1"], "the first to end stands first"
    assert card.fields[1].value == "王先生 · p1×2 · 到 12:30 · 剩 30 分钟"
    assert "另有 1 件被付款订单占用" in card.note
    await c.press("k1")
    assert c.last.card.ref == "keep:1"
    card = await c.type("库存 p1")
    assert card is not None
    assert ("占用", "3（订单 1 · 留货 2）") in card.fields
    await c.press("放回", card=c.front.shown[-2])
    card = await c.type("审计 k1")
    assert card is not None
    assert [line.value.split(" · ")[1:4] for line in card.fields] == [
        ["放回", "k1", "留着 → 已放回"],
        ["留货", "k1", "p1 10 → p1 8"],
    ]
    assert not any("王" in str(row) for row in rows(c, "SELECT * FROM acts")), "a name is in no record"


async def test_the_note_is_sealed_in_the_file(c: Counter):
    await c.type("留货 p1 1 王先生")
    assert not any("王先生" in str(row) for row in rows(c, "SELECT * FROM keeps"))
    assert (await c.engine.keeps.show(1)).note == "王先生"


def rows(c: Counter, words: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(c.store.path)) as file:
        return file.execute(words).fetchall()


async def test_a_viewer_keeps_nothing_and_undo_takes_it_back(c: Counter):
    card = await c.type("留货 p1 2", VIEWER)
    assert card is not None
    assert card.title.startswith("🚫")
    c.later(days=2)
    await c.type("留货 p1 2", OPERATOR)
    await c.type("撤销", OPERATOR)
    assert any("↩ 留货 k1" in line.value and "剩 15 分钟" in line.value for line in c.last.card.fields)
    await c.press("k1", OPERATOR)
    assert await free(c) == (10, 0, 0)
    await c.type("撤销", OPERATOR)
    assert not any("k1" in line.value for line in c.last.card.fields)


async def test_when_the_time_is_up_it_is_back_once_and_told_quietly_and_its_cards_follow(c: Counter):
    await c.type("留货 p1 2 p2 1 10分钟 王先生")
    before = watch(c)
    c.later(minutes=9, seconds=59)
    await before.step()
    assert await free(c) == (8, 2, 0)
    c.later(seconds=1)
    for after_a_restart in (watch(c), watch(c)):
        await after_a_restart.step()
        assert (await free(c), await free(c, 2)) == ((10, 0, 0), (4, 0, 0))
    told = await c.tell()
    assert [card.title for card in told if card.ref == "keep:1"] == ["⌛ 留货 k1 到时，12:10 已自动放回"] * 2
    assert rows(c, "SELECT urgency FROM notices WHERE kind = 'keep_expired'") == [("quiet",)]
    kept = await c.engine.keeps.show(1)
    assert (kept.state, kept.ended_at) == (KeepState.expired, c.clock.now())


async def test_the_next_look_is_planned_for_its_end(c: Counter):
    flow = watch(c)
    await flow.step()
    assert await flow.next_at() == c.clock.now() + timedelta(minutes=5), "the books"
    await c.type("留货 p1 1 3分钟")
    assert await flow.next_at() == c.clock.now() + timedelta(minutes=3)


async def test_what_could_not_be_given_back_is_tried_again_by_the_next_pass(c: Counter):
    await keep(c, (1, 2))
    await keep(c, (2, 1))
    stuck = "CREATE TRIGGER stuck BEFORE UPDATE ON keeps WHEN OLD.id = 1 BEGIN SELECT RAISE (ABORT, 'stuck'); END"
    execute(c, stuck)
    c.later(minutes=16)
    with pytest.raises(sqlite3.IntegrityError, match="stuck"):
        await watch(c).step()
    assert await free(c) == (8, 2, 0), "all of it or nothing"
    assert await free(c, 2) == (4, 0, 0), "the others do not wait for it"
    c.later(minutes=15)
    assert "keep_overdue" not in {found.check for found in await books.check(c.store.flows, c.clock.now())}
    execute(c, "DROP TRIGGER stuck")
    await watch(c).step()
    assert await free(c) == (10, 0, 0)


def execute(c: Counter, words: str) -> None:
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        file.execute(words)


@pytest.mark.parametrize("how", ["放回", "到时"])
async def test_units_that_come_back_go_to_the_order_that_waits_for_them(c: Counter, how: str):
    await keep(c, (1, 10))
    order = await c.store.write(lambda tx: stockroom.learn(tx, 1, stockroom.record(1, "900001")))
    assert await state(c, order) is FulfilmentState.short
    if how == "放回":
        await c.type("放回 1")
    else:
        c.later(minutes=15)
        await watch(c).step()
    assert await state(c, order) is FulfilmentState.scheduled
    assert await free(c) == (9, 1, 0)


async def test_the_last_one_kept_is_told_as_sold_out(c: Counter):
    await keep(c, (2, 4))
    assert [card.title for card in await c.tell() if card.ref == "product:2"] == ["📭 卖完了 · p2 · 商品 900002 · 剩 0"]


async def both(folder: Path, replaced: dict[str, str] | None = None) -> tuple[int, tuple[int, int, int]]:
    """放回 and 已取走 pressed by two people, and the end of its time, in one instant; how many were told it is done."""
    async with open_counter(folder, replaced=replaced) as c:
        await c.store.write(add)
        await keep(c, (1, 2))
        version = (await c.engine.keeps.show(1)).version
        c.later(minutes=15)
        presses = (
            c.engine.keeps.put_back(c.actor(OWNER), 1, version),
            c.engine.keeps.collect(c.actor(OPERATOR), 1, version),
            watch(c).step(),
        )
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert all(isinstance(one, IllegalMove | sqlite3.IntegrityError | bool) or one.id == 1 for one in done)
        won = sum(not isinstance(one, BaseException | bool) for one in done)
        ended = (await c.engine.keeps.show(1)).state is KeepState.expired
        return won + ended, await free(c)


async def test_two_presses_and_the_clock_in_one_instant_have_one_effect(tmp_path: Path):
    for n in range(10):
        won, shelf = await both(tmp_path / str(n))
        assert won == 1
        assert shelf in ((10, 0, 0), (8, 0, 2))


async def test_many_who_want_the_last_units_get_what_there_is(c: Counter):
    made = await asyncio.gather(*(keep(c, (1, 3), (2, 1)) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in made) == 3
    assert all(isinstance(one, int | OutOfStock) for one in made)
    assert (await free(c), await free(c, 2)) == ((1, 9, 0), (1, 3, 0))


async def test_without_the_condition_the_same_load_keeps_what_is_not_there(tmp_path: Path):
    async with open_counter(tmp_path, replaced=TAKE_ANYTHING) as c:
        await c.store.write(add)
        made = await asyncio.gather(*(keep(c, (1, 3)) for _ in range(8)), return_exceptions=True)
        assert sum(isinstance(one, int) for one in made) == 8
        assert books.check_file(c.store.path, stockroom.ZONE) != []


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE keep_lines SET quantity = 3 WHERE keep_id = 1",
        "UPDATE keeps SET state = 'put_back' WHERE id = 1",
        "UPDATE keeps SET state = 'collected' WHERE id = 1",
    ],
)
async def test_a_keep_outside_the_books_is_found(tmp_path: Path, broken: str):
    async with open_counter(tmp_path) as c:
        await c.store.write(add)
        await keep(c, (1, 2))
        assert books.check_file(c.store.path, stockroom.ZONE) == []
        execute(c, broken)
        assert "stock_reserved" in {found.check for found in books.check_file(c.store.path, stockroom.ZONE)}
        found = await books.check(c.store.flows, c.clock.now())
        assert "product 1: reserved is 2" in next(one.row for one in found if one.check == "stock_reserved")
