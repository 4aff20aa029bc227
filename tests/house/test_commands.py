"""The table: every row whole, every button's words in it, every command in the help."""

import inspect
import re

import pytest

from bot.auth import RANKS
from bot.commands.command import Command
from bot.commands.help import TOPICS, markdown
from bot.commands.items import FIELDS
from bot.commands.table import TABLE
from bot.commands.words import fold, read_line
from bot.texts import load
from core.rules.items import FIELDS as SETTINGS
from core.values.people import Role

ASKED = {
    "orders": "订单", "order": "查单", "ship": "发货", "delay": "延迟", "hold": "拦截", "release": "放行",
    "pending": "待办", "approve": "批准", "reject": "拒绝", "retry": "重试", "stock": "库存", "setstock": "改库存",
    "item": "商品", "pause_auto": "暂停", "resume_auto": "恢复", "stop_all": "急停", "resume_all": "恢复运行",
    "takeover": "接管", "done": "结束接管", "stats": "统计", "health": "健康", "whoami": "我是谁", "cancel": "取消",
    "help": "帮助", "notify": "通知", "mute": "静音", "unmute": "取消静音", "resend": "再发",
}  # fmt: skip
ROWS = {row.name: row for row in TABLE.rows}


@pytest.mark.parametrize("name", ASKED)
def test_the_shop_has_every_command_asked_for_under_both_words(name: str):
    assert TABLE.find(name) is TABLE.find(ASKED[name]) is ROWS[name]


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.name)
def test_a_handler_takes_what_its_row_reads(row: Command):
    expected = ["ask", *(argument.name for argument in row.arguments)]
    for handler in (row.run, row.preview):
        if handler is not None:
            assert list(inspect.signature(handler).parameters) == expected


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.name)
def test_a_row_is_whole(row: Command):
    assert row.topic in TOPICS
    assert row.role is None or row.role in RANKS
    assert re.fullmatch(r"[a-z_]{1,32}", row.name), "a chat platform's menu takes no other letters"
    assert all(fold(word) == word and " " not in word for word in row.spellings)
    assert row.preview is None or row.mutating


def test_only_binding_start_and_whoami_answer_a_stranger():
    assert [row.name for row in TABLE.rows if row.role is None] == ["bind", "start", "whoami"]


def test_nobody_but_an_operator_acts():
    """But for the code that makes an owner, and everybody's own language."""
    acting = [row.name for row in TABLE.rows if row.mutating and row.role in (None, Role.viewer)]
    assert acting == ["bind", "lang"]


def test_leaving_the_emergency_stop_is_the_owners_and_entering_it_needs_no_question():
    assert ROWS["resume_all"].role is Role.owner
    assert ROWS["resume_all"].preview is not None
    assert ROWS["stop_all"].preview is None


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.name)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_example_calls_its_own_row(row: Command, locale: str):
    assert TABLE.find(read_line(load(locale)(f"example.{row.name}")).word) is row


def test_the_markdown_lists_every_command():
    text = markdown(TABLE)
    assert all(f"`/{row.name}`" in text and row.chinese in text for row in TABLE.rows)
    assert len(text.splitlines()) == len(TABLE.rows) + 2


def test_the_chinese_settings_are_settings():
    assert set(FIELDS.values()) == set(SETTINGS)


def test_two_rows_cannot_share_a_word():
    row = ROWS["help"]
    with pytest.raises(ValueError, match="share"):
        type(TABLE)((row, row))
