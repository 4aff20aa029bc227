"""`zhanggui chart`: a picture of a file, beside whoever runs it."""

import argparse
import struct
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.__main__ import main
from bot.cards.pen import Pen
from bot.cards.pictures import daily_chart
from bot.host import charts
from bot.texts import load
from core import lock
from core.clock import ManualClock
from core.store.db import Store
from core.tools.figures import open_figures
from tests import living
from tests.stockroom import NOW

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def shop(tmp_path: Path) -> Path:
    """A file in which something happened, with the setting that names it."""
    store = await Store.open(tmp_path / "data")
    await store.write(living.live)
    await store.close()
    config = tmp_path / "config.toml"
    config.write_text(f'[shop]\ndata_dir = "{tmp_path / "data"}"\n')
    return config


@pytest.mark.parametrize(
    "asked", [["daily", "--date", "2026-11-21"], ["sales"], ["orders", "--days", "7"], ["stock", "--days", "30"]]
)
def test_a_picture_is_drawn_while_the_shop_runs(shop: Path, asked: list[str], capsys: pytest.CaptureFixture[str]):
    out = shop.parent / "picture.png"
    with lock.hold(shop.parent / "data"):
        assert main(["chart", *asked, "--out", str(out), "--config", str(shop)]) == 0
    picture = out.read_bytes()
    assert picture.startswith(PNG)
    assert struct.unpack(">II", picture[16:24]) == (1280, 720)
    assert len(picture) < 300_000
    assert str(len(picture)) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["daily", "--date", "2999-01-01"], "still to come"),
        (["daily", "--days", "7"], "--days of the others"),
        (["sales", "--date", "2026-11-21"], "--date is of daily alone"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(shop: Path, asked: list[str], words: str, capsys: pytest.CaptureFixture[str]):
    assert main(["chart", *asked, "--out", str(shop.parent / "x.png"), "--config", str(shop)]) == 1
    assert words in capsys.readouterr().err
    assert not (shop.parent / "x.png").exists()


def test_a_folder_without_a_shop_says_so_and_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    config = tmp_path / "config.toml"
    config.write_text(f'[shop]\ndata_dir = "{tmp_path / "data"}"\n')
    assert main(["chart", "daily", "--out", str(tmp_path / "x.png"), "--config", str(config)]) == 1
    assert "no shop here" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("asked", [["--days", "0"], ["--days", "32"], ["--days", "x"], ["--date", "2026-13-01"]])
def test_a_wrong_number_of_days_exits_with_two(asked: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["chart", "sales", *asked, "--out", "x.png"])
    assert left.value.code == 2
    assert "wanted" in capsys.readouterr().err


async def test_the_days_picture_has_what_was_paid_until_now_as_in_the_chat(shop: Path):
    """By itself it is the day so far; only a day that is named is told as the report told it."""
    zone, clock = ZoneInfo("Asia/Shanghai"), ManualClock(NOW)
    pen = Pen(load("zh"), zone, NOW)
    args = argparse.Namespace(kind="daily", date=None, days=None)
    async with open_figures(shop.parent / "data", zone, clock) as figures:
        assert await charts._read(args, figures, pen) == daily_chart(await figures.so_far(), pen)
        assert daily_chart(await figures.so_far(), pen) != daily_chart(await figures.told(figures.today), pen)
        args.date = figures.today
        assert await charts._read(args, figures, pen) == daily_chart(await figures.told(figures.today), pen)
