"""/audit: who did what, where, before and after; newest first, by order, person and day; as a table in private."""

import csv
import io
import re
from pathlib import Path

import pytest

from core.values.people import ChatKind
from tests import stockroom
from tests.counter import NAMES, OPERATOR, OWNER, VIEWER, Counter, open_counter, order


def said(c: Counter) -> list[str]:
    """The lines of the newest card, without those of making the product."""
    return [line.value for line in c.last.card.fields if " · 商品 " not in line.value]


async def test_an_act_stands_there_with_person_thing_change_and_place(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number} 买家在问", OPERATOR)
        await c.type("审计")
        assert len(said(c)) == 1
        assert said(c)[0].startswith(f"张三 · 拦截 · #{number} · 已调度 → 买家在问")
        assert said(c)[0].endswith("群")
        assert "dummy:" not in c.last.card.plain(), "names, not ids"


async def test_it_is_newest_first_with_pages_of_eight(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        for n in range(11):
            await c.engine.items.change(c.actor(), 1, "price", str(n + 10))
        await c.type("审计 p1")
        assert len(c.last.card.fields) == 8
        assert "20" in c.last.card.fields[0].value.split("→")[1]
        await c.press("更早")
        assert len(c.last.card.fields) == 3
        assert not any("更早" in button.verb for button in c.last.card.buttons)
        await c.press("最新")
        assert len(c.last.card.fields) == 8


async def test_one_order_one_person_or_one_day_can_be_asked_for(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        first, second = await order(c, 1), await order(c, 2)
        await c.type(f"拦截 #{first}", OPERATOR)
        await c.type(f"拦截 #{second}", OWNER)
        await c.type(f"审计 #{first}")
        assert [line.split(" · ")[0] for line in said(c)] == [NAMES[OPERATOR][0]]
        await c.type("审计 老板")
        assert [line.split(" · ")[2] for line in said(c)] == [f"#{second}"]
        await c.type("审计 昨天")
        assert said(c) == []
        await c.type("审计 今天")
        assert len(said(c)) == 2


async def test_what_the_shop_wrote_down_of_a_change_is_read_in_the_owners_language_and_time(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", text="好的"))
        await c.type("商品 p1 内容 您好您好")
        await c.press("保存")
        await c.type("暂停 全部 2小时")
        await c.type("通知 勿扰 23:00-08:00")
        await c.type("通知 订单 无声")
        await c.type("审计")
        lines = "\n".join(line.value for line in c.last.card.fields)
        assert "2 字 → 4 字" in lines
        assert "全部 到 14:00:00" in lines
        assert "勿扰 关 → 勿扰 23:00–08:00" in lines
        assert "订单 无声" in lines
        assert not re.search(r"[a-z]{3,}", lines), "no word of the record's own"


async def test_only_the_owner_may_look(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number}")
        for who in (OPERATOR, VIEWER):
            card = await c.type("审计", who)
            assert card is not None
            assert card.fields == ()


@pytest.mark.parametrize("word", ["#999", "没有这人", "<x", "m999"])
async def test_what_nobody_knows_is_said_so(tmp_path: Path, word: str):
    async with open_counter(tmp_path) as c:
        card = await c.type(f"审计 {word}")
        assert card is not None
        assert card.fields == ()
        assert card.title.startswith("🚫")


async def test_the_owner_takes_it_away_as_a_table_in_private_and_that_is_on_record(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number} =1+1")
        await c.type("导出 审计")
        assert c.last.card.file is None, "not in the group"
        await c.engine.rooms.bind(OWNER, ChatKind.private)
        await c.type("导出 审计", chat=OWNER, chat_kind=ChatKind.private)
        file = c.last.card.file
        assert file is not None
        rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
        assert [(row["谁"], row["做了什么"], row["对象"]) for row in rows][:1] == [("老板", "拦截", f"#{number}")]
        assert rows[0]["之后"] == "'=1+1", "never a formula"
        await c.type("审计")
        assert "导出" in said(c)[0]
