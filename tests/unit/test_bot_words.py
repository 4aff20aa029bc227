"""Reading what people type: commands, numbers, times, hostile input."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.auth import Attachment
from bot.commands.command import read_arguments
from bot.commands.readers import Source, decode_file
from bot.commands.table import TABLE
from bot.commands.when import read_instant, read_seconds
from bot.commands.words import MAX_CHARS, read_line
from core.errors import BadArgument, Refused
from tests.counter import open_counter

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


@pytest.mark.parametrize(
    "typed",
    ["发货 42", "/发货 42", "／发货　42", "发货 ４２", "发货42", " 发货  42 ", "发货@my_bot 42", "\u200b发货 42\ufeff"],
)
def test_the_ways_of_typing_a_command_are_one(typed: str):
    line = read_line(typed)
    assert (line.word, [token.text for token in line.tokens]) == ("发货", ["42"])


def test_a_full_width_hash_is_a_hash():
    assert read_line("／SHIP ＃42").tokens[0].text == "#42"
    assert read_line("发货＃42").tokens[0].text == "#42"


def test_letters_are_read_in_any_case():
    assert read_line("/Ship@Zhanggui_Bot 42").word == "ship"


@pytest.mark.parametrize("digits", ["④②", "4²", "٤٢", "४२", "Ⅳ"])
def test_strange_digits_are_no_number(digits: str):
    token = read_line(f"发货 {digits}").tokens[0].text
    assert not (token.isascii() and token.isdigit())


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "no_words"),
        ("  \n ", "no_words"),
        ("/", "no_words"),
        ("发货\x00 42", "odd_signs"),
        ("\u202e发货 42", "odd_signs"),
        ("发货 \x1b[31m42", "odd_signs"),
        ("发货 \ud800", "odd_signs"),
        ("发" * (MAX_CHARS + 1), "words_too_long"),
        ("9" * 100_000, "words_too_long"),
    ],
)
def test_what_cannot_be_a_command_is_refused_clearly(typed: str, key: str):
    with pytest.raises(BadArgument) as refused:
        read_line(typed)
    assert refused.value.key == key


def test_words_for_a_buyer_stay_as_typed():
    source = Source(read_line("回复 c7 价格是 ４９元，④ 天内发\n好的"), None, NOW, ZONE)  # type: ignore[arg-type] - no engine is asked
    source.take()
    assert source.take_rest() == "价格是 ４９元，④ 天内发\n好的"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30m", 1800),
        ("2h", 7200),
        ("半小时", 1800),
        ("2小时", 7200),
        ("两个小时", 7200),
        ("十分钟", 600),
        ("1d", 86400),
        ("90分", 5400),
    ],
)
def test_lengths_are_read_as_people_say_them(typed: str, seconds: int):
    assert read_seconds(typed) == seconds


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("21:00", "2026-11-21 21:00"),
        ("11:30", "2026-11-22 11:30"),
        ("until21:00", "2026-11-21 21:00"),
        ("到21点半", "2026-11-21 21:30"),
        ("明天9:00", "2026-11-22 09:00"),
        ("今晚", "2026-11-21 21:00"),
        ("tonight", "2026-11-21 21:00"),
        ("30m", "2026-11-21 12:30"),
    ],
)
def test_times_are_the_next_ones_in_shop_time(typed: str, there: str):
    assert read_instant(typed, NOW, ZONE).astimezone(ZONE).strftime("%Y-%m-%d %H:%M") == there


@pytest.mark.parametrize(
    ("typed", "key"),
    [("25:00", "no_time"), ("soon", "no_time"), ("0m", "time_out_of_range"), ("99d", "time_out_of_range")],
)
def test_no_time_is_refused(typed: str, key: str):
    with pytest.raises(BadArgument) as refused:
        read_instant(typed, NOW, ZONE)
    assert refused.value.key == key


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_a_file_of_keys_is_read_as_people_save_it(codec: str):
    assert decode_file(Attachment(name="卡密.txt", content="卡密-1\n卡密-2".encode(codec))).splitlines() == [
        "卡密-1",
        "卡密-2",
    ]


def test_a_picture_is_no_file_of_keys():
    with pytest.raises(BadArgument):
        decode_file(Attachment(name="a.jpg", content=b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(128, 256))))


@pytest.mark.parametrize(
    ("typed", "near"), [("发或", "发货"), ("ordrs", "orders"), ("helth", "health"), ("批淮", "批准")]
)
def test_a_near_miss_gets_one_suggestion(typed: str, near: str):
    assert TABLE.find(typed) is None
    assert TABLE.suggest(typed) == near


def test_what_is_near_nothing_gets_none():
    assert TABLE.suggest("今天天气不错啊") is None


def test_the_command_reader_never_raises_anything_but_a_refusal(tmp_path: Path):
    """Any words at all, and any words behind each command of the table."""
    loop = asyncio.new_event_loop()
    opened = open_counter(tmp_path)
    counter = loop.run_until_complete(opened.__aenter__())
    heads = st.sampled_from([word for row in TABLE.rows for word in row.spellings])
    pieces = st.sampled_from(
        ["#1", "c1", "p1", "30m", "all", "<9", "kept:1", "failed", "∞", "\n", "a1", "21:00", "９", "永久"]
    ) | st.text(max_size=12)

    async def read(words: str) -> None:
        line = read_line(words)
        row = TABLE.find(line.word)
        if row is not None:
            await read_arguments(row, Source(line, counter.engine, NOW, ZONE))

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.text(max_size=80) | st.tuples(heads, st.lists(pieces, max_size=6)).map(lambda p: f"{p[0]} {' '.join(p[1])}")
    )
    def check(words: str) -> None:
        with suppress(Refused):
            loop.run_until_complete(read(words))

    try:
        check()
    finally:
        loop.run_until_complete(opened.__aexit__(None, None, None))
        loop.close()
