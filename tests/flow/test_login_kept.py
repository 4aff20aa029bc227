"""What is kept of a login over a restart: its token, its cookies, what the account may do; and the way it goes."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.outside.ports import Link
from core.outside.xianyu.cookies import cookies_of
from tests.contract.proxies import HttpProxy, Proxy, SocksProxy, proxying
from tests.flow.shop import Day, open_day

TOKEN = "mtop.taobao.idlemessage.pc.login.token"
MERCHANT_LIST = "mtop.taobao.idle.trade.merchant.sold.get"
PLAIN_LIST = "mtop.taobao.idle.trade.sold.get"
NEVER_KEPT = {
    "accounts.keep_link": "UPDATE accounts SET user_id = :user_id, logged_in_at = :logged_in_at, "
    "login_ends_at = :ends_at WHERE id = :id AND length(:link) > 0"
}
"""A shop that forgets its login with its process, as its peers do."""


def asked(day: Day, call: str) -> int:
    """How often the platform was asked that."""
    return day.world._gate.calls.get(call, 0)


async def link_of(day: Day) -> Link:
    sealed = await day.one("SELECT link FROM accounts")
    return Link.model_validate_json(day.shop.work.store.vault.open(sealed))


async def again(day: Day) -> None:
    """The shop is shut and opened on its files."""
    await day.close()
    await day.open()


# -- the token


async def test_the_token_lives_until_its_expiry_with_its_device_whatever_ends_before(day: Day) -> None:
    before = await link_of(day)
    await again(day)
    await day.world.control.post("/reset_connection", how="close")
    await day.until(lambda: not day.world.lines.live("shop"))
    await day.until(day._is_online, "online again")
    await day.until(lambda: day.world.lines.live("shop"), "the next connection")
    await again(day)
    after = await link_of(day)
    assert asked(day, TOKEN) == 1
    assert (after.token, after.device_id) == (before.token, before.device_id)


async def test_a_token_whose_time_is_over_is_asked_for_anew_by_the_same_device(day: Day) -> None:
    before = await link_of(day)
    await day.close()
    await day.later(hours=25)
    await day.open()
    after = await link_of(day)
    assert after.device_id == before.device_id
    assert after.token not in (None, before.token)


async def test_a_token_the_platform_threw_us_out_with_is_not_used_again(day: Day) -> None:
    await day.world.control.post("/reset_connection", how="kickout")
    await day.until(lambda: asked(day, TOKEN) == 2, "a fresh token")
    await day.until(day._is_online, "online again")


@pytest.mark.day(replaced=NEVER_KEPT)
async def test_a_shop_that_keeps_no_login_asks_for_a_token_at_every_start(day: Day) -> None:
    """The control: so often that the platform takes offence."""
    for _ in range(2):
        await again(day)
    assert asked(day, TOKEN) == 3


# -- the cookies


async def test_renewed_cookies_outlive_the_process_single_and_sealed(day: Day, tmp_path: Path) -> None:
    given = cookies_of((tmp_path / "shop.cookie").read_text())
    await day.world.control.fault("expired_token", times=2, on="order.detail")
    await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.record("shipped"), "a shipment")
    await day.quiet()
    before = await link_of(day)
    await again(day)
    after = await link_of(day)
    names = [part.partition("=")[0] for part in after.cookies.split("; ")]
    assert len(names) == len(set(names))
    assert cookies_of(after.cookies)["_m_h5_tk"] == cookies_of(before.cookies)["_m_h5_tk"] != given.get("_m_h5_tk")
    secrets = [cookies_of(after.cookies)["cookie2"], cookies_of(after.cookies)["_m_h5_tk"], after.token or "?"]
    files = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in files], "in the open on the disk"


async def stale_answers(day: Day) -> int:
    """How many calls a start costs more than it needs, for want of a sign."""
    await day.until(lambda: asked(day, PLAIN_LIST) > 0)
    before = dict(day.world._gate.calls)
    await again(day)
    await day.quiet()
    return asked(day, PLAIN_LIST) - before.get(PLAIN_LIST, 0) + asked(day, TOKEN) - before.get(TOKEN, 0) - 1


async def test_a_start_needs_no_new_sign(day: Day) -> None:
    assert await stale_answers(day) == 0


@pytest.mark.day(replaced=NEVER_KEPT)
async def test_without_the_kept_cookies_every_start_needs_one(day: Day) -> None:
    """The control of the test above."""
    assert await stale_answers(day) > 0


# -- what a plain seller may not do is remembered


async def until_caught_up(day: Day, lists: int) -> None:
    await day.until(lambda: asked(day, PLAIN_LIST) >= lists, "the plain list")
    await day.quiet()


async def test_a_plain_seller_is_not_asked_about_again_after_a_restart(day: Day) -> None:
    await until_caught_up(day, 1)
    await again(day)
    await until_caught_up(day, 2)
    assert asked(day, MERCHANT_LIST) == 1


@pytest.mark.day(replaced=NEVER_KEPT)
async def test_a_shop_that_remembers_nothing_is_refused_at_every_start(day: Day) -> None:
    """The control of the test above."""
    await until_caught_up(day, 1)
    await again(day)
    await until_caught_up(day, 2)
    assert asked(day, MERCHANT_LIST) == 2


async def test_a_plain_seller_is_asked_about_a_day_later_and_becomes_a_merchant(day: Day) -> None:
    await until_caught_up(day, 1)
    await day.later(hours=23)
    await until_caught_up(day, 2)
    assert asked(day, MERCHANT_LIST) == 1
    day.world.market.accounts["shop"].merchant = True
    await day.later(hours=2)
    await until_merchant(day)
    lists, merchants = asked(day, PLAIN_LIST), asked(day, MERCHANT_LIST)
    await again(day)
    await day.until(lambda: asked(day, MERCHANT_LIST) > merchants, "the merchants' list once more")
    assert asked(day, PLAIN_LIST) == lists


async def until_merchant(day: Day) -> None:
    """Until the merchants' list was given; a call may be signed twice after so long."""

    async def given() -> bool:
        return asked(day, MERCHANT_LIST) > 1 and (await link_of(day)).plain_at is None

    await day.until(given, "the merchants' list")
    await day.quiet()


