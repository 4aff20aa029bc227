"""Who has pictures drawn: a process a picture, in time, not too many at once, and no secret in it."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cards.pictures import daily_chart
from bot.charts.chart import Bars, Chart
from bot.charts.drawing import Workers
from tests import figures

CHART = Chart(title="x", panels=(Bars(title="x", bars=()),))
SLOW = "import sys, time, os; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); sys.stdin.read(); time.sleep(30)"
TOLD = "import json, os, sys; sys.stdin.read(); print(json.dumps(dict(os.environ)))"
BRIEF = """
import pathlib, sys, time
sys.stdin.read(); here = pathlib.Path(sys.argv[1]); mine = here / str(time.monotonic_ns())
mine.touch(); print(len(list(here.iterdir()))); time.sleep(0.1); mine.unlink()
"""


def worker(code: str, *more: str) -> Sequence[str]:
    return (sys.executable, "-c", code, *more)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_days_picture_is_drawn_by_a_process_that_then_ends(tmp_path: Path) -> None:
    picture = await Workers(tmp_path).draw(daily_chart(figures.day_report(), figures.pen()))
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert "matplotlib.pyplot" not in sys.modules


async def test_a_worker_that_takes_too_long_is_killed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pids = tmp_path / "pids"
    assert await Workers(tmp_path, deadline_s=0.6, worker=worker(SLOW, str(pids))).draw(CHART) is None
    assert "longer than 0.6 s" in caplog.text
    assert not is_alive(int(pids.read_text()))


async def test_a_question_nobody_waits_for_any_more_leaves_no_process(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    asking = asyncio.create_task(Workers(tmp_path, worker=worker(SLOW, str(pids))).draw(CHART))
    async with asyncio.timeout(10):
        while not pids.exists() or not pids.read_text().endswith("\n"):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.02)
    asking.cancel()
    await asyncio.wait([asking])
    assert not is_alive(int(pids.read_text()))


async def test_a_worker_that_fails_is_one_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    failing = worker("import sys; sys.stdin.read(); raise ValueError('a bad day')")
    assert await Workers(tmp_path, worker=failing).draw(CHART) is None
    assert await Workers(tmp_path, worker=("/nonexistent/python",)).draw(CHART) is None
    assert "a bad day" in caplog.text
    assert len(caplog.records) == 2


async def test_who_asks_ten_times_gets_a_few_pictures_one_after_the_other(tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    busy.mkdir()
    workers = Workers(tmp_path, worker=worker(BRIEF, str(busy)), waiting=4)
    drawn = [picture for picture in await asyncio.gather(*(workers.draw(CHART) for _ in range(10))) if picture]
    assert drawn == [b"1\n"] * 4
    assert await workers.draw(CHART) == b"1\n"


async def test_without_the_bound_all_ten_would_be_drawn(tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    busy.mkdir()
    workers = Workers(tmp_path, worker=worker(BRIEF, str(busy)), waiting=100)
    assert len([one for one in await asyncio.gather(*(workers.draw(CHART) for _ in range(10))) if one]) == 10


async def test_a_worker_is_told_no_secret(tmp_path: Path) -> None:
    os.environ["ZHANGGUI__AI__API_KEY"] = "sk-secret"
    try:
        told = json.loads(await Workers(tmp_path, worker=worker(TOLD)).draw(CHART) or b"")
    finally:
        del os.environ["ZHANGGUI__AI__API_KEY"]
    assert not [name for name in told if "ZHANGGUI" in name]
    assert told["MPLCONFIGDIR"] == str(tmp_path)


async def test_a_sign_of_ours_the_font_lacks_fails_the_drawing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert await Workers(tmp_path).draw(CHART.model_copy(update={"title": "😀"})) is None
    assert "Glyph" in caplog.text
