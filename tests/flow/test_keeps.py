"""留货: units kept for a walk-in or a caller; who may, what the cards say, what becomes of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import OutOfStock
from tests import stockroom
from tests.counter import OPERATOR, VIEWER, Counter
from tests.flow.keeping import free, keep, open_shelves, rows


@pytest.fixture
async def c(tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_shelves(tmp_path) as counter:
        yield counter


async def test_several_lines_are_kept_until_a_time_and_the_card_says_what_they_left(c: Counter):
    card = await c.type("留货 p1 2 p2 1 30分钟 王先生 13812345678", OPERATOR)
    assert card is not None
    assert card.title == "🔒 留货 k1 · 到 12:30 自动放回"
    assert ("p1", "商品 900001 ×2 · 可卖 10 → 8") in card.fields
    assert ("p2", "商品 900002 ×1 · 可卖 4 → 3") in card.fields
    assert ("留给", "王先生 138****5678") in card.fields
    assert "剩 30 分钟" in card.note
    assert [button.verb for button in card.buttons] == ["↩ 放回", "✅ 已取走", "⏳ 再留 15 分钟", "🔒 全部留货"]
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


async def test_what_nobody_counted_is_counted_from_the_refusal(c: Counter):
    await c.type("留货 p4 2")
    await c.press("p4 记 2 件")
    assert "不限量 → 2" in c.last.card.plain()
    await c.press("改为")
    card = await c.type("留货 p4 2")
    assert card is not None
    assert card.ref == "keep:1"
    assert await free(c, 4) == (0, 2, 0)


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


async def test_nobody_types_the_blank_on_a_phone(c: Counter):
    await c.type("留货p1 2")
    assert await free(c) == (8, 2, 0)
    await c.type("放回k1")
    assert await free(c) == (10, 0, 0)
    await c.type("库存p1")
    assert c.last.card.ref == "product:1"


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


async def test_whoever_types_that_collected_units_go_back_is_asked(c: Counter):
    await c.type("留货 p1 3")
    await c.type("取走 k1")
    card = await c.type("放回 k1")
    assert card is not None
    assert card.title == "↩ k1 已取走，现在退回来了？"
    assert await free(c) == (7, 0, 3)
    await c.press("退回来了", card=c.last)
    assert await free(c) == (10, 0, 3)


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
