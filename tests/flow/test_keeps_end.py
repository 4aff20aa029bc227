"""What is kept ends once: when its time is up, whoever presses in the same instant, and the books see it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import IllegalMove, OutOfStock
from core.store import books
from core.values.fulfilment import FulfilmentState
from core.values.keeps import KeepState
from tests import stockroom
from tests.counter import OPERATOR, OWNER, Counter, open_counter, state
from tests.flow.keeping import add, execute, free, keep, open_shelves, rows, watch

MOVE_ANYTHING = {
    "keeps.move": "UPDATE keeps SET state = :state, version = version + 1, ended_at = :now "
    "WHERE id = :id AND :before = :before AND :version IS :version"
}
TAKE_ANYTHING = {
    "stock.reserve": "UPDATE products SET free = max(free - :quantity, 0), reserved = reserved + :quantity, "
    "version = version + 1, updated_at = :now WHERE id = :product_id AND counted = 1"
}


@pytest.fixture
async def c(tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_shelves(tmp_path) as counter:
        yield counter


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


async def test_for_whom_it_was_is_gone_a_month_after_it_was_over(c: Counter):
    await c.type("留货 p1 1 王先生")
    await c.type("留货 p1 1 29天 李女士")
    await watch(c).step()
    assert (await c.engine.keeps.show(1)).note == "王先生", "the control: not before its days"
    c.later(minutes=15)
    await watch(c).step()
    await c.engine.keeps.extend(c.actor(), 2, timedelta(days=30))
    c.later(days=31)
    for _ in range(3):
        await watch(c).step()
    notes = [(kept.state, kept.note) for kept in [await c.engine.keeps.show(n) for n in (1, 2)]]
    assert notes == [(KeepState.expired, ""), (KeepState.kept, "李女士")]


async def test_the_last_one_kept_is_told_as_sold_out(c: Counter):
    await keep(c, (2, 4))
    assert [card.title for card in await c.tell() if card.ref == "product:2"] == ["📭 卖完了 · p2 · 商品 900002 · 剩 0"]


async def both(
    folder: Path, replaced: dict[str, str] | None = None, *, typed: bool = False
) -> tuple[int, tuple[int, int, int]]:
    """放回 and 已取走 pressed by two people, and the end of its time, in one instant; how many were told it is done."""
    async with open_counter(folder, replaced=replaced) as c:
        await c.store.write(add)
        await keep(c, (1, 2))
        version = None if typed else (await c.engine.keeps.show(1)).version
        c.later(minutes=15)
        presses = (
            c.engine.keeps.collect(c.actor(OPERATOR), 1, version),
            c.engine.keeps.put_back(c.actor(OWNER), 1, version),
            watch(c).step(),
        )
        done = await asyncio.gather(*presses, return_exceptions=True)
        assert all(isinstance(one, IllegalMove | sqlite3.IntegrityError | bool) or one.id == 1 for one in done)
        won = sum(not isinstance(one, BaseException | bool) for one in done)
        ended = (await c.engine.keeps.show(1)).state is KeepState.expired
        return won + ended, await free(c)


@pytest.mark.parametrize("typed", [False, True])
async def test_two_people_and_the_clock_in_one_instant_have_one_effect(tmp_path: Path, typed: bool):
    for n in range(5):
        won, shelf = await both(tmp_path / str(n), typed=typed)
        assert won == 1
        assert shelf in ((10, 0, 0), (8, 0, 2))


async def test_without_the_version_what_was_handed_over_stands_on_the_shelf_again(tmp_path: Path):
    won, shelf = await both(tmp_path, MOVE_ANYTHING)
    assert won == 2
    assert shelf == (10, 0, 2)


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
