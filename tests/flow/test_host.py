"""Commands from the shell: the same table, the same gate, the same record, on a running shop or on its file alone."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from core.tools.control import FILE
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import OPERATOR, open_counter
from tests.mortal import mortal


def zhanggui(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ZHANGGUI__SHOP__DATA_DIR": str(folder / "data"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args], capture_output=True, text=True, env=env, timeout=60, check=False
    )


@contextmanager
def a_shop(folder: Path, *options: str, stderr: int | IO[bytes] = subprocess.PIPE) -> Iterator[Path]:
    """A shop as a process of its own, without accounts or chats; `options` are the interpreter's."""
    env = {**os.environ, "ZHANGGUI__SHOP__DATA_DIR": str(folder / "data")}
    command = mortal("bot", "run", "--headless", options=options)
    with subprocess.Popen(command, env=env, stderr=stderr, stdin=subprocess.DEVNULL) as shop:
        end = time.monotonic() + 20
        while not (folder / "data" / FILE).exists():
            assert time.monotonic() < end, "the shop did not start"
            time.sleep(0.05)
        yield folder
        shop.send_signal(signal.SIGTERM)
        assert shop.wait(20) == 0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    with a_shop(tmp_path) as folder:
        yield folder


def acts(folder: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / "data" / "shop.db")) as file:
        return file.execute("SELECT who, chat, verb FROM acts ORDER BY id").fetchall()


def test_a_running_shop_does_what_the_shell_says_and_records_the_host(running: Path):
    stopped = zhanggui(running, "do", "急停")
    assert stopped.returncode == 0, stopped.stderr
    assert "急停中" in stopped.stdout
    asked = zhanggui(running, "do", "恢复运行")
    assert "？" in asked.stdout, "a weighty act asks"
    assert len(acts(running)) == 1
    assert "自动运行中" in zhanggui(running, "do", "--yes", "恢复运行").stdout
    assert acts(running) == [
        ("terminal:host", "terminal:host", "stop_all"),
        ("terminal:host", "terminal:host", "resume_all"),
    ]


def test_the_nights_copies_lie_in_a_folder_their_user_can_enter(running: Path):
    backups, end = running / "data" / "backups", time.monotonic() + 20
    while not list(backups.glob("zhanggui-*.zip")):
        assert time.monotonic() < end, "no copy was made"
        time.sleep(0.05)
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700
    assert stat.S_IMODE((running / "data" / FILE).stat().st_mode) == 0o600


def test_what_is_refused_ends_with_one(running: Path):
    done = zhanggui(running, "do", "胡说八道")
    assert done.returncode == 1
    assert "没有" in done.stdout
    assert zhanggui(running, "do", "--as", "nobody", "健康").returncode == 1
    assert acts(running) == []


def test_the_desk_is_loaded_when_the_shell_first_asks_for_it(tmp_path: Path):
    """It is several megabytes; a shop without a chat does without them."""
    told = tmp_path / "imports"
    with told.open("wb") as stderr, a_shop(tmp_path, "-X", "importtime", stderr=stderr):
        assert "core.engine.front" in told.read_text()
        assert "bot.commands" not in told.read_text()
        assert zhanggui(tmp_path, "do", "健康").returncode == 0
        assert "bot.commands" in told.read_text()


def test_unknown_records_are_read_again_by_the_shop_that_runs(running: Path):
    done = zhanggui(running, "replay", "unknown")
    assert (done.returncode, done.stdout) == (0, "read 0\nstill unreadable: 0\n")


def test_status_is_what_health_says(running: Path):
    assert "版本" in zhanggui(running, "status").stdout


def test_without_a_running_shop_the_same_is_done_on_its_file(tmp_path: Path):
    assert "急停中" in zhanggui(tmp_path, "do", "急停").stdout
    assert acts(tmp_path) == [("terminal:host", "terminal:host", "stop_all")]


async def test_in_a_members_name_the_members_role_counts(tmp_path: Path):
    from bot.fronts.host import Host

    async with open_counter(tmp_path) as c:
        host = Host(c.engine, "zh")
        refused = await host.do("改库存 p1 5", who=OPERATOR)
        assert refused[0].ref == "refused:0"
        await host.do("急停", who="张三")
        view = await c.engine.pauses.show()
        assert view.stopped
        assert view.pauses[0].by == "张三"


def an_order(tx) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", auto_ship="on", price="50", text="好的")
    stockroom.learn(tx, account, stockroom.record(1, "900001", PlatformStatus.pending_ship, 1))


async def test_a_table_of_orders_comes_back_as_a_file(tmp_path: Path):
    from bot.fronts.host import Host

    async with open_counter(tmp_path) as c:
        await c.store.write(an_order)
        line = await Host(c.engine, "zh").answer_line({"verb": "do", "words": "导出 orders 今天"})
        assert line["ok"] is True
        assert line.get("file"), line["text"]
