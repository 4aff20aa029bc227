"""Calls of the web API: signed, re-signed when the sign is stale, revived once when the session ended."""

from collections.abc import Awaitable, Callable

import orjson

from core.clock import Clock
from core.errors import MarketDown, NeedsOwner
from core.outside.http import Answer, Http, lost
from core.outside.xianyu.cookies import cookies_of
from core.outside.xianyu.fields import Fields, as_fields, fields_at, list_at, read_json
from core.outside.xianyu.login import Login
from core.outside.xianyu.ret import error_of, is_session_gone, is_stale_sign, is_success
from core.outside.xianyu.sign import ORIGIN, USER_AGENT, Api, headers_for, query_for

Cure = Callable[[], Awaitable[bool]]
_TRIES = 5
_HAS_LOGIN = "/newlogin/hasLogin.do"


class Mtop:
    """One account's calls. Every failure is one of core/errors; LoginExpired and Challenged shut the account's gate."""

    def __init__(
        self, login: Login, http: Http, clock: Clock, *, api_url: str, passport_url: str, busy_s: float
    ) -> None:
        self._login = login
        self._http = http
        self._clock = clock
        self._api_url = api_url.rstrip("/")
        self._passport_url = passport_url.rstrip("/")
        self._busy_s = busy_s
        self.ahead_s: float | None = None
        """How far the platform's clock was ahead at its last answer, in seconds; None when it never told."""

    async def call(self, api: Api, data: Fields) -> Fields:
        """The answer's `data`. A stale sign or an ended session means that nothing was carried out: asked again."""
        self._login.check()
        try:
            return await self._signed(api, data)
        except NeedsOwner as error:
            await self._login.shut(error)
            raise

    async def _signed(self, api: Api, data: Fields) -> Fields:
        text = orjson.dumps(data).decode()
        cures: list[Cure] = [self._login.take_other_login, self.is_alive]
        for _ in range(_TRIES):
            ret, found = await self._once(api, text)
            if is_success(ret):
                return found
            if is_session_gone(ret) and await _is_cured(cures):
                continue
            if not is_stale_sign(ret):
                raise error_of(ret, found, effect=api.effect, busy_s=self._busy_s)
        raise MarketDown("market_down", reason="no sign is accepted")

    async def _once(self, api: Api, text: str) -> tuple[list[str], Fields]:
        cookies = self._login.link.cookies
        answer = await self._http.post(
            self._api_url + api.path,
            query=query_for(api, cookies, self._clock.now(), text),
            form={"data": text},
            headers=headers_for(api, cookies),
            effect=api.effect,
        )
        if answer.at is not None:
            self.ahead_s = (answer.at - self._clock.now()).total_seconds()
        await self._login.take_set_cookies(answer.set_cookies)
        return _read(answer, effect=api.effect)

    async def is_alive(self) -> bool:
        """Ask the passport whether the login still lives; its answer renews the cookies. False when it says no."""
        cookies = cookies_of(self._login.link.cookies)
        form = {"hid": cookies.get("unb", ""), "hsiz": cookies.get("cookie2", ""), "deviceId": cookies.get("cna", "")}
        answer = await self._http.post(
            self._passport_url + _HAS_LOGIN,
            query={"appName": "xianyu", "fromSite": "77"},
            form=form,
            headers={"cookie": self._login.link.cookies, "origin": ORIGIN, "user-agent": USER_AGENT},
        )
        await self._login.take_set_cookies(answer.set_cookies)
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