async def test_the_owners_word_asks_about_it_at_once(day: Day) -> None:
    await until_caught_up(day, 1)
    day.world.market.accounts["shop"].merchant = True
    await day.engine.accounts.resume(day.actor(), day.shop.work.accounts["shop"])
    await day.until(lambda: asked(day, MERCHANT_LIST) == 2, "the merchants' list")


async def test_a_merchant_that_lost_its_shop_falls_back_to_the_plain_list(day: Day) -> None:
    await until_caught_up(day, 1)
    day.world.market.accounts["shop"].merchant = True
    await day.later(hours=25)
    await until_merchant(day)
    day.world.market.accounts["shop"].merchant = False
    lists = asked(day, PLAIN_LIST)
    await day.later(hours=1)
    await until_caught_up(day, lists + 1)
    assert (await link_of(day)).plain_at is not None


# -- the way out


SOCKET, CALLS, PASSPORT = "socket.invalid", "calls.invalid", "passport.invalid"
"""Names nobody can look up: only a proxy knows where they are."""


def by_names(day: Day, number: int, proxy: str) -> dict[str, object]:
    """The settings of an account whose world is reached by its proxy alone."""
    at = day.world.addresses
    urls = {"ws_url": (at["market_ws"], SOCKET), "api_url": (at["market_api"], CALLS)}
    urls["passport_url"] = (at["passport"], PASSPORT)
    named = {key: url.replace("127.0.0.1", name) for key, (url, name) in urls.items()}
    return {f"accounts.{number}.{key}": value for key, value in (named | {"proxy": proxy}).items()}


async def test_two_accounts_go_each_by_its_own_proxy(tmp_path: Path) -> None:
    proxies: dict[str, Proxy] = {"main": HttpProxy(), "second": SocksProxy(("owner", "secret"))}
    async with AsyncExitStack() as stack, open_day(tmp_path, accounts=tuple(proxies), opened=False) as day:
        for number, proxy in enumerate(proxies.values()):
            address = await stack.enter_async_context(proxying(proxy))
            day.settings.update(by_names(day, number, address))
        await day.open()
        for name, proxy in proxies.items():
            item = await day.item(account=name, mode="virtual", text="给您", auto_ship="on")
            trade = await (await day.buyer(account=name)).pays(item)
            await day.until(lambda trade=trade: day.is_shipped(trade), "a shipment")
            assert {SOCKET, CALLS} <= set(proxy.asked)
        await day.close()


async def test_a_proxy_that_is_gone_leaves_its_account_alone_offline(tmp_path: Path) -> None:
    """The control: nothing goes round it, and the other account goes on."""
    async with AsyncExitStack() as stack, open_day(tmp_path, accounts=("main", "second"), opened=False) as day:
        well = await stack.enter_async_context(proxying(HttpProxy()))
        async with proxying(SocksProxy()) as gone:
            pass
        day.settings.update(by_names(day, 0, well) | by_names(day, 1, gone))
        await day.open(connected=False)
        await day.until(lambda: day.one("SELECT state = 'online' FROM accounts WHERE name = 'main'"))
        await asyncio.sleep(0.3)
        assert await day.one("SELECT state FROM accounts WHERE name = 'second'") != "online"
        await day.close()
