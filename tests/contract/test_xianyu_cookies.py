"""The cookies of a login against the pretend world: those the owner gives, and what servers set, side by side."""

import asyncio
from contextlib import nullcontext

import pytest

from core.errors import Challenged
from core.outside.xianyu.cookies import cookies_of
from tests.contract.xianyu_shop import LONG_AGO, TOKEN_CALL, Keeper, calls, listening, market_of, until


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
