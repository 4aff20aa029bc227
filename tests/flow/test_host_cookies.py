"""`zhanggui login --cookie`: what the platform says of the login counts, and what it could not be asked is not claimed."""

from pathlib import Path

import pytest

from bot.host.late import LateHost
from core.outside.ports import Link
from core.tools.control import serve
from tests.flow.shop import open_day
from tests.flow.test_host_login import Shell, shell_with


async def test_a_login_the_platform_does_not_know_is_not_kept(tmp_path: Path):
    async with open_day(tmp_path, opened=False, right=False) as day:
        code, out, err = await Shell(day).runs("shop", "--cookie", "-", given=b"unb=123; cookie2=abc")
        assert (code, out) == (1, "")
        assert "does not know this login" in err and "nothing was changed" in err


@pytest.mark.parametrize("by", ["cookies", "phone", "file"])
async def test_a_login_nobody_could_check_binds_no_account(tmp_path: Path, by: str):
    """Kept without a network, and of somebody else: the right one takes its place, until one was connected."""
    async with open_day(tmp_path, opened=False, right=False) as day:
        own = day.world.market.accounts["shop"]
        here = {"ZHANGGUI__ACCOUNTS__0__API_URL": "http://127.0.0.1:9"}
        code, out, err = await Shell(day).runs("shop", "--cookie", "-", given=b"unb=123; cookie2=abc", **here)
        assert code == 0, err
        assert "not checked" in out and "logged in" not in out
        if by == "cookies":
            code, out, err = await Shell(day).runs("shop", "--cookie", "-", given=own.cookie.encode())
            assert code == 0 and "the platform took the login" in out, err
        if by == "phone":
            code, out, err = await Shell(day).scanned("shop")
            assert code == 0, out + err
        await day.open()
        assert await day.one("SELECT user_id FROM accounts") == own.unb
        link = Link.model_validate_json(day.shop.work.store.vault.open(await day.one("SELECT link FROM accounts")))
        assert link.device_id.endswith(f"-{own.unb}"), "the device is the user's"
        assert await day.one("SELECT count(*) FROM acts WHERE verb = 'log_in' AND who = 'host'") == 1 + (by != "file")


async def test_a_running_shop_takes_the_right_cookies_after_wrong_ones(tmp_path: Path):
    async with open_day(tmp_path, opened=False, right=False) as day:
        here = {"ZHANGGUI__ACCOUNTS__0__API_URL": "http://127.0.0.1:9"}
        await Shell(day).runs("shop", "--cookie", "-", given=b"unb=123; cookie2=abc", **here)
        own, environment = day.world.market.accounts["shop"], day.environment()
        day.options["cookies"] = False
        (tmp_path / "shop.cookie").write_text("")
        await day.open(connected=False)
        await day.until(lambda: day.one("SELECT state = 'login_expired' FROM accounts"), "its state")
        async with serve(day.config().shop.data_dir, LateHost(day.engine, "zh").verbs):
            code, out, err = await shell_with(environment, "shop", "--cookie", "-", given=own.cookie.encode())
            assert code == 0, out + err
            assert "the platform took the login" in out
            await day.until(day._is_online, "online by the right login")
        assert await day.one("SELECT user_id FROM accounts") == own.unb


async def test_a_file_that_is_no_text_is_refused_in_a_line(tmp_path: Path):
    async with open_day(tmp_path, opened=False, right=False) as day:
        (tmp_path / "given").write_bytes("unb=1; tracknick=张三".encode("gbk"))
        code, _, err = await Shell(day).runs("shop", "--cookie", str(tmp_path / "given"))
        assert code == 1
        assert "UTF-8" in err and err.count("\n") == 1
