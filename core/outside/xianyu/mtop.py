"""Calls of the web API: budgeted, signed, re-signed when the sign is stale, revived once when the session ended."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import orjson
from aiolimiter import AsyncLimiter

from core.errors import MarketDown, NeedsOwner
from core.outside.breaker import Breaker
from core.outside.http import Answer, Http, lost
from core.outside.xianyu.apis import LOGIN_USER
from core.outside.xianyu.cookies import cookies_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, list_at, read_json
from core.outside.xianyu.login import Login
from core.outside.xianyu.ret import check_inside, error_of, is_illegal, is_session_gone, is_stale_sign, is_success
from core.outside.xianyu.sign import ORIGIN, USER_AGENT, Api, headers_for, query_for
from core.outside.xianyu.skew import PlatformClock

Cure = Callable[[], Awaitable[bool]]
_TRIES = 5
_HAS_LOGIN = "/newlogin/hasLogin.do"


_DATE_LEAVES_OUT = timedelta(seconds=1)
_OTHER_TIME = timedelta(seconds=60)
"""A clock found to be further off than this explains why a call counted as illegal."""


class Mtop:
    """One account's calls. Every failure is one of core/errors; LoginExpired and Challenged shut the account's gate.

    `reads` is the budget of questions (what changes something is paced by whoever decides to do it); `breaker` rests
    the calls when nobody answers.
    """

    def __init__(
        self,
        login: Login,
        http: Http,
        time: PlatformClock,
        breaker: Breaker,
        reads: AsyncLimiter,
        *,
        api_url: str,
        passport_url: str,
        busy_s: float,
    ) -> None:
        self._login = login
        self._http = http
        self._time = time
        self._breaker = breaker
        self._reads = reads
        self._api_url = api_url.rstrip("/")
        self._passport_url = passport_url.rstrip("/")
        self._busy_s = busy_s

    async def call(self, api: Api, data: Fields) -> Fields:
        """The answer's `data`. A stale sign or an ended session means that nothing was carried out: asked again."""
        self._login.check()
        if not api.effect:
            await self._reads.acquire()
        opened = self._login.openings
        try:
            return await self._breaker.run(lambda: self._signed(api, data), lambda: self._signed(LOGIN_USER, {}))
        except NeedsOwner as error:
            if self._login.openings != opened:
                raise MarketDown("market_down", reason="the login was mended meanwhile") from error
            await self._login.shut(error)
            raise

    async def _signed(self, api: Api, data: Fields) -> Fields:
        text = orjson.dumps(data).decode()
        cures: list[Cure] = [self._login.take_other_login, self.is_alive]
        for _ in range(_TRIES):
            ahead = self._time.ahead
            ret, found = await self._once(api, text)
            if is_success(ret):
                if api.effect:
                    check_inside(found)
                return found
            if is_session_gone(ret) and await _is_cured(cures):
                continue
            if is_illegal(ret) and abs(self._time.ahead - ahead) > _OTHER_TIME:
                continue  # signed by a wrong clock: the answer told the right time
            if not is_stale_sign(ret):
                raise error_of(ret, found, effect=api.effect, busy_s=self._busy_s)
        raise MarketDown("market_down", reason="no sign is accepted")

    async def _once(self, api: Api, text: str) -> tuple[list[str], Fields]:
        cookies, asked_at = self._login.link.cookies, self._time.our_now()
        answer = await self._http.post(
            self._api_url + api.path,
            query=query_for(api, cookies, self._time.now(), text),
            form={"data": text},
            headers=headers_for(api, cookies),
            effect=api.effect,
        )
        self._hear(answer, asked_at)
        await self._login.take_set_cookies(answer.set_cookies, cookies)
        return _read(answer, effect=api.effect)

    def _hear(self, answer: Answer, asked_at: datetime) -> None:
        if answer.at is not None:
            self._time.heard(answer.at, asked_at, _DATE_LEAVES_OUT)

    async def is_alive(self) -> bool:
        """Ask the passport whether the login still lives; its answer renews the cookies. False when it says no."""
        cookies = self._login.link.cookies
        known = cookies_of(cookies)
        form = {"hid": known.get("unb", ""), "hsiz": known.get("cookie2", ""), "deviceId": known.get("cna", "")}
        answer = await self._http.post(
            self._passport_url + _HAS_LOGIN,
            query={"appName": "xianyu", "fromSite": "77"},
            form=form,
            headers={"cookie": cookies, "origin": ORIGIN, "user-agent": USER_AGENT},
        )
        await self._login.take_set_cookies(answer.set_cookies, cookies)
        return fields_at(as_fields(read_json(answer.body)), "content").get("success") is True


async def _is_cured(cures: list[Cure]) -> bool:
    """Try what is left of the cures for an ended session, the last first; each is tried once."""
    while cures:
        if await cures.pop()():
            return True
    return False


def _read(answer: Answer, *, effect: bool) -> tuple[list[str], Fields]:
    """`ret` and `data` of an answer; a page that is no answer of the API (a proxy's, a slider's) is none."""
    said = as_fields(read_json(answer.body))
    ret = [line for line in list_at(said, "ret") if isinstance(line, str)]
    if not ret:
        raise lost(effect, "no answer of the API")
    return ret, fields_at(said, "data")
