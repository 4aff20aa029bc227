"""`zhanggui check`: what is wrong is seen in its line with the next step, and a running shop keeps what it has open."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.fronts.checks import check_line
from bot.texts import load
from core.clock import SystemClock
from core.config import Config
from core.outside.ports import Listener, Market
from core.run import open_shop
from core.store.schema import newest
from core.tools.control import serve
from core.tools.folder import check_folder, undisturbed
from core.values.checks import CheckLine, Part
from core.values.vitals import LineState
from tests.flow.shop import Day, open_day


def keys(lines: list[CheckLine], part: Part) -> dict[str, bool]:
    return {line.key.split(".")[1]: line.ok for line in lines if line.part is part}


async def look(day: Day) -> list[CheckLine]:
    return await day.shop.check(running=True)


# -- accounts, model, clock


async def test_a_shop_in_good_order_is_all_ok(tmp_path: Path):
    async with open_day(tmp_path, model=True) as day:
        lines = await look(day)
        assert keys(lines, Part.account) == {"account_ok": True}
        assert keys(lines, Part.model) == {"model_ok": True}
        assert [line.about for line in lines if line.part is Part.account] == ["shop"]


@pytest.mark.parametrize(
    ("fault", "key"), [("expired_session", "login_expired"), ("rgv587", "challenged"), ("http_5xx", "account_down")]
)
async def test_a_login_that_fails_is_named_by_its_cause(tmp_path: Path, fault: str, key: str):
    async with open_day(tmp_path) as day:
        await day.world.control.fault(fault, probability=1)
        assert keys(await look(day), Part.account) == {key: False}


class SaysOk:
    """A market that is not asked."""

    def __init__(self, market: Market) -> None:
        self.user_id = market.user_id
        self.line = LineState()

    async def probe(self, _: Listener) -> None:
        return


async def test_a_check_that_does_not_ask_would_say_ok(tmp_path: Path):
    """The control: everything the socket's state and the stored cookies show is well while the login is gone."""
    async with open_day(tmp_path) as day:
        await day.world.control.fault("expired_session", probability=1)
        real = dict(day.shop.work.markets)
        day.shop.work.markets["shop"] = SaysOk(real["shop"])  # type: ignore[index]
        assert keys(await look(day), Part.account) == {"account_ok": True}
        day.shop.work.markets.update(real)  # type: ignore[attr-defined]
        assert keys(await look(day), Part.account) == {"login_expired": False}


async def test_a_running_shops_connection_stays_as_it_is(tmp_path: Path):
    async with open_day(tmp_path) as day:
        before = await standing(day)
        for _ in range(3):
            assert keys(await look(day), Part.account) == {"account_ok": True}
        assert await standing(day) == before


async def standing(day: Day) -> tuple[object, ...]:
    """The sockets that stand in the world, how many tokens were fetched, and since when the shop is online."""
    state = await day.world.control.get("/state")
    sockets = [(one["account"], one["registered"], one["silent"]) for one in state["connections"]]
    tokens = state["api_calls"].get("mtop.taobao.idlemessage.pc.login.token")
    return sockets, tokens, (await day.rows("SELECT state, changed_at FROM accounts"))[0]["changed_at"]


async def test_a_socket_that_is_down_is_told_although_the_login_works(tmp_path: Path):
    async with open_day(tmp_path) as day:
        await day.shop._supervisor.stop("market-shop")
        await day.shop.listener.disconnected("shop", "closed 1006")
        (line,) = [one for one in await look(day) if one.part is Part.account]
        assert (line.key, line.ok) == ("check.account_offline", False)
        assert "closed 1006" in str(line.facts["reason"])


