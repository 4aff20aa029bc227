"""A login against the pretend world: signs, sessions, challenges and the cookie file."""

import asyncio

import pytest

from core.clock import SystemClock
from core.errors import Challenged, LoginExpired, MarketDown
from core.outside.xianyu.cookies import cookies_of
from core.sandbox import World
from tests.contract.xianyu_shop import (
    DETAIL_CALL,
    QUICK,
    TOKEN_CALL,
    Keeper,
    calls,
    listening,
    market_of,
    paid_order,
    shipped,
    until,
)


async def test_a_stale_sign_is_renewed_and_the_cookies_stay_single(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        order, _, _ = await paid_order(world, item)
        before = cookies_of(cookie)["_m_h5_tk"]
        await world.control.fault("expired_token", times=3, on="consign.dummy")
        await market.ship_virtual(order)
        assert len(await shipped(world)) == 1
        kept = keeper.links[-1].cookies
        assert kept.count("_m_h5_tk=") == 1 and kept.count("_m_h5_tk_enc=") == 1
        assert cookies_of(kept)["_m_h5_tk"] != before
        assert cookies_of(kept)["cookie2"] == cookies_of(cookie)["cookie2"]


async def test_a_login_without_any_sign_yet_gets_one(world, cookie):
    bare = "; ".join(part for part in cookie.split("; ") if not part.startswith("_m_h5_tk"))
    async with market_of(world, bare) as market:
        assert await market.list_items() == ()


async def test_a_sign_that_is_never_accepted_is_given_up(world, market):
    await world.control.fault("expired_token", probability=1)
    with pytest.raises(MarketDown):
        await market.find_order("1")
    assert await calls(world, DETAIL_CALL) == 5


async def test_an_ended_session_is_revived_once_by_the_passport(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        order, _, _ = await paid_order(world, item)
        await world.control.fault("expired_session", times=1, on="order.detail")
        assert (await market.find_order(order)).paid
        assert cookies_of(keeper.links[-1].cookies)["sgcookie"] != cookies_of(cookie)["sgcookie"]
        assert keeper.alerts == []


async def test_a_login_that_is_over_stops_the_account_and_tells_the_owner_once(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("expired_session", probability=1)
        for _ in range(3):
            with pytest.raises(LoginExpired):
                await market.find_order("1")
        with pytest.raises(LoginExpired):
            await market.send_text("1", "2", "在的")
        assert await calls(world, DETAIL_CALL) == 1
        assert [error.key for error in keeper.alerts] == ["login_expired"]
        await world.control.fault("expired_session", probability=0)
        with pytest.raises(LoginExpired):
            await market.find_order("1")
        await market.resume()
        assert await market.find_order("1") is None


async def test_a_challenge_keeps_its_address_for_the_owner_and_is_never_solved(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        for _ in range(2):
            with pytest.raises(Challenged) as challenge:
                await market.find_order("1")
        assert "punish" in challenge.value.facts["url"]
        assert await calls(world, DETAIL_CALL) == 1
        assert len(keeper.alerts) == 1
        await market.resume()
        assert await market.find_order("1") is None


async def test_messages_go_on_arriving_while_calls_are_stopped(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        await world.control.talk(await world.control.buyer(), item, "还在吗")
        await until(keeper.texts)


async def test_a_challenge_while_connecting_waits_for_the_owner_and_asks_nothing_meanwhile(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    await world.control.fault("rgv587", times=1, on="login.token")
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        await asyncio.sleep(0.3)
        assert await calls(world, TOKEN_CALL) == 1
        await market.resume()
        await until(lambda: keeper.connections)
        assert await calls(world, TOKEN_CALL) == 2


async def test_fresh_tokens_refused_again_and_again_are_the_owners_business(world, cookie):
    keeper = Keeper()
    await world.control.fault("expired_token", probability=1, on="reg")
    async with listening(market_of(world, cookie), keeper, connected=False):
        await until(lambda: keeper.alerts)
        assert await calls(world, TOKEN_CALL) == 3


async def test_trouble_and_new_cookies_from_before_listening_are_told_when_it_begins(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie)
    await world.control.fault("expired_token", times=1, on="order.detail")
    assert await market.find_order("1") is None
    async with listening(market, keeper):
        assert cookies_of(keeper.links[0].cookies)["_m_h5_tk"] != cookies_of(cookie)["_m_h5_tk"]


async def test_calls_are_signed_with_shop_time_however_fast_it_runs():
    clock = SystemClock(speed=60)
    async with World.open(clock=clock, seed=3) as world:
        cookie = (await world.control.account())["cookie"]
        async with market_of(world, cookie, clock=clock) as market:
            assert await market.list_items() == ()


ALIVE = QUICK.model_copy(update={"keep_alive_s": 0.05})
HAS_LOGIN = "hasLogin"


async def test_the_login_is_looked_after_while_connected_and_its_cookies_are_renewed(world, cookie):
    keeper = Keeper()
    async with listening(market_of(world, cookie, times=ALIVE), keeper):
        await until(lambda: len(keeper.checks) >= 2)
        assert keeper.checks[0] == (True, None)
        assert cookies_of(keeper.links[-1].cookies)["sgcookie"] != cookies_of(cookie)["sgcookie"]
        assert await calls(world, TOKEN_CALL) == 1, "no token is asked for to keep a login alive"


async def test_a_login_the_passport_forgot_is_told_of_while_calls_still_go(world, cookie, item):
    keeper = Keeper()
    market = market_of(world, cookie, times=ALIVE)
    async with listening(market, keeper):
        await world.control.fault("expired_session", probability=1, on=HAS_LOGIN)
        await until(lambda: (False, None) in keeper.checks)
        order, _, _ = await paid_order(world, item)
        assert (await market.find_order(order)).paid
        assert keeper.alerts == []


async def test_a_login_that_died_silently_is_found_out_by_looking_after_it(world, cookie):
    keeper = Keeper()
    async with listening(market_of(world, cookie, times=ALIVE), keeper):
        await world.control.fault("expired_session", probability=1)
        await until(lambda: keeper.alerts)
        assert [error.key for error in keeper.alerts] == ["login_expired"]


async def test_without_looking_nobody_finds_out(world, cookie):
    """The control: the socket stands, heartbeats are answered, and the dead login shows only at the next call."""
    keeper = Keeper()
    async with listening(market_of(world, cookie), keeper):
        await world.control.fault("expired_session", probability=1)
        await asyncio.sleep(0.4)
        assert keeper.alerts == []


async def test_a_passport_that_is_down_is_no_dying_login(world, cookie):
    keeper = Keeper()
    async with listening(market_of(world, cookie, times=ALIVE), keeper):
        await world.control.fault("http_5xx", times=3, on=HAS_LOGIN)
        await until(lambda: len(keeper.checks) >= 2)
        assert all(alive for alive, _ in keeper.checks)


async def test_a_challenged_account_leaves_the_passport_alone(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie, times=ALIVE)
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        await asyncio.sleep(0.1)
        before = len(keeper.checks)
        await asyncio.sleep(0.3)
        assert len(keeper.checks) == before
