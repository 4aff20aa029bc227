"""`zhanggui login`: on the file when no shop runs, by the shop when one does; a code drawn, cookies handed over."""

import asyncio
import os
import stat
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.host.late import LateHost
from core.outside.ports import Link
from core.outside.xianyu.cookies import cookies_of
from core.sandbox.client import ControlRefused
from core.tools.control import serve
from tests.contract.proxies import SocksProxy, proxying
from tests.flow.shop import Day, open_day


class Shell:
    """`zhanggui login …` as a process of its own."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.out = ""

    async def starts(self, *args: str, given: bytes = b"", **env: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "login", *args),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **self.day.environment(), "PYTHONIOENCODING": "utf-8", **env},
        )
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        return process

    async def runs(self, *args: str, given: bytes = b"", **env: str) -> tuple[int, str, str]:
        process = await self.starts(*args, given=given, **env)
        assert process.stdout is not None and process.stderr is not None
        _, err = await asyncio.gather(self._hear(process.stdout), process.stderr.read())
        return await process.wait(), self.out, err.decode()

    async def _hear(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self.out += line.decode()

    async def scanned(self, *args: str, account: str = "shop", check: bool = False) -> tuple[int, str, str]:
        """The same, with a phone that scans and allows it."""
        done = asyncio.create_task(self.runs(*args))
        await self.day.until(lambda: drawn(self.out), "a drawn code")
        for path, wish in (("/scan", {"account": account}), ("/confirm_login", {"check": check})):
            await self.day.until(lambda path=path, wish=wish: self._phone(path, wish), path)
        if check:
            await self.day.until(lambda: self._phone("/pass_check", {}), "the second code")
        return await done

    async def _phone(self, path: str, wish: dict[str, object]) -> bool:
        try:
            await self.day.world.control.post(path, **wish)
        except ControlRefused:
            return False
        return True


async def session(day: Day) -> str | None:
    """The session the shop's file holds."""
    link = Link.model_validate_json(day.shop.work.store.vault.open(await day.one("SELECT link FROM accounts")))
    return cookies_of(link.cookies)["cookie2"]


@asynccontextmanager
async def running(tmp_path: Path, *, runs: bool = True, **options):
    """A shop with its control socket; without `runs` it was shut before."""
    async with open_day(tmp_path, **options) as day:
        if runs:
            async with serve(day.config().shop.data_dir, LateHost(day.engine, "zh").verbs):
                yield day, Shell(day)
        else:
            await day.close()
            yield day, Shell(day)


def drawn(out: str) -> int:
    """How many codes were drawn: each has two corners at its left."""
    return sum(line.startswith("██ ▄▄▄▄▄ █") for line in out.splitlines()) // 2


async def test_where_no_shop_runs_the_code_is_drawn_and_the_first_login_kept(tmp_path: Path):
    """A shop that has no cookie file at all."""
    async with open_day(tmp_path, opened=False, right=False) as day:
        code, out, err = await Shell(day).scanned("shop", check=True)
        assert (code, err) == (0, ""), err
        assert drawn(out) == 2
        assert "登录好了" in out and "lgToken" not in out
        (tmp_path / "shop.cookie").write_text("")
        await day.open()
        assert await session(day) == day.world.market.accounts["shop"].cookie2


async def test_a_login_without_a_shop_keeps_the_device(tmp_path: Path):
    async with open_day(tmp_path) as day:
        before = Link.model_validate_json(day.shop.work.store.vault.open(await day.one("SELECT link FROM accounts")))
        await day.close()
        code, _, _ = await Shell(day).scanned("shop")
        assert code == 0
        await day.open()
        after = Link.model_validate_json(day.shop.work.store.vault.open(await day.one("SELECT link FROM accounts")))
        assert after.device_id == before.device_id
        assert after.cookies != before.cookies


@pytest.mark.parametrize("runs", [True, False])
async def test_another_account_is_refused(tmp_path: Path, runs: bool):
    async with running(tmp_path, runs=runs, accounts=("shop", "other")) as (_, shell):
        code, out, _ = await shell.scanned("shop", account="other")
        assert code == 1
        assert "另一个闲鱼账号" in out


async def test_the_first_login_of_an_account_is_not_that_of_another(tmp_path: Path):
    async with open_day(tmp_path, accounts=("shop", "other")) as day:
        await forget_login(day)
        await day.close()
        code, out, _ = await Shell(day).scanned("shop", account="other")
        assert code == 1 and "另一个闲鱼账号" in out


async def test_a_running_shop_fetches_the_code_and_goes_on_with_the_new_login(tmp_path: Path):
    async with running(tmp_path) as (day, shell):
        code, out, err = await shell.scanned("shop")
        assert (code, err) == (0, ""), err
        assert drawn(out) == 1
        assert await session(day) == day.world.market.accounts["shop"].cookie2
        await day.until(day._is_online, "online by the new login")
        assert await day.one("SELECT who FROM acts WHERE verb = 'log_in'") == "terminal:host"


@pytest.mark.parametrize("runs", [True, False])
@pytest.mark.parametrize("by", ["file", "stdin"])
async def test_a_browsers_cookies_are_taken(tmp_path: Path, runs: bool, by: str):
    async with running(tmp_path, runs=runs) as (day, _):
        fresh = "; ".join(
            f"{n}={v}" for n, v in day.world.market.new_session(day.world.market.accounts["shop"]).items()
        )
        given = tmp_path / "given"
        given.write_text(fresh)
        args = ("--cookie", str(given) if by == "file" else "-")
        environment = day.environment()
        (tmp_path / "shop.cookie").write_text("unb=1; cookie2=old")
        code, out, err = await shell_with(environment, "shop", *args, given=fresh.encode() if by == "stdin" else b"")
        assert code == 0, out + err
        if runs:
            assert stat.S_IMODE((tmp_path / "shop.cookie").stat().st_mode) == 0o600
        else:
            await day.open()

        async def taken() -> bool:
            return await session(day) == day.world.market.accounts["shop"].cookie2

        await day.until(taken, "the new cookies")


