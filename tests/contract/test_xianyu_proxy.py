"""An account with a proxy of its own: everything of it goes that way, and nothing goes round it."""

from contextlib import asynccontextmanager

import pytest

from core.clock import SeededChance, SystemClock
from core.config import load
from core.errors import BadConfig, MarketDown
from core.outside.xianyu.identity import new_link
from core.outside.xianyu.line import open_line
from core.outside.xianyu.market import XianyuMarket
from core.outside.xianyu.times import Addresses
from core.values.logins import LoginState
from tests.contract.proxies import HttpProxy, SocksProxy, proxying
from tests.contract.xianyu_shop import QUICK, Keeper, listening, until

FAST = QUICK.model_copy(update={"code_poll_s": 0.02})
SOCKET, CALLS, PASSPORT = "socket.invalid", "calls.invalid", "passport.invalid"
"""Names nobody can look up: only a proxy knows where they are."""


def named(address: str, name: str) -> str:
    return address.replace("127.0.0.1", name)


def market_by(world, cookie, proxy):
    at = world.addresses
    addresses = Addresses(
        ws_url=named(at["market_ws"], SOCKET),
        api_url=named(at["market_api"], CALLS),
        passport_url=named(at["passport"], PASSPORT),
    )
    chance = SeededChance()
    link = new_link(cookie, chance)
    return XianyuMarket("shop", link, clock=SystemClock(), chance=chance, addresses=addresses, times=FAST, proxy=proxy)


@asynccontextmanager
async def selling(world, cookie, proxy):
    keeper = Keeper()
    async with proxying(proxy) as address:
        market = market_by(world, cookie, address)
        async with listening(market, keeper):
            yield market, keeper


PROXIES = [HttpProxy, SocksProxy, lambda: SocksProxy(("owner", "secret"))]


@pytest.mark.parametrize("make", PROXIES, ids=["http", "socks", "socks with a password"])
async def test_socket_calls_and_login_all_go_by_the_accounts_proxy(world, cookie, item, make):
    proxy = make()
    async with selling(world, cookie, proxy) as (market, keeper):
        await world.control.talk(await world.control.buyer(), item, "在吗")
        await until(keeper.texts)
        assert await market.find_order("1") is None
        async for step in market.log_in():
            if step.state is LoginState.waiting:
                break
        assert set(proxy.asked) == {SOCKET, CALLS, PASSPORT}


async def test_without_its_proxy_the_account_reaches_nothing(world, cookie):
    """The control: those names lead nowhere else."""
    async with market_by(world, cookie, None) as market:
        with pytest.raises(MarketDown):
            await market.find_order("1")


async def test_a_proxy_that_is_gone_is_a_market_that_is_down(world, cookie):
    """Nothing goes round it, not even to this machine."""
    keeper = Keeper()
    async with proxying(SocksProxy()) as address:
        pass
    market = market_by(world, cookie, address)
    async with listening(market, keeper, connected=False):
        with pytest.raises(MarketDown):
            await market.find_order("1")
        await until(lambda: keeper.endings)
        assert keeper.connections == 0


async def test_a_wrong_password_is_a_market_that_is_down(world, cookie):
    """Of the socket alone: the library of the calls leaves a refused connection to the garbage collector."""
    async with proxying(SocksProxy(("owner", "secret"))) as address:
        wrong = address.replace("secret", "wrong")
        socket = named(world.addresses["market_ws"], SOCKET)
        with pytest.raises(MarketDown):
            await open_line(socket, cookie, "1", SystemClock(), SeededChance(), FAST, wrong)


@pytest.mark.parametrize("proxy", ["127.0.0.1:1080", "ftp://proxy", "socks5://", "socks4://h:1", "http://h:1/way"])
def test_what_is_no_proxy_is_refused_and_not_repeated(proxy):
    with pytest.raises(BadConfig) as refused:
        load(None, {"ZHANGGUI__ACCOUNTS__0__NAME": "main", "ZHANGGUI__ACCOUNTS__0__PROXY": proxy + "#hush"})
    assert "proxy" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_proxys_password_is_not_shown():
    config = load(None, {"ZHANGGUI__ACCOUNTS__0__NAME": "main", "ZHANGGUI__ACCOUNTS__0__PROXY": "socks5h://o:hush@h:1"})
    assert "hush" not in repr(config)
    assert config.accounts[0].proxy.get_secret_value() == "socks5h://o:hush@h:1"
