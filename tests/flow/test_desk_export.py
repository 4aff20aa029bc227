"""/export: a table that Excel opens and cannot be made to run, for the owner, in private, however many orders there are."""

import asyncio
import csv
import io
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.auth import Attachment
from bot.cards.card import Draft
from bot.cards.exports import COLUMNS, safe
from bot.cards.seal import write
from bot.commands.when import Days, read_days_word
from bot.demo.soak.pauses import Pauses
from bot.fronts.terminal import Terminal
from core.errors import BadArgument
from core.values.people import ChatKind
from tests import stockroom
from tests.bench.past import build
from tests.counter import OPERATOR, OWNER, Counter, open_counter

EVIL = '=HYPERLINK("http://x","点我")\u202e'


async def private(c: Counter, words: str, who: str = OWNER) -> Attachment | None:
    """Ask in the person's own chat; the file that came."""
    await c.engine.rooms.bind(who, ChatKind.private)
    await c.type(words, who, chat=who, chat_kind=ChatKind.private)
    return c.last.card.file


def table(file: Attachment | None) -> list[dict[str, str]]:
    assert file is not None
    assert file.content.startswith(b"\xef\xbb\xbf"), "Excel knows by its mark that it is UTF-8"
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))


def hostile(tx) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", text="好的")
    told = stockroom.record(1, "900001").model_copy(update={"title": EVIL, "buyer_nick": "@13812345678"})
    stockroom.learn(tx, account, told)


async def test_the_owner_gets_the_orders_of_a_span_as_a_table(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(hostile)
        rows = table(await private(c, "导出 订单 2026-11"))
        assert len(rows) == 1
        assert len(rows[0]) == len(COLUMNS)
        assert (rows[0]["编号"], rows[0]["实付"], rows[0]["状态"]) == ("#1", "50.00", "等待卖家发货")
        assert rows[0]["下单"] == "2026-11-21 11:58:00", "shop time"
        assert "1 行" in c.last.card.title


async def test_no_cell_begins_as_a_formula_and_no_phone_or_name_goes_along(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(hostile)
        rows = table(await private(c, "导出 订单"))
        cells = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
        assert rows[0]["商品"].startswith("'=HYPERLINK")
        assert "\u202e" not in rows[0]["商品"]
        assert not [cell for cell in cells if "13812345678" in cell]
        assert rows[0]["订单号"] == "3000000000000000001\t", "with its tab, Excel keeps all its digits"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\u200b=1"])
def test_what_a_sheet_would_run_is_words(text: str):
    assert safe(text).startswith("'")


async def test_a_group_is_told_where_to_ask(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(hostile)
        card = await c.type("导出 订单 7天")
        assert card is not None
        assert card.file is None
        assert "私聊" in card.title
        assert [button.verb for button in card.buttons]


async def test_only_the_owner_takes_tables_away_and_it_is_recorded(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(hostile)
        assert await private(c, "导出 订单", OPERATOR) is None
        assert "身份" in c.last.card.title
        await private(c, "导出 订单 今天")
        with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
            acts = file.execute("SELECT who, verb, after FROM acts WHERE verb = 'export'").fetchall()
        assert acts == [(OWNER, "export", "orders 2026-11-21 to 2026-11-21, 1 rows")]


async def test_days_without_orders_bring_no_file(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        assert await private(c, "导出 订单 2026-10") is None
        assert "没有订单" in c.last.card.title


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("word", "since", "until"),
    [
        ("今天", TODAY, TODAY),
        ("7天", date(2026, 11, 15), TODAY),
        ("30d", date(2026, 10, 23), TODAY),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-11-01..2026-11-15", date(2026, 11, 1), date(2026, 11, 15)),
        ("2026-10..2026-11", date(2026, 10, 1), date(2026, 11, 30)),
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3)),
    ],
)
def test_days_are_read(word: str, since: date, until: date):
    assert read_days_word(word, TODAY) == Days(since, until)


@pytest.mark.parametrize(
    "word", ["", "0天", "2026-13", "2026-02-30", "2026-11-15..2026-11-01", "2027-01", "..", "明年", "9999-12"]
)
def test_no_days_are_refused(word: str):
    with pytest.raises(BadArgument):
        read_days_word(word, TODAY)


async def test_many_orders_leave_the_loop_its_turns(tmp_path: Path):
    """Ten thousand here; a hundred thousand take ten times as long, not longer pauses."""
    build(tmp_path, int(stockroom.NOW.timestamp() * 1000), 10_000, waiting=False)
    async with open_counter(tmp_path) as c:
        pauses = Pauses()
        watching = asyncio.create_task(pauses.watch())
        rows = table(await private(c, "导出 订单 90天"))
        watching.cancel()
        assert len(rows) == 10_000
        assert pauses.busy_ms < 100, "of this thread's own time; the bar is 50 ms on a quiet machine"


async def test_the_terminal_puts_the_file_down_for_its_owner_alone(tmp_path: Path):
    out = io.StringIO()
    terminal = Terminal(lambda: stockroom.NOW, out, files=tmp_path / "files")
    file = Attachment(name="../orders.csv", content=b"a,b")
    await terminal.send("terminal", write(Draft(entity="export", title="t", file=file)))
    path = tmp_path / "files" / "orders.csv"
    assert path.read_bytes() == b"a,b"
    assert path.stat().st_mode & 0o777 == 0o600
    assert str(path) in out.getvalue()
