"""What an account needs before it can connect."""

from pathlib import Path

import pytest

from core.config import load
from core.errors import LoginExpired
from core.run import open_shop


def environment(folder: Path, cookies: str | None) -> dict[str, str]:
    env = {"ZHANGGUI__SHOP__DATA_DIR": str(folder / "data"), "ZHANGGUI__ACCOUNTS__0__NAME": "main"}
    if cookies is not None:
        (folder / "cookies").write_text(cookies)
        env["ZHANGGUI__ACCOUNTS__0__COOKIE_FILE"] = str(folder / "cookies")
    return env


@pytest.mark.parametrize(
    ("cookies", "says"),
    [(None, "^not_logged_in$"), ("", "^not_logged_in$"), ("cookie2=1; cna=2", "no cookie named unb")],
)
async def test_an_account_without_a_login_opens_and_says_what_is_missing(
    tmp_path: Path, cookies: str | None, says: str
) -> None:
    async with open_shop(load(None, environment(tmp_path, cookies))) as shop:
        with pytest.raises(LoginExpired, match=says):
            await shop.work.markets["main"].list_sold()
        assert shop.work.markets["main"].read_record(b"{}").event.event == "unknown"


async def test_a_login_once_kept_needs_no_file_any_more(tmp_path: Path) -> None:
    async with open_shop(load(None, environment(tmp_path, "unb=2200; cookie2=1"))) as shop:
        link = shop.work.markets["main"]
        await shop.listener.keep_link("main", link._login.link)
    async with open_shop(load(None, environment(tmp_path, None))) as shop:
        assert shop.work.markets["main"].user_id == "2200"
