"""A login against the pretend world: signs, sessions, challenges and the cookie file."""

import asyncio
from contextlib import nullcontext

import pytest

from core.clock import SystemClock
from core.errors import Challenged, LoginExpired, MarketDown
from core.outside.xianyu.cookies import cookies_of
from core.sandbox import World
from tests.contract.xianyu_shop import (
    DETAIL_CALL,
    LONG_AGO,
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


async def test_new_cookies_are_taken_when_the_owner_has_logged_in_again(world, cookie):
    keeper, fresh = Keeper(), []
    dead = cookie.replace("cookie2=", "cookie2=x")
    market = market_of(world, dead, fresh_cookies=lambda: fresh[-1] if fresh else None)
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        fresh.append(cookie.replace("unb=", "unb=9"))
        await market.resume()
        await until(lambda: len(keeper.alerts) == 2)
        fresh.append(cookie)
        await market.resume()
        await until(lambda: keeper.connections)


async def test_cookies_of_another_user_given_for_a_login_that_is_over_are_said_and_change_nothing(world, cookie):
    keeper, given = Keeper(), [""]
    dead = cookie.replace("cookie2=", "cookie2=x")
    market = market_of(world, dead, fresh_cookies=lambda: given[-1])
    async with listening(market, keeper, connected=False):
        await until(lambda: keeper.alerts)
        kept, asked = keeper.links[-1], await calls(world, TOKEN_CALL)
        given.append((await world.control.account("other"))["cookie"])
        await market.resume()
        assert [error.facts["reason"] for error in keeper.alerts[1:]] == ["wrong_account"]
        assert (keeper.links[-1], await calls(world, TOKEN_CALL)) == (kept, asked)
        await market.resume()
        await until(lambda: len(keeper.alerts) == 3)
        assert await calls(world, TOKEN_CALL) == asked + 1, "the owner's second word is a try with what there is"


async def test_cookies_of_another_user_do_not_stop_a_login_that_works(world, cookie):
    keeper, given = Keeper(), [cookie]
    market = market_of(world, cookie, fresh_cookies=lambda: given[-1])
    async with listening(market, keeper):
        given.append((await world.control.account("other"))["cookie"])
        await market.resume()
        await until(lambda: keeper.connections == 2)
        assert keeper.alerts == []
        assert cookies_of(keeper.links[-1].cookies)["unb"] == cookies_of(cookie)["unb"]


async def test_a_cookie_file_changed_before_the_start_is_taken_when_the_kept_login_is_over(world, cookie):
    keeper = Keeper()
    dead = cookie.replace("cookie2=", "cookie2=x")
    async with listening(market_of(world, dead, fresh_cookies=lambda: cookie), keeper):
        assert keeper.alerts == []
        assert cookies_of(keeper.links[-1].cookies)["cookie2"] == cookies_of(cookie)["cookie2"]


async def test_an_unchanged_cookie_file_never_replaces_the_renewed_cookies(world, cookie):
    keeper = Keeper()
    market = market_of(world, cookie, fresh_cookies=lambda: cookie)
    async with listening(market, keeper):
        await world.control.fault("expired_token", times=1, on="order.detail")
        await market.find_order("1")
        renewed = keeper.links[-1]
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        await market.resume()
        await until(lambda: keeper.connections == 2)
        assert keeper.links[-1] == renewed


async def test_a_cookie_file_changed_after_a_challenge_is_taken(world, cookie):
    keeper, given = Keeper(), [cookie]
    market = market_of(world, cookie, fresh_cookies=lambda: given[-1])
    async with listening(market, keeper):
        await world.control.fault("rgv587", times=1, on="order.detail")
        with pytest.raises(Challenged):
            await market.find_order("1")
        given.append(cookie + "; x5sec=passed")
        await market.resume()
        await until(lambda: keeper.connections == 2)
        assert cookies_of(keeper.links[-1].cookies)["x5sec"] == "passed"


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


class Slow(Keeper):
    """A listener whose store takes its time."""

    async def keep_link(self, account, link):
        await asyncio.sleep(0.02)
        await super().keep_link(account, link)


async def changed_at_once(login, cookie):
    """Each change begins before the one before it is kept."""
    await asyncio.gather(
        login.take_set_cookies(["a=1"], cookie),
        login.take_token("token", LONG_AGO),
        login.take_set_cookies(["b=2"], cookie),
        login.take_plain(plain=True),
    )
    cookies = cookies_of(login.link.cookies)
    return cookies.get("a"), cookies.get("b"), login.link.token, login.link.plain_at is not None


async def test_changes_at_once_lose_nothing(world, cookie):
    keeper = Slow()
    market = market_of(world, cookie)
    async with listening(market, keeper):
        assert await changed_at_once(market._login, cookie) == ("1", "2", "token", True)
        assert keeper.links[-1] == market._login.link


async def test_one_that_does_not_wait_for_the_other_undoes_it(world, cookie):
    """The control of the test above."""
    market = market_of(world, cookie)
    async with listening(market, Slow()):
        market._login._changing = nullcontext()
        assert await changed_at_once(market._login, cookie) != ("1", "2", "token", True)


async def test_an_answer_to_the_old_login_changes_nothing_of_the_new_one(world, cookie):
    """A call was under way while the owner logged in anew: what it is told to keep belongs to a session that is over."""
    market = market_of(world, cookie)
    async with listening(market, Keeper()):
        fresh = "; ".join(f"{n}={v}" for n, v in world.market.new_session(world.market.accounts["shop"]).items())
        await market._login.take_login(fresh, None)
        kept = market._login.link
        await market._login.take_set_cookies(["cookie2=; Max-Age=0", "sgcookie=old"], cookie)
        assert market._login.link == kept
        await market._login.take_set_cookies(["sgcookie=new"], kept.cookies)
        assert cookies_of(market._login.link.cookies)["sgcookie"] == "new"


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
