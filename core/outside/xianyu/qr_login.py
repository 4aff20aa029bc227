"""Logging in by a code that is scanned (facts: QR login): page, code, phone, perhaps a second factor, cookies.

Nothing is solved here: a second factor is one more code that its owner passes on the phone.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime

from core.errors import MarketDown
from core.outside.http import Http
from core.outside.xianyu.cookies import cookies_of, header_of
from core.outside.xianyu.fields import Fields, read_json, text_at
from core.outside.xianyu.jar import Jar
from core.outside.xianyu.pages import content_of, data_of, drawn_code, login_form, next_check, ticket_of
from core.outside.xianyu.sign import ORIGIN, USER_AGENT
from core.outside.xianyu.times import WireTimes
from core.values.ids import UserId
from core.values.logins import LoginState, LoginStep

S = LoginState
_PAGE = {
    "lang": "zh_cn",
    "appName": "xianyu",
    "appEntrance": "web",
    "styleType": "vertical",
    "bizParams": "",
    "notLoadSsoView": "false",
    "notKeepLogin": "false",
    "isMobile": "false",
    "qrCodeFirst": "false",
    "stie": "77",
}
_SITE = {"appName": "xianyu", "fromSite": "77"}
_BROWSER = {
    "navlanguage": "zh-CN",
    "navUserAgent": USER_AGENT,
    "navPlatform": "Win32",
    "isIframe": "true",
    "documentReferer": f"{ORIGIN}/",
    "defaultView": "qrcode",
}
_EXCHANGE = {"subFlow": "DIALOG_CHECK_LOGIN_RPC", "nextCode": "0018", "bizScene": "qrcode", "confirm": "true"}
_NEW = "NEW"
_SCANNED = ("SCANED", "SCANNED")
_ENDS = {"CONFIRMED": S.done, "EXPIRED": S.expired, "CANCELED": S.cancelled, "CANCELLED": S.cancelled}
_PASSED = 3
_NOT_PASSED = (0, 1, 2, None)
_MOST_FAILURES = 5
"""So many questions in a row without an answer: the login is given up."""


class QrLogin:
    """One login. `steps` walks it; after its step `done` the cookies are here, as a Cookie header.

    `user_id` is who must scan; None takes anybody (an account that never had a login). `cookies` are what is known of
    the old login: of them only the browser's own name (`cna`) goes along.
    """

    def __init__(
        self, http: Http, passport_url: str, times: WireTimes, now: datetime, user_id: UserId | None, cookies: str = ""
    ) -> None:
        known = cookies_of(cookies)
        self._cna = known.get("cna", "")
        self._jar = Jar(http, passport_url, now, header_of({"cna": self._cna} if self._cna else {}))
        self._times = times
        self._user_id = user_id
        self._form: dict[str, str] = {}

    @property
    def cookies(self) -> str:
        """The Cookie header, whole once the step `done` was told."""
        return self._jar.cookies

    @property
    def ends_at(self) -> datetime | None:
        """When the session said it ends."""
        return self._jar.ends_at

    async def steps(self) -> AsyncGenerator[LoginStep]:
        """Every step as it comes; the last is an end. MarketDown when the platform cannot be reached."""
        code = await self._new_code()
        yield LoginStep(state=S.waiting, code=text_at(code, "codeContent"))
        said = await self._change(lambda: self._look(code), "qrCodeStatus", _NEW)
        if said.get("qrCodeStatus") in _SCANNED:
            yield LoginStep(state=S.scanned)
            said = await self._change(lambda: self._look(code), "qrCodeStatus", *_SCANNED)
        end = _ENDS.get(str(said.get("qrCodeStatus", "EXPIRED")), S.failed)
        if end is not S.done:
            yield LoginStep(state=end)
        elif said.get("iframeRedirect") is True:
            async for step in self._second_factor(text_at(said, "iframeRedirectUrl") or ""):
                yield step
        else:
            yield await self._exchange(text_at(said, "token"))

    async def _new_code(self) -> Fields:
        _, page = await self._jar.get("/mini_login.htm", _PAGE)
        self._form = login_form(page)
        if not self._form:
            raise MarketDown("market_down", reason="the login page holds no form")
        self._form["umidTag"] = "SERVER"
        _, body = await self._jar.get("/newlogin/qrcode/generate.do", self._form)
        code = data_of(read_json(body))
        if text_at(code, "codeContent") is None or not code.get("ck"):
            raise MarketDown("market_down", reason="no code in the answer")
        return code

    async def _look(self, code: Fields) -> Fields:
        form = {**self._form, "t": str(code.get("t", "")), "ck": str(code["ck"]), **_BROWSER, "deviceId": self._cna}
        said = data_of(read_json(await self._jar.post("/newlogin/qrcode/query.do", _SITE, form)))
        if "qrCodeStatus" not in said:
            raise MarketDown("market_down", reason="the passport does not know the code")
        return said

    async def _change(self, look: Callable[[], Awaitable[Fields]], key: str, *old: object) -> Fields:
        """Ask until the word under `key` is none of the old ones; nothing when that took too long."""
        loop, failures = asyncio.get_running_loop(), 0
        ends_s = loop.time() + self._times.code_life_s
        while loop.time() < ends_s:
            await asyncio.sleep(self._times.code_poll_s)
            try:
                said = await look()
            except MarketDown:
                failures += 1
                if failures >= _MOST_FAILURES:
                    raise
                continue
            if said.get(key) not in old:
                return said
            failures = 0
        return {}

    async def _exchange(self, token: str | None) -> LoginStep:
        """The confirmed code's token for the session; some answers carried the cookies already."""
        if token is not None:
            query = {**_EXCHANGE, "token": token}
            await self._jar.post("/login_token/login.do", query, {"deviceId": self._cna})
        return self._end()

    async def _second_factor(self, url: str) -> AsyncGenerator[LoginStep]:
        place, page = await self._jar.get(url)
        onwards = next_check(page)
        ticket = ticket_of(onwards) or ticket_of(place)
        drawn = drawn_code(page)
        if onwards and not drawn:
            _, page = await self._jar.get(onwards)
            drawn = drawn_code(page)
        if not ticket or not drawn:
            yield LoginStep(state=S.failed, detail="strange_check")
            return
        yield LoginStep(state=S.checking, code=drawn)
        said = await self._change(lambda: self._is_passed(ticket), "code", *_NOT_PASSED)
        if said.get("code") != _PASSED:
            yield LoginStep(state=S.failed if said else S.expired)
            return
        await self._jar.get(text_at(said, "url") or "")
        yield self._end()

    async def _is_passed(self, ticket: str) -> Fields:
        _, body = await self._jar.get("/iv/photoVerify/check.do", {"htoken": ticket})
        return content_of(read_json(body))

    def _end(self) -> LoginStep:
        """A session is one with a user in it; one of another user is thrown away."""
        user_id = cookies_of(self._jar.cookies).get("unb")
        if not user_id:
            return LoginStep(state=S.failed, detail="no_session")
        if self._user_id not in (None, user_id):
            return LoginStep(state=S.wrong_account)
        return LoginStep(state=S.done)