@asynccontextmanager
async def refusing(status: int) -> AsyncIterator[str]:
    """A model's server that refuses everything."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} No\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@pytest.mark.parametrize(("status", "key"), [(401, "model_refused"), (503, "model_down")])
async def test_a_model_that_does_not_answer_is_told_by_its_cause(tmp_path: Path, status: int, key: str):
    async with refusing(status) as address:
        told = {"ai.base_url": address, "ai.api_key": "k", "ai.model": "m"}
        async with open_day(tmp_path, settings=told) as day:
            assert keys(await look(day), Part.model) == {key: False}


class Slow(SystemClock):
    """A machine whose clock is behind."""

    def __init__(self, behind: timedelta) -> None:
        super().__init__()
        self._behind = behind

    def now(self):
        return super().now() - self._behind


@pytest.mark.parametrize(("behind_s", "key"), [(0, "clock_ok"), (240, "clock_wrong")])
async def test_a_clock_that_is_apart_is_told(tmp_path: Path, behind_s: int, key: str):
    async with open_day(tmp_path, opened=False, speed=1.0) as day:
        config = day.config()
        config = config.model_copy(update={"clock": Config().clock})
        async with open_shop(config, clock=Slow(timedelta(seconds=behind_s))) as shop:
            lines = [line for line in await shop.check(running=False) if line.part is Part.clock]
            assert [line.key for line in lines] == [f"check.{key}"]
            assert abs(int(lines[0].facts["seconds"]) - behind_s) <= 5


async def test_what_a_question_to_a_stopped_shop_renews_is_kept(tmp_path: Path):
    """Cookies that the server renewed must be stored, or the next start has old ones."""
    async with open_day(tmp_path, opened=False) as day:
        await day.build()
        await day.world.control.fault("expired_token", times=1, on="loginuser.get")
        await day.shop.check(running=False)
        assert (await day.rows("SELECT link FROM accounts"))[0]["link"]
        assert await day.one("SELECT count(*) FROM notices") == 0
        await day.close()


async def test_an_account_without_a_login_does_not_hide_the_others(tmp_path: Path):
    async with open_day(tmp_path, accounts=("shop", "second"), opened=False) as day:
        config = day.config()
        (tmp_path / "second.cookie").unlink()
        async with open_shop(config, clock=day.clock) as shop:
            found = {line.about: line.key for line in await shop.check(running=False) if line.part is Part.account}
            assert found == {"shop": "check.account_ok", "second": "check.no_login"}


# -- the data folder


def test_a_new_folder_is_ok_and_stays_unmade(tmp_path: Path):
    folder = tmp_path / "data"
    assert [line.key for line in check_folder(folder)] == ["check.folder_new"]
    with undisturbed(folder) as passing:
        assert passing != folder
    assert not folder.exists()


async def test_a_folder_is_told_by_what_is_wrong_with_it(tmp_path: Path):
    async with open_shop(Config.model_validate({"shop": {"data_dir": tmp_path}})):
        pass
    path, key = tmp_path / "shop.db", tmp_path / "key"
    assert all(line.ok for line in check_folder(tmp_path))
    with undisturbed(tmp_path) as passing:
        assert passing == tmp_path
    key.chmod(0o644)
    assert _wrong(tmp_path) == ["check.key_open"]
    key.chmod(0o600)
    key.write_text("nonsense")
    assert _wrong(tmp_path) == ["check.key_wrong"]
    key.unlink()
    assert _wrong(tmp_path) == ["check.key_wrong"]
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {newest() + 1}")
    assert "check.schema_newer" in _wrong(tmp_path)
    path.write_bytes(b"no database at all")
    assert "check.schema_wrong" in _wrong(tmp_path)


def _wrong(folder: Path) -> list[str]:
    return [line.key for line in check_folder(folder) if not line.ok]


async def test_a_check_does_not_bring_an_older_file_up_to_date(tmp_path: Path):
    """A look must not be an upgrade: whoever goes back to the older program still can."""
    async with open_shop(Config.model_validate({"shop": {"data_dir": tmp_path}})):
        pass
    with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
        file.execute(f"PRAGMA user_version = {newest() - 1}")
    assert "check.schema_older" in [line.key for line in check_folder(tmp_path)]
    with undisturbed(tmp_path) as passing:
        assert passing != tmp_path
        assert (passing / "shop.db").is_file()


# -- the command line


@pytest.fixture
def zhanggui(tmp_path: Path):
    def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
        told = {**os.environ, "ZHANGGUI__SHOP__DATA_DIR": str(tmp_path / "data"), "PYTHONIOENCODING": "utf-8", **env}
        return subprocess.run(
            [sys.executable, "-m", "bot", *args], capture_output=True, text=True, env=told, timeout=60, check=False
        )

    return run


def test_a_wrong_setting_is_one_line_and_ends_with_one(zhanggui):
    done = zhanggui("check", ZHANGGUI__SHOP__LOCALE="en", ZHANGGUI__AI__MODEL="m")
    assert done.returncode == 1
    assert done.stdout.startswith("wrong  configuration: ")
    assert "base_url is missing" in done.stdout


async def test_a_shop_in_good_order_ends_with_zero(tmp_path: Path, zhanggui):
    async with open_day(tmp_path, opened=False, speed=1.0) as day:
        env = {**day.environment(), "ZHANGGUI__CLOCK__SPEED": "1"}
        done = await asyncio.to_thread(zhanggui, "check", **env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert all(line.startswith("ok ") for line in done.stdout.splitlines())
        assert not (tmp_path / "data").exists()
        await day.world.control.fault("expired_session", probability=1)
        done = await asyncio.to_thread(zhanggui, "check", **env)
        assert done.returncode == 1
        assert "zhanggui login" in done.stdout


async def test_files_of_secrets_that_others_can_read_are_told(tmp_path: Path, zhanggui):
    async with open_day(tmp_path, opened=False, speed=1.0) as day:
        env = {**day.environment(), "ZHANGGUI__CLOCK__SPEED": "1"}
        config = tmp_path / "config.toml"
        config.write_text("[telegram]\ntoken = ''\n")
        config.chmod(0o644)
        (tmp_path / "shop.cookie").chmod(0o644)
        done = await asyncio.to_thread(zhanggui, "check", "--config", str(config), **env)
        assert done.returncode == 1
        assert f"chmod 600 {tmp_path / 'shop.cookie'}" in done.stdout
        assert f"chmod 600 {config}" not in done.stdout, "nothing secret stands in it"
        config.write_text("[ai]\nbase_url = 'http://127.0.0.1:9'\nmodel = 'm'\napi_key = 'sk-1'\n")
        done = await asyncio.to_thread(zhanggui, "check", "--config", str(config), **env)
        assert f"chmod 600 {config}" in done.stdout
        (tmp_path / "shop.cookie").unlink()
        done = await asyncio.to_thread(zhanggui, "check", **env)
        assert done.stderr == "", "no line of the log stands among its lines"


async def test_a_running_shop_is_asked_by_its_socket(tmp_path: Path, zhanggui):
    async with open_day(tmp_path) as day:
        before = await standing(day)
        async with serve(tmp_path / "data", {"check": partial(check_line, day.shop, [])}):
            done = await asyncio.to_thread(zhanggui, "check", **day.environment())
        assert done.returncode == 0, done.stdout + done.stderr
        assert load("zh")("check.running") in done.stdout
        assert await standing(day) == before