async def shell_with(environment: dict[str, str], *args: str, given: bytes = b"") -> tuple[int, str, str]:
    """A call whose settings were written before: writing them again would write the cookie file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "login", *args),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment, "PYTHONIOENCODING": "utf-8"},
    )
    out, err = await process.communicate(given)
    return process.returncode or 0, out.decode(), err.decode()


@pytest.mark.parametrize("runs", [True, False])
async def test_cookies_of_another_user_are_refused(tmp_path: Path, runs: bool):
    async with running(tmp_path, runs=runs) as (day, shell):
        code, _, err = await shell.runs("shop", "--cookie", "-", given=b"unb=999; cookie2=x")
        assert code == 1
        assert "another user" in err
        if runs:
            assert await session(day) == day.world.market.accounts["shop"].cookie2
            assert "unb=999" not in (tmp_path / "shop.cookie").read_text()


async def test_an_account_whose_login_is_lost_is_still_its_users(tmp_path: Path):
    """By another's cookies, by another's phone, and by a file of another found at the start; its own are taken."""
    async with open_day(tmp_path, accounts=("shop", "other")) as day:
        await forget_login(day)
        await day.close()
        stranger = day.world.market.add_account("stranger", None, merchant=False)
        code, _, err = await Shell(day).runs("shop", "--cookie", "-", given=stranger.cookie.encode())
        assert code == 1 and "another user" in err
        code, out, _ = await Shell(day).scanned("shop", account="stranger")
        assert code == 1 and "另一个闲鱼账号" in out
        own = day.world.market.accounts["shop"].cookie
        code, out, err = await Shell(day).runs("shop", "--cookie", "-", given=own.encode())
        assert code == 0, out + err


async def test_a_cookie_file_of_another_user_is_not_taken_for_a_lost_login(tmp_path: Path):
    async with open_day(tmp_path) as day:
        own = await day.one("SELECT user_id FROM accounts")
        await forget_login(day)
        await day.close()
        stranger = day.world.market.add_account("stranger", None, merchant=False)
        day.world.market.accounts["shop"].cookie = stranger.cookie
        await day.open(connected=False)
        await day.until(lambda: day.one("SELECT state = 'login_expired' FROM accounts"), "its state")
        assert await day.one("SELECT reason FROM accounts") == "wrong_account"
        assert await day.one("SELECT user_id FROM accounts") == own


@pytest.mark.parametrize("user_id", [None, "4"])
async def test_a_kept_login_without_a_user_takes_its_first_and_makes_a_device(tmp_path: Path, user_id: str | None):
    """A file that another version wrote, or that was mended by hand."""
    async with open_day(tmp_path) as day:
        account = day.world.market.accounts["shop"]
        nobodys = Link(user_id=None, device_id="", cookies="").model_dump_json()
        sealed = day.shop.work.store.vault.seal(nobodys)
        await day.shop.work.store.write(
            lambda tx: tx._connection.execute("UPDATE accounts SET link = ?, user_id = ?", (sealed, user_id))
        )
        await day.close()
        code, out, err = await Shell(day).runs("shop", "--cookie", "-", given=account.cookie.encode())
        assert code == (0 if user_id is None else 1), out + err
        if user_id is None:
            await day.open()
            link = Link.model_validate_json(day.shop.work.store.vault.open(await day.one("SELECT link FROM accounts")))
            assert link.user_id == account.unb
            assert link.device_id.endswith(f"-{account.unb}")


async def forget_login(day: Day) -> None:
    """What the file knew of the login is gone, but not whose account it is."""
    await day.shop.work.store.write(lambda tx: tx._connection.execute("UPDATE accounts SET link = NULL WHERE id = 1"))


@pytest.mark.parametrize("given", [b"", b"hello", b"cookie2=1"])
async def test_what_is_no_login_is_refused(tmp_path: Path, given: bytes):
    async with open_day(tmp_path, opened=False, right=False) as day:
        code, _, err = await Shell(day).runs("shop", "--cookie", "-", given=given)
        assert code == 1
        assert "unb" in err and "Traceback" not in err


@pytest.mark.parametrize("proxied", [True, False])
async def test_a_login_from_the_shell_goes_by_the_accounts_proxy(tmp_path: Path, proxied: bool):
    """The passport has a name nobody can look up: only the proxy knows where it is."""
    proxy = SocksProxy(("owner", "secret"))
    async with open_day(tmp_path, opened=False, right=False) as day, proxying(proxy) as address:
        named = day.world.addresses["passport"].replace("127.0.0.1", "passport.invalid")
        day.settings.update({"accounts.0.passport_url": named, "accounts.0.proxy": address if proxied else ""})
        code, out, err = await (Shell(day).scanned("shop") if proxied else Shell(day).runs("shop"))
        assert (code == 0) is proxied, out + err
        assert set(proxy.asked) == ({"passport.invalid"} if proxied else set())


async def test_an_account_nobody_configured_is_named(tmp_path: Path):
    async with open_day(tmp_path, opened=False, right=False) as day:
        code, _, err = await Shell(day).runs("nobody")
        assert code == 1
        assert "there are: shop" in err
