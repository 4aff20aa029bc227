"""/logs: the newest lines for the owner, in private; many as a file; nothing secret, nothing that breaks a card."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.engine.logs import PIECE
from core.log import FILE, FOLDER, KEPT_FILES, KeptLines, keep_log, list_kept
from core.values.logs import LogSearch
from core.values.people import ChatKind
from tests.counter import OPERATOR, OWNER, Counter, open_counter

TOKEN = f"7012345678:{'AbC-_' * 7}"
LOG = logging.getLogger("zhanggui.test")


@contextmanager
def kept(folder: Path, largest: int | None = None) -> Iterator[KeptLines]:
    """The log as a running shop keeps it."""
    root, level = logging.getLogger(), logging.getLogger().level
    handler = keep_log(folder)
    if largest is not None:
        handler.maxBytes = largest
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


async def ask(c: Counter, words: str, who: str = OWNER):
    await c.engine.rooms.bind(who, ChatKind.private)
    await c.type(words, who, chat=who, chat_kind=ChatKind.private)
    return c.last.card


@pytest.fixture
async def c(tmp_path: Path):
    async with open_counter(tmp_path) as counter:
        counter.engine.logs._data_dir = tmp_path
        yield counter


async def test_the_newest_lines_stand_on_the_card(c: Counter, tmp_path: Path):
    with kept(tmp_path):
        for n in range(25):
            LOG.info("line %d", n)
        card = await ask(c, "日志")
    lines = card.note.splitlines()
    assert len(lines) == 20
    assert lines[-1].endswith("I test: line 24")
    assert card.file is None


async def test_number_level_and_text_choose(c: Counter, tmp_path: Path):
    with kept(tmp_path):
        LOG.info("Telegram is well")
        LOG.warning("telegram polling fails")
        LOG.warning("wecom is away")
        LOG.error("nothing works")
        assert len((await ask(c, "日志 2")).note.splitlines()) == 2
        assert len((await ask(c, "logs warning")).note.splitlines()) == 3
        assert (await ask(c, "日志 50 警告 TELEGRAM")).note.endswith("W test: telegram polling fails")
        assert "没有" in (await ask(c, "日志 nobody wrote this")).title
        assert (await ask(c, "日志 0")).ref == "refused:0"
        assert (await ask(c, "日志 99999")).ref == "refused:0"


async def test_many_lines_come_as_a_file(c: Counter, tmp_path: Path):
    with kept(tmp_path):
        for n in range(200):
            LOG.info("line %d", n)
        card = await ask(c, "日志 100")
    assert card.file is not None
    lines = card.file.content.decode().splitlines()
    assert (len(lines), lines[0].endswith("line 100"), lines[-1].endswith("line 199")) == (100, True, True)
    assert card.note.splitlines()[-1].endswith("line 199")


async def test_a_group_gets_none_and_an_operator_neither(c: Counter, tmp_path: Path):
    with kept(tmp_path):
        LOG.error("a line for the owner")
        await c.type("日志", OWNER)
        assert "私聊" in c.last.card.note
        assert "a line for the owner" not in c.last.card.note
        assert (await ask(c, "日志", OPERATOR)).ref == "refused:0"


async def test_a_hostile_line_is_one_line_on_the_card(c: Counter, tmp_path: Path):
    """Bidi, zero-width, line breaks and 100 kB; a phone number is masked."""
    with kept(tmp_path):
        LOG.error("a\u202eb\u200bc\nsecond 13912345678 %s", "x" * 100_000)
        card = await ask(c, "日志 1")
    assert len(card.note.splitlines()) == 1
    assert "\u202e" not in card.note
    assert "13912345678" not in card.note
    assert len(card.note) <= 200


def test_a_kept_line_is_json_without_a_token_and_with_its_traceback(tmp_path: Path):
    with kept(tmp_path):
        try:
            raise OSError(f"no route to bot{TOKEN}/getMe")
        except OSError:
            LOG.exception("bot%s\nfails", TOKEN)
    (line,) = (tmp_path / FOLDER / FILE).read_text("utf-8").splitlines()
    said = json.loads(line)
    assert said["level"] == "ERROR"
    assert "Traceback" in said["text"]
    assert "AbC" not in line


def test_the_files_are_the_owners_alone_and_never_more_than_five(tmp_path: Path):
    with kept(tmp_path, 2000):
        for n in range(300):
            LOG.info("a line that fills its file %d", n)
    files = list_kept(tmp_path)
    assert len(files) == KEPT_FILES
    assert len(list((tmp_path / FOLDER).iterdir())) == KEPT_FILES
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    assert oct((tmp_path / FOLDER).stat().st_mode & 0o777) == "0o700"
    assert max(file.stat().st_size for file in files) <= 2000


async def test_lines_are_found_over_rotated_files_and_pieces_newest_last(c: Counter, tmp_path: Path):
    with kept(tmp_path, 3 * PIECE):
        for n in range(3000):
            LOG.info("%s %d", "字" * 30, n)
    assert len(list_kept(tmp_path)) > 1
    found = await c.engine.logs.find(LogSearch(most=2500))
    assert [int(line.text.split()[1]) for line in found] == list(range(500, 3000))


async def test_a_line_that_was_cut_off_hides_no_other(c: Counter, tmp_path: Path):
    with kept(tmp_path):
        LOG.info("before")
    with (tmp_path / FOLDER / FILE).open("a") as file:
        file.write('{"at": "2026-11-\n\x00\xff\n')
    with kept(tmp_path):
        LOG.info("after")
    assert [line.text for line in await c.engine.logs.find(LogSearch())] == ["before", "after"]


async def test_a_shop_that_keeps_no_log_says_so(c: Counter):
    assert "没有" in (await ask(c, "日志")).title


def test_the_console_may_be_quieter_than_what_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from core.log import open_log

    root, level = logging.getLogger(), logging.getLogger().level
    console = logging.StreamHandler()
    open_log(console, logging.WARNING)
    try:
        with kept(tmp_path):
            LOG.info("an everyday thing")
    finally:
        root.removeHandler(console)
        root.setLevel(level)
    assert "an everyday thing" not in capsys.readouterr().err
    assert "an everyday thing" in (tmp_path / FOLDER / FILE).read_text("utf-8")


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path):
    with kept(tmp_path):
        (tmp_path / FOLDER).rmdir()
        (tmp_path / FOLDER).write_text("no folder")
        LOG.info("a line lost")
