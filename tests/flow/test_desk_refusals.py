"""What was tried and refused is on record: who, where, what, why not; a flood leaves a few lines; nothing is ever changed."""

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import pytest

from core.engine.acts import A_DAY, A_MINUTE
from core.values.people import ChatKind
from tests.counter import GROUP, OPERATOR, OWNER, STRANGER, VIEWER, Counter, open_counter, order, risky_order
from tests.flow.sweep import print_code


async def tried(c: Counter, of: str = "") -> list[str]:
    """The lines of refusals that /audit shows the owner."""
    card = await c.type(f"审计 {of}".strip())
    assert card is not None
    return [line.value for line in card.fields if line.value.startswith("⛔")]


async def test_who_tried_what_and_why_not_stands_there_with_the_order(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await risky_order(c)
        await c.type(f"批准 #{number}", VIEWER)
        await c.tell()
        await c.press("批准", VIEWER)
        for of in ("", f"#{number}", "李四", "今天"):
            lines = await tried(c, of)
            assert len(lines) == 2
            assert lines[0].startswith(f"⛔ 李四 · 批准 · #{number} · 要「操作」身份，你是「查看」")
            assert lines[0].endswith("群")
        assert await tried(c, "张三") == []


async def test_an_act_that_was_refused_stands_there_and_a_look_that_found_nothing_does_not(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type("查单 #999", OPERATOR)
        await c.type("胡说八道", OPERATOR)
        assert await tried(c) == []
        await c.type(f"放行 #{number}", OPERATOR)
        await c.type("撤权 老板")
        await c.press("确定撤权")
        lines = await tried(c)
        assert [line.split(" · ")[1] for line in lines] == ["撤权", "放行"]
        assert "最后一个店主" in lines[0]


async def test_acts_and_refusals_stand_in_the_order_they_happened_with_pages(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        for _ in range(4):
            await c.type(f"拦截 #{number}", OPERATOR)
            await c.type(f"放行 #{number}", VIEWER)
            c.later(minutes=2)
            await c.type(f"放行 #{number}", OPERATOR)
        shown: list[str] = []
        await c.type(f"审计 #{number}")
        while True:
            shown += [line.value for line in c.last.card.fields]
            if not any("更早" in button.verb for button in c.last.card.buttons):
                break
            await c.press("更早", card=c.last)
        assert ["⛔" in line for line in shown] == [False, True, False] * 4


async def test_nothing_of_what_was_typed_is_kept(tmp_path: Path) -> None:
    """A code, a key or a buyer's words would lie open in the file."""
    async with open_counter(tmp_path) as c:
        await print_code(c, "K7QFM3ZP")
        await c.type("绑定 GEHEIM99", STRANGER, chat=STRANGER, chat_kind=ChatKind.private)
        await c.type("导入卡密 p1\nSECRET-KEY-1", VIEWER)
        await c.type("回复 c7 买家的话", VIEWER)
        assert len(await tried(c)) == 3
        with closing(sqlite3.connect(c.store.path)) as file:
            lines = str(file.execute("SELECT * FROM refusals").fetchall())
        assert not [word for word in ("GEHEIM", "SECRET", "买家") if word in lines]


async def test_the_table_says_what_became_of_each(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number}", VIEWER)
        await c.type(f"拦截 #{number}", OPERATOR)
        await c.engine.rooms.bind(OWNER, ChatKind.private)
        await c.type("导出 审计", chat=OWNER, chat_kind=ChatKind.private)
        file = c.last.card.file
        assert file is not None
        rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
        found = [
            (row["谁"], row["做了什么"], row["对象"], row["结果"][:8]) for row in rows if row["做了什么"] == "拦截"
        ]
        assert found == [("张三", "拦截", f"#{number}", "成功"), ("李四", "拦截", f"#{number}", "拒绝：要「操作」")]
        assert all(row["请求"] and row["在哪"] for row in rows if row["做了什么"] == "拦截")


def count(c: Counter) -> int:
    with closing(sqlite3.connect(c.store.path)) as file:
        return int(file.execute("SELECT count(*) FROM refusals").fetchone()[0])


async def test_of_a_flood_a_few_lines_are_kept_and_that_there_was_more(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        for _ in range(30):
            await c.type("急停恢复", VIEWER)
            await c.type("恢复运行", VIEWER)
        assert count(c) == A_MINUTE + 1
        assert "还有更多" in (await tried(c))[0]
        await c.type("恢复运行", OPERATOR)
        assert count(c) == A_MINUTE + 2, "each person has their own measure"


async def test_a_flood_of_strangers_that_lasts_all_day_does_not_fill_the_disk_nor_hide_a_member(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        for n in range(2 * A_DAY):
            await c.type("绑定 AAAA-AAAA", f"dummy:{1000 + n}", chat=f"dummy:{1000 + n}", chat_kind=ChatKind.private)
            c.later(seconds=20)
        assert count(c) == A_DAY + 1
        await c.type("恢复运行", VIEWER)
        assert count(c) == A_DAY + 2
        c.later(days=1)
        await c.type("绑定 AAAA-AAAA", STRANGER, chat=STRANGER, chat_kind=ChatKind.private)
        assert count(c) == A_DAY + 3


CHANGES: dict[str, Callable[[str], str]] = {
    "update": lambda table: f"UPDATE {table} SET name = 'nobody'",
    "delete": lambda table: f"DELETE FROM {table}",
    "replace": lambda table: f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
}


def refused(*, quietly: bool) -> AbstractContextManager[object]:
    """A request that acted is nothing new; anything else is an error."""
    return nullcontext() if quietly else pytest.raises(sqlite3.IntegrityError, match="only added")


@pytest.mark.parametrize("table", ["acts", "refusals"])
@pytest.mark.parametrize("how", CHANGES)
async def test_the_file_itself_lets_nobody_change_what_happened(tmp_path: Path, table: str, how: str) -> None:
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number}")
        await c.type(f"拦截 #{number}", VIEWER)
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            before = file.execute(f"SELECT * FROM {table}").fetchall()
            assert before
            with refused(quietly=(how, table) == ("replace", "acts")):
                file.execute(CHANGES[how](table))
            assert file.execute(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize("table", ["acts", "refusals"])
async def test_without_its_triggers_it_would(tmp_path: Path, table: str) -> None:
    """The control."""
    async with open_counter(tmp_path) as c:
        number = await order(c)
        await c.type(f"拦截 #{number}")
        await c.type(f"拦截 #{number}", VIEWER)
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            for verb in ("changed", "deleted"):
                file.execute(f"DROP TRIGGER {table}_not_{verb}")
            assert file.execute(CHANGES["update"](table)).rowcount > 0
            assert file.execute(CHANGES["delete"](table)).rowcount > 0


async def test_a_button_of_another_chat_is_a_try_too(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await risky_order(c)
        await c.tell()
        await c.engine.rooms.bind("dummy:77", ChatKind.group)
        await c.press("批准", OPERATOR, chat="dummy:77")
        assert "按按钮" in (await tried(c))[0]
        assert c.last.chat == GROUP
