"""What an account needs before it can connect."""

from pathlib import Path

import pytest

from core.config import load
from core.errors import LoginExpired
from core.moves.items import product_for
from core.run import open_shop
from core.store.db import Tx
from tests import stockroom


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


async def test_an_account_that_moves_to_another_shop_takes_its_goods_along_and_leaves_shared_ones(
    tmp_path: Path,
) -> None:
    env = environment(tmp_path, None) | {"ZHANGGUI__ACCOUNTS__1__NAME": "other"}
    async with open_shop(load(None, env)) as shop:
        await shop.work.store.write(_sell)
        assert {row.shop for row in (await shop.engine.accounts.sellers()).rows} == {"main"}
    async with open_shop(load(None, env | {"ZHANGGUI__ACCOUNTS__1__SHOP": "二店"})) as shop:
        assert [row.shop for row in (await shop.engine.accounts.sellers()).rows] == ["main", "二店"]
        rows = await shop.work.store.people.all("stock.products")
        assert [(row["title"], row["shop"]) for row in rows] == [("its own", "二店"), ("shared", "main")]


def _sell(tx: Tx) -> None:
    """One product the second account sells alone, one that both sell."""
    cause = stockroom.cause()
    product_for(tx, cause, 2, "1", "", "its own", None)
    shared = product_for(tx, cause, 2, "2", "", "shared", None)
    tx.run("stock.add_listing", account_id=1, item_id="3", spec="", product_id=shared.id, title="", price_fen=None)
