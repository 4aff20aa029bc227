"""A shop whose account never had a login: it starts, says so once, and is online the moment there is one."""

from pathlib import Path

import pytest

from core.errors import LoginExpired
from core.values.people import ChatKind
from tests.counter import GROUP
from tests.flow.chatting import Chat, asks, chatting, scans, until_code, until_title
from tests.flow.shop import Day, open_day

NEW = {"cookies": False, "connected": False}


def told(chat: Chat) -> list:
    """The cards in the group about the missing login."""
    return [shown for shown in chat.front.shown if shown.chat == GROUP and "还没登录" in shown.card.title]


async def until_told(day: Day, chat: Chat):
    return (await day.until(lambda: told(chat), "the card about the missing login"))[0]


async def test_from_an_empty_folder_to_the_first_shipment_by_the_chat_alone(tmp_path: Path):
    async with chatting(tmp_path, **NEW) as (day, chat):
        card = await until_told(day, chat)
        assert "None" not in card.card.plain() and "not_logged_in" not in card.card.plain()
        assert "还没登录" in (await asks(day, chat, "账号")).plain()
        button = next(b.action for b in card.card.buttons if "扫码登录" in b.verb)
        await asks(day, chat, None, button=button, reply_to=card.message, chat=GROUP, chat_kind=ChatKind.group)
        await scans(day, await until_code(day, chat))
        await until_title(day, chat, "登录好了")
        await day.until_online()
        trade = await (await day.buyer()).pays(await day.card())
        await day.until(lambda: day.is_shipped(trade), "the first shipment")
        assert await day.one("SELECT user_id FROM accounts") == day.world.market.accounts["shop"].unb


async def test_it_is_said_once_and_not_again_after_a_restart(tmp_path: Path):
    async with chatting(tmp_path, **NEW) as (day, chat):
        await until_told(day, chat)
        await day.close()
        await day.open()
        await day.quiet()
        kinds = "SELECT count(*) FROM notices WHERE kind = 'login_expired'"
        assert await day.one(kinds) == 1
        await asks(day, chat, "重连", update_id="dummy:again")
        await day.until(lambda: day.one(f"SELECT ({kinds}) = 2"), "the answer to a try without a login")


async def test_a_cookie_file_that_appears_is_taken_and_its_user_is_kept_for_ever(tmp_path: Path):
    async with open_day(tmp_path, accounts=("shop", "other"), **NEW) as day:
        shop, other = (day.world.market.accounts[name] for name in ("shop", "other"))
        (tmp_path / "shop.cookie").write_text(shop.cookie)
        (tmp_path / "other.cookie").write_text(other.cookie)
        await day.until_online()
        await day.close()
        await day.open()
        await day.until_online()
        assert [row["user_id"] for row in await day.rows("SELECT user_id FROM accounts ORDER BY id")] == [
            shop.unb,
            other.unb,
        ]


async def test_a_file_without_a_login_is_named_with_what_is_wrong(tmp_path: Path):
    (tmp_path / "shop.cookie").write_text("cookie2=1")
    async with open_day(tmp_path, opened=False, **NEW) as day:
        await day.open()

        async def why() -> str:
            return str(await day.one("SELECT reason FROM accounts"))

        assert "unb" in await day.until(why, "the reason")
        (tmp_path / "shop.cookie").write_text(day.world.market.accounts["shop"].cookie)
        await day.until_online()


async def test_after_the_first_login_another_user_is_refused(tmp_path: Path):
    async with chatting(tmp_path, accounts=("shop", "other"), **NEW) as (day, chat):
        await asks(day, chat, "登录 shop")
        await scans(day, await until_code(day, chat), "shop")
        await until_title(day, chat, "登录好了")
        await asks(day, chat, "登录 shop", update_id="dummy:2")
        await scans(day, await day.until(chat.code, "a second code"), "other")
        await until_title(day, chat, "另一个闲鱼账号")


async def test_one_user_is_not_two_accounts(tmp_path: Path):
    async with chatting(tmp_path, accounts=("shop", "other"), **NEW) as (day, chat):
        await asks(day, chat, "登录 shop")
        await scans(day, await until_code(day, chat), "shop")
        await until_title(day, chat, "登录好了")
        await asks(day, chat, "登录 other", update_id="dummy:2")
        await scans(day, await day.until(chat.code, "a second code"), "shop")
        await until_title(day, chat, "另一个闲鱼账号")
        assert await day.one("SELECT user_id FROM accounts WHERE name = 'other'") is None


async def test_two_accounts_given_the_same_cookies_do_not_both_listen(tmp_path: Path):
    async with open_day(tmp_path, accounts=("shop", "other"), **NEW) as day:
        for name in day.accounts:
            (tmp_path / f"{name}.cookie").write_text(day.world.market.accounts["shop"].cookie)
        count = "SELECT count(*) FROM accounts WHERE state = 'online'"
        await day.until(lambda: day.one(count), "one of them online")
        await day.quiet()
        assert await day.one(count) == 1


async def test_calls_of_an_account_without_a_login_ask_nobody(tmp_path: Path):
    async with open_day(tmp_path, **NEW) as day:
        with pytest.raises(LoginExpired, match="not_logged_in"):
            await day.shop.work.markets["shop"].list_sold()
        assert (await day.world.control.get("/state"))["api_calls"] == {}
        found = {line.about: line.key for line in await day.shop.check(running=True)}
        assert found["shop"] == "check.no_login"
        await day.until(lambda: day.one("SELECT state = 'login_expired' FROM accounts"), "its state")
        assert (await day.engine.health.show()).accounts[0].trouble == "not_logged_in"
