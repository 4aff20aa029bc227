"""The terminal front: cards as lines, buttons by number, redraws with their mark; real streams, a real desk."""

import asyncio
import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.fronts.counter import Counter as Whole
from bot.fronts.keyboard import PipeKeyboard
from bot.fronts.terminal import CHAT, Terminal
from core.clock import ManualClock, SeededChance
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.store.db import Store
from core.values.fulfilment import FulfilmentState
from core.values.people import Role
from core.values.telling import Way
from tests import stockroom
from tests.counter import TOLD


@dataclass
class Sitting:
    """A person at a terminal: what they type goes in, what they see comes out."""

    counter: Whole
    store: Store
    clock: ManualClock
    out: io.StringIO

    async def type(self, *lines: str) -> str:
        """Type lines until the end of the pipe; what was printed meanwhile."""
        before = len(self.out.getvalue())
        reading, writing = os.pipe()
        typing = asyncio.create_task(asyncio.to_thread(_write, writing, "".join(f"{line}\n" for line in lines)))
        with os.fdopen(reading, encoding="utf-8") as stream:
            terminal = self.counter.fronts.by_name["terminal"]
            assert isinstance(terminal, Terminal)
            await asyncio.wait_for(terminal.run(self.counter.desk, PipeKeyboard(stream)), 10)
        await typing
        return self.out.getvalue()[before:]

    async def tell(self) -> str:
        """Show what waits to be told; what was printed."""
        before = len(self.out.getvalue())
        for row in await self.store.people.all("notices.due", now=2**62, most=100):
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.counter.notices.show(row["id"], Way(chat=CHAT))
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))
        return self.out.getvalue()[before:]


def _write(handle: int, text: str) -> None:
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)


@asynccontextmanager
async def sit_down(folder: Path, *, screen: bool = False) -> AsyncIterator[Sitting]:
    store, clock, out, config = await Store.open(folder), ManualClock(stockroom.NOW), io.StringIO(), Config()
    engine = Engine(Shop(store, Settings(config), clock, stockroom.ZONE, SeededChance(1)))
    counter = Whole(engine, config, [Terminal(engine.now, out, screen=screen)])
    await counter.open()
    try:
        yield Sitting(counter, store, clock, out)
    finally:
        await store.close()


def risky(tx) -> int:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", auto_ship="on", price="50", max_quantity="2", text="好的")
    return stockroom.learn(tx, account, stockroom.record(1, "900001", quantity=6))


def number_of(label: str, printed: str) -> str:
    found = re.findall(rf"\[(\d+)\] {label}", printed)
    assert found, printed
    return found[-1]


async def test_a_card_is_readable_lines_with_an_empty_one_at_its_end(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(risky)
        printed = await owner.tell()
        assert printed.startswith("🟠 待审批 · #1 · 剩 60 分钟\n  商品  ")
        assert "  [1] ✅ 批准  [2] ⛔ 拒绝  [3] ⏸ 1小时  [4] 🔎 详情\n\n" in printed
        assert printed.endswith("\n\n")


async def test_typing_a_buttons_number_presses_it(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(risky)
        printed = await owner.tell()
        answer = await owner.type(number_of("✅ 批准", printed))
        assert answer.startswith("↻ ⏳ 即将发货 · #1")
        task = (await owner.counter.engine.orders.show(1)).fulfilment
        assert task is not None
        assert task.state is FulfilmentState.scheduled


async def test_an_old_number_still_presses_the_old_button(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(risky)
        printed = await owner.tell()
        old = number_of("⛔ 拒绝", printed)
        await owner.type("批准 1")
        assert "处理：已批准" in await owner.type(old)


async def test_a_number_nobody_gave_is_no_button(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        assert "没有「77」这个命令" in await owner.type("77")


async def test_a_card_that_just_stood_there_is_not_printed_again(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(risky)
        await owner.tell()
        await owner.type("批准 1")
        assert await owner.tell() == ""


async def test_a_sale_prints_no_card_of_its_product_again(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001"))
        await owner.type("商品 1")
        await owner.store.write(lambda tx: stockroom.stock_up(tx, 1, 4))
        assert await owner.tell() == ""


async def test_keys_are_typed_on_lines_that_end_with_a_backslash(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        await owner.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", keyed="on"))
        printed = await owner.type("导入卡密 1\\", "AAAA-1111\\", "BBBB-2222")
        assert "新增  2" in printed
        assert "剩 2" in await owner.type(number_of("📥 导入 2 条", printed))


async def test_a_file_is_attached_by_its_path(tmp_path: Path):
    async with sit_down(tmp_path / "shop") as owner:
        await owner.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", keyed="on"))
        (tmp_path / "keys.txt").write_text("卡-1\n卡-2\n卡-3\n", encoding="gbk")
        assert "新增  3" in await owner.type(f"导入卡密 1 @{tmp_path / 'keys.txt'}")
        assert "这个文件" in await owner.type(f"导入卡密 1 @{tmp_path}"), "a folder is no file"


async def test_lines_nobody_can_read_are_refused_and_the_next_is_taken(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        printed = await owner.type("", "   ", "发" * 100_000, "\x1b[31m订单", "\u202e订单", "待办")
        assert "太长了" in printed
        assert printed.count("看不见的控制符") == 2
        assert "没有待办" in printed
        assert "\x1b" not in printed


async def test_the_terminals_person_is_the_owner_in_a_chat_of_the_shop(tmp_path: Path):
    async with sit_down(tmp_path) as owner:
        member = await owner.counter.engine.people.find("terminal:owner")
        assert member is not None
        assert member.role is Role.owner
        assert await owner.counter.engine.rooms.is_bound(CHAT)
        assert "店主" in await owner.type("我是谁")


async def test_a_screen_shows_panels_and_nothing_of_a_buyer_is_markup(tmp_path: Path):
    async with sit_down(tmp_path, screen=True) as owner:
        await owner.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "[red]x[/red]"))
        printed = await owner.type("商品")
        assert "╭" in printed
        assert "[red]x[/red]" in printed


def test_a_run_without_a_screen_loads_neither_prompt_nor_panels():
    """prompt_toolkit and rich cost memory and start-up time that a headless shop does not pay."""
    code = "import bot.fronts.counter, bot.fronts.keyboard, sys; print(sorted({'rich', 'prompt_toolkit'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
