"""The gate of an account's calls: what was asked with one login says nothing of the next."""

import asyncio
import time
from typing import Any

import pytest
from aiolimiter import AsyncLimiter

from core.clock import SeededChance, SystemClock
from core.errors import LoginExpired, MarketDown
from core.outside.breaker import Breaker, Limits
from core.outside.http import Answer, Http
from core.outside.xianyu.apis import LOGIN_USER
from core.outside.xianyu.identity import new_link
from core.outside.xianyu.login import Login
from core.outside.xianyu.mtop import Mtop
from core.outside.xianyu.skew import PlatformClock

OVER = '{"ret": ["FAIL_SYS_SESSION_EXPIRED::Session过期"], "data": {}, "content": {"success": false}}'
CLOCK, CHANCE = SystemClock(), SeededChance(1)


class SlowServer(Http):
    """Says that the session is over, when it is let."""

    def __init__(self) -> None:
        super().__init__(1.0, "http://127.0.0.1:9")
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def post(self, *_: Any, **__: Any) -> Answer:
        self.asked.set()
        await self.may_answer.wait()
        return Answer(200, OVER.encode(), ())


@pytest.fixture
async def gate():
    server = SlowServer()
    login = Login("shop", new_link("unb=22; cookie2=a; _m_h5_tk=x_1", CHANCE), lambda: None, CLOCK, CHANCE)
    breaker = Breaker(Limits(5, 1, 2), CHANCE, time.monotonic)
    mtop = Mtop(
        login,
        server,
        PlatformClock(CLOCK),
        breaker,
        AsyncLimiter(10),
        api_url="http://127.0.0.1:9",
        passport_url="http://127.0.0.1:9",
        busy_s=1,
    )
    yield server, login, mtop
    await server.close()


async def test_an_answer_to_the_login_before_does_not_stop_the_new_one(gate):
    server, login, mtop = gate
    call = asyncio.create_task(mtop.call(LOGIN_USER, {}))
    await server.asked.wait()
    await login.take_login("unb=22; cookie2=b; _m_h5_tk=y_1", None)
    await login.reopen()
    server.may_answer.set()
    with pytest.raises(MarketDown):
        await call
    login.check()


async def test_an_answer_to_the_present_login_stops_it(gate):
    server, login, mtop = gate
    server.may_answer.set()
    with pytest.raises(LoginExpired):
        await mtop.call(LOGIN_USER, {})
    with pytest.raises(LoginExpired):
        login.check()
