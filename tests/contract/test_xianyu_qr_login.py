"""Logging in by a scanned code against the pretend passport: every end, and what becomes of the old login."""

import asyncio

import pytest

from core.errors import LoginExpired, MarketDown
from core.outside.http import Http
from core.outside.xianyu.cookies import cookies_of
from core.outside.xianyu.jar import Jar
from core.outside.xianyu.qr_login import QrLogin
from core.values.logins import LoginState
from tests.contract.xianyu_shop import LONG_AGO, QUICK, Keeper, listening, market_of, until

S = LoginState
FAST = QUICK.model_copy(update={"code_poll_s": 0.02, "code_life_s": 1.0})


class Phone:
    """Follows a login; does with each step what the test wants, and remembers them all."""

    def __init__(self, world, **acts):
        self.world = world
        self.acts = acts
        self.steps = []

    async def follows(self, steps):
        async for step in steps:
            self.steps.append(step)
            for path, wish in self.acts.get(step.state.value, ()):
                await self.world.control.post(path, **wish)
        return [step.state for step in self.steps]


def scans(account="shop", **confirm):
    return {"waiting": [("/scan", {"account": account})], "scanned": [("/confirm_login", confirm)]}


@pytest.fixture
async def market(world, cookie):
    async with market_of(world, cookie, times=FAST) as market:
        yield market


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_scanned_and_confirmed_code_is_a_new_login_at_once_in_use(world, cookie, at_once):
    """Whether the cookies come for a token or with the answer."""
    keeper = Keeper()
    market = market_of(world, cookie, times=FAST)
    async with listening(market, keeper):
        device = market._login.link.device_id
        phone = Phone(world, **scans(at_once=at_once))
        assert await phone.follows(market.log_in()) == [S.waiting, S.scanned, S.done]
        await until(lambda: keeper.connections == 2)
        kept = keeper.links[-1]
        account = world.market.accounts["shop"]
        assert cookies_of(kept.cookies)["cookie2"] == account.cookie2 != cookies_of(cookie)["cookie2"]
        assert cookies_of(kept.cookies)["cna"] == cookies_of(cookie)["cna"]
        names = [part.partition("=")[0] for part in kept.cookies.split("; ")]
        assert len(names) == len(set(names))
        assert kept.device_id == device
        assert kept.logged_in_at is not None
        assert await market.find_order("1") is None


async def test_a_second_factor_is_one_more_code_for_the_owner(world, market):
    phone = Phone(world, **scans(check=True), checking=[("/pass_check", {})])
    assert await phone.follows(market.log_in()) == [S.waiting, S.scanned, S.checking, S.done]
    assert "face.htm" in phone.steps[2].code
    assert phone.steps[2].code != phone.steps[0].code
    assert await market.find_order("1") is None


async def test_a_second_factor_nobody_passes_runs_out(world, market):
    phone = Phone(world, **scans(check=True))
    assert (await phone.follows(market.log_in()))[-1] is S.expired


async def test_another_accounts_login_is_thrown_away(world, cookie):
    await world.control.account("other")
    keeper = Keeper()
    market = market_of(world, cookie, times=FAST)
    async with listening(market, keeper):
        before = keeper.links[-1].cookies
        assert (await Phone(world, **scans("other")).follows(market.log_in()))[-1] is S.wrong_account
        assert keeper.links[-1].cookies == before
        assert keeper.connections == 1


async def test_without_the_guard_another_accounts_login_would_be_taken(world, cookie):
    """The control: who has no user yet takes whoever scans."""
    await world.control.account("other")
    http = Http(1, world.addresses["passport"])
    qr = QrLogin(http, world.addresses["passport"], FAST, LONG_AGO, None, cookie)
    assert (await Phone(world, **scans("other")).follows(qr.steps()))[-1] is S.done
    assert cookies_of(qr.cookies)["unb"] == world.market.accounts["other"].unb
    await http.close()


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        ({}, S.expired),
        ({"waiting": [("/faults", {"dial": "qr_expires", "next": 1})]}, S.expired),
        ({"waiting": [("/scan", {})], "scanned": [("/cancel_login", {})]}, S.cancelled),
        ({"waiting": [("/scan", {})]}, S.expired),
    ],
    ids=["nobody scans", "the platform says so", "refused on the phone", "never confirmed"],
)
async def test_a_login_that_comes_to_nothing_leaves_the_old_one(world, market, acts, end):
    assert (await Phone(world, **acts).follows(market.log_in()))[-1] is end
    assert await market.find_order("1") is None


async def test_a_passport_that_fails_now_and_then_is_asked_again(world, market):
    await world.control.fault("http_5xx", times=3, on="query")
    await world.control.fault("slow_passport", times=1, on="query", by_s=0.2)
    assert (await Phone(world, **scans()).follows(market.log_in()))[-1] is S.done


@pytest.mark.parametrize("on", ["generate", "query"])
async def test_a_passport_that_is_down_is_said(world, market, on):
    await world.control.fault("http_5xx", probability=1, on=on)
    with pytest.raises(MarketDown):
        await Phone(world).follows(market.log_in())


async def test_a_login_that_was_over_works_again_after_the_scan(world, cookie, item):
    keeper = Keeper()
    dead = cookie.replace("cookie2=", "cookie2=x")
    market = market_of(world, dead, times=FAST)
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        with pytest.raises(LoginExpired):
            await market.find_order("1")
        await Phone(world, **scans()).follows(market.log_in())
        await until(lambda: keeper.connections)
        await world.control.talk(await world.control.buyer(), item, "还在吗")
        await until(keeper.texts)


async def test_a_login_nobody_follows_any_more_lets_go(world, market):
    login = market.log_in()
    assert (await anext(login)).state is S.waiting
    task = asyncio.create_task(anext(login))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await login.aclose()
    assert await market.find_order("1") is None


async def test_how_long_the_session_lasts_is_kept_when_the_platform_says_it(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie, times=FAST)
    await world.control.post("/timing", session_s=86400)
    async with listening(market, keeper):
        await Phone(world, **scans()).follows(market.log_in())
        link = keeper.links[-1]
        assert 86000 < (link.ends_at - link.logged_in_at).total_seconds() <= 86400


@pytest.mark.parametrize(
    "url", ["http://evil.test/x", "https://evilgoofish.com/", "https://goofish.com.evil.test/", "file:///etc/passwd"]
)
async def test_the_new_cookies_go_to_no_other_place(url):
    http = Http(1, "https://passport.goofish.com")
    with pytest.raises(MarketDown, match="another place"):
        await Jar(http, "https://passport.goofish.com", LONG_AGO, "cookie2=secret").get(url)
    await http.close()


def test_what_a_code_says_stands_in_no_log_line():
    from core.values.logins import LoginStep

    assert "lgToken" not in repr(LoginStep(state=S.waiting, code="https://x/?lgToken=1"))
