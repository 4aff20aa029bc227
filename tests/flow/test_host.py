"""Commands from the shell: the same table, the same gate, the same record, on a running shop or on its file alone."""

import hashlib
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

from core.store.db import prepare
from core.store.vault import KEY_FILE
from core.tools.control import FILE
from core.values.orders import PlatformStatus
from tests import stockroom
from tests.counter import OPERATOR, open_counter
from tests.mortal import mortal
from tests.unit.test_backup import WRONG_BOOKS


def zhanggui(folder: Path, *args: str, place: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """A call of the command line; at a `place`, by what the file there says alone."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path.cwd()), **more}
    if place is None:
        env["ZHANGGUI__SHOP__DATA_DIR"] = str(folder / "data")
    command = [sys.executable, "-m", "bot", *args]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False, cwd=place)


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


@pytest.mark.parametrize("words", [("status",), ("do", "急停"), ("replay", "unknown"), ("replay", "quarantined")])
@pytest.mark.parametrize("exists", [True, False])
def test_where_no_shop_lies_none_is_made(tmp_path: Path, words: tuple[str, ...], exists: bool):
    if exists:
        (tmp_path / "data").mkdir()
    done = zhanggui(tmp_path, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no shop here" in done.stderr and "as it stands" not in done.stderr
    assert (tmp_path / "data").exists() is exists
    assert not exists or not list((tmp_path / "data").iterdir())


def test_a_shop_whose_key_is_gone_gets_no_new_one_from_the_shell(tmp_path: Path):
    prepare(tmp_path / "data")
    (tmp_path / "data" / KEY_FILE).unlink()
    done = zhanggui(tmp_path, "do", "待办")
    assert done.returncode == 1
    assert "key export" in done.stderr
    assert not (tmp_path / "data" / KEY_FILE).exists()


def test_of_a_shop_that_was_killed_status_does_not_say_that_it_runs(tmp_path: Path):
    env = {"ZHANGGUI__ACCOUNTS__0__NAME": "main", "ZHANGGUI__ACCOUNTS__0__WS_URL": "ws://127.0.0.1:9/"}
    with a_shop(tmp_path):
        assert "没有在运行" not in zhanggui(tmp_path, "status").stdout
    with closing(sqlite3.connect(tmp_path / "data" / "shop.db")) as file, file:
        file.execute(
            "INSERT INTO accounts (name, shop, platform, state, changed_at) VALUES ('main', 'main', 'xianyu', 'online', 1)"
        )
    said = zhanggui(tmp_path, "status", **env).stdout
    assert "没有在运行" in said
    assert "离线" in said
    assert "在线" not in said and "已运行" not in said


@pytest.mark.parametrize(
    "broken", ["[shop", "[shop]\nlocale = 'xx'\ndata_dir = 'data'\n", "[shop]\ndata_dir = 'data'\n}\n"]
)
def test_a_broken_configuration_keeps_nobody_from_the_shop_that_runs(running: Path, broken: str):
    """It is read again while the shop runs: a slip in an editor must not take the emergency stop away."""
    (running / "config.toml").write_text(broken)
    for words in (("do", "急停"), ("status",), ("health",), ("backup", "copy.zip")):
        done = zhanggui(running, *words, place=running)
        assert done.returncode == 0, (words, done.stderr)
        assert words[0] == "do" or "config.toml" in done.stderr or "locale" in broken
    assert acts(running) == [("terminal:host", "terminal:host", "stop_all")]


def test_without_a_running_shop_the_same_is_done_on_its_file(tmp_path: Path):
    prepare(tmp_path / "data")
    assert "急停中" in zhanggui(tmp_path, "do", "急停").stdout
    assert acts(tmp_path) == [("terminal:host", "terminal:host", "stop_all")]


def test_who_is_nobody_is_said_in_words(tmp_path: Path):
    prepare(tmp_path / "data")
    done = zhanggui(tmp_path, "do", "--as", "m9", "健康")
    assert done.returncode == 1
    assert "没有「m9」这个人" in done.stderr and "{" not in done.stderr


def test_a_login_without_a_network_is_said_in_words(tmp_path: Path):
    nowhere = {"ZHANGGUI__ACCOUNTS__0__NAME": "main", "ZHANGGUI__ACCOUNTS__0__PASSPORT_URL": "http://127.0.0.1:9"}
    done = zhanggui(tmp_path, "login", "main", **nowhere)
    assert done.returncode == 1
    assert "平台连不上" in done.stderr and "{" not in done.stderr


def test_two_accounts_of_one_name_are_said_with_their_place(tmp_path: Path):
    (tmp_path / "config.toml").write_text("[[accounts]]\nname = 'a'\n[[accounts]]\nname = 'a'\n")
    done = zhanggui(tmp_path, "check", "--config", str(tmp_path / "config.toml"))
    assert done.returncode == 1
    assert "config.toml 的 accounts" in done.stdout


def test_a_copy_of_wrong_books_is_made_and_told(tmp_path: Path):
    path, _ = prepare(tmp_path / "data")
    done = zhanggui(tmp_path, "backup", str(tmp_path / "right.zip"))
    assert (done.returncode, "WARNING" in done.stderr) == (0, False)
    raw = (tmp_path / "right.zip").read_bytes()
    assert f"{len(raw)} bytes, sha256 {hashlib.sha256(raw).hexdigest()}" in done.stdout
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(WRONG_BOOKS)
    done = zhanggui(tmp_path, "backup", str(tmp_path / "wrong.zip"))
    assert done.returncode == 0 and (tmp_path / "wrong.zip").is_file()
    assert "`restore` will refuse this copy: it breaks a law" in done.stderr
    assert "breaks a law" in zhanggui(tmp_path, "restore", str(tmp_path / "wrong.zip")).stderr


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
