"""The door of the market's HTTP calls: token, sign, session, then the call itself (facts: Xianyu 1.4, 2, 2.3)."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from core.sandbox.market import Market, Refusal
from core.sandbox.things import Account, Json

MTOP_APP_KEY = "34839810"
CLOCK_SKEW_S = 600
SUCCESS = "SUCCESS::调用成功"
TOKEN_EMPTY = "FAIL_SYS_TOKEN_EMPTY::令牌为空"
TOKEN_STALE = "FAIL_SYS_TOKEN_EXOIRED::令牌过期"
TOKEN_ILLEGAL = "FAIL_SYS_TOKEN_ILLEGAL::非法令牌"
ILLEGAL = "FAIL_SYS_ILLEGAL_ACCESS::非法请求"
SESSION_EXPIRED = "FAIL_SYS_SESSION_EXPIRED::Session过期"
NO_SUCH_API = "FAIL_SYS_API_NOT_FOUNDED::请求API不存在"
NO_PERMISSION = "PERMISSION_EXCEPTION::无权限访问"
BAD_ARGUMENT = "FAIL_BIZ_PARAM_ERROR::参数错误"
TRAFFIC_LIMIT = "FAIL_SYS_TRAFFIC_LIMIT::哎哟喂,被挤爆啦,请稍后重试"
PAGE = "<!DOCTYPE html><html><head><title>亲，请稍候</title></head><body>sufei-punish</body></html>"
RGV587 = ["FAIL_SYS_USER_VALIDATE", "RGV587_ERROR::SM::哎哟喂,被挤爆啦,请稍后重试"]

Call = Callable[[Account, Json], Json]


@dataclass(frozen=True)
class Api:
    """One call the market offers: its version, what answers it, and whether it changes the world."""

    version: str
    call: Call
    writes: bool = False


def cookies_of(request: Request) -> dict[str, str]:
    """The request's cookies; of a repeated name the first, as servers read it."""
    jar: dict[str, str] = {}
    for part in request.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        jar.setdefault(name, value)
    return jar


def signature(token: str, t: str, data: str) -> str:
    """The md5 sign of a call."""
    return hashlib.md5(f"{token}&{t}&{MTOP_APP_KEY}&{data}".encode()).hexdigest()


async def never_answer(request: Request, closing: asyncio.Event) -> Response:
    """Leave the caller waiting until it hangs up or the world ends."""

    async def hang_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    waits = {asyncio.create_task(hang_up()), asyncio.create_task(closing.wait())}
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return Response(status_code=503)


class CutOff(Response):
    """An answer whose line is cut in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an ASGI call
        """Tell of all of it, send half of it, and hang up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


class Gate:
    """Checks every call as strictly as the platform does, then lets it through."""

    def __init__(self, market: Market, apis: dict[str, Api], closing: asyncio.Event) -> None:
        self._market = market
        self._apis = apis
        self._closing = closing
        self.calls: dict[str, int] = {}

    async def handle(self, request: Request) -> Response:
        """`POST /h5/<api>/<version>/` with form `data`; every answer carries the world's own date."""
        answer = await self._answer(request)
        answer.headers["date"] = formatdate(self._market.now_ms() / 1000, usegmt=True)
        return answer

    async def _answer(self, request: Request) -> Response:
        name, version = request.path_params["api"], request.path_params["version"]
        self.calls[name] = self.calls.get(name, 0) + 1
        form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
        data = form.get("data", [""])[0]
        faults = self._market.faults
        if faults.strikes("http_5xx", name, text=data):
            return Response("Bad Gateway", 502)
        if faults.strikes("html_page", name):
            return HTMLResponse(PAGE)
        stale = self._token_fault(request, name)
        if stale:
            return self._fresh_token(name, version, stale)
        refusal = self._refusal(request, name, version, data)
        if refusal:
            return _answer(name, version, refusal, {})
        if struck := self._struck(request, name, version):
            return struck
        return await self._let_through(request, name, version, data)

    def _token_fault(self, request: Request, name: str) -> str:
        jar = cookies_of(request)
        token, enc = jar.get("_m_h5_tk", "").partition("_")[0], jar.get("_m_h5_tk_enc", "")
        if not token or not enc:
            return TOKEN_EMPTY
        known_enc, expires_ms = self._market.h5_tokens.get(token, ("", 0))
        if expires_ms <= self._market.now_ms() or self._market.faults.strikes("expired_token", name):
            return TOKEN_STALE
        return "" if known_enc == enc else TOKEN_ILLEGAL

    def _fresh_token(self, name: str, version: str, ret: str) -> Response:
        token, enc = self._market.new_h5_token()
        answer = _answer(name, version, [ret], {})
        for cookie, value in (("_m_h5_tk", token), ("_m_h5_tk_enc", enc)):
            jar: SimpleCookie = SimpleCookie({cookie: value})
            jar[cookie]["path"] = "/"
            answer.headers.append("set-cookie", jar[cookie].OutputString())
        return answer

    def _refusal(self, request: Request, name: str, version: str, data: str) -> list[str]:
        query, api = request.query_params, self._apis.get(name)
        if api is None or api.version != version:
            return [NO_SUCH_API]
        token = cookies_of(request)["_m_h5_tk"].partition("_")[0]
        named = (query.get("api"), query.get("v"), query.get("appKey")) == (name, version, MTOP_APP_KEY)
        t = query.get("t", "")
        if not named or not self._in_time(t) or query.get("sign") != signature(token, t, data):
            return [ILLEGAL]
        if self.account_of(request) is None or self._market.faults.strikes("expired_session", name):
            return [SESSION_EXPIRED]
        return []

    def _struck(self, request: Request, name: str, version: str) -> Response | None:
        """What a dial answers the call with."""
        faults = self._market.faults
        if faults.strikes("traffic_limit", name):
            return _answer(name, version, [TRAFFIC_LIMIT], {})
        other = faults.strikes("other_ret", name)
        if other is not None:
            return _answer(name, version, list(other.ret), other.data)
        if faults.strikes("rgv587", name):
            return _answer(name, version, RGV587, {"url": _punish_url(request, name, version)})
        return None

    def _in_time(self, t: str) -> bool:
        """Within ten real minutes of the world's clock, however fast that runs."""
        real_s = self._market.clock.real_s(1)
        window_ms = 1000 * CLOCK_SKEW_S / (real_s or 1)
        return t.isdecimal() and abs(int(t) - self._market.now_ms()) <= window_ms

    def account_of(self, request: Request) -> Account | None:
        """Whose session the cookies carry."""
        jar = cookies_of(request)
        for account in self._market.accounts.values():
            over = 0 < account.ends_ms <= self._market.now_ms()
            if (account.cookie2, account.unb) == (jar.get("cookie2"), jar.get("unb")) and not over:
                return account
        return None

    async def _let_through(self, request: Request, name: str, version: str, data: str) -> Response:
        api, account, faults = self._apis[name], self.account_of(request), self._market.faults
        assert account is not None
        if faults.strikes("permission", name):
            return _answer(name, version, [NO_PERMISSION], {})
        if self._hangs("timeout_before_effect", api, name):
            return await never_answer(request, self._closing)
        ret, answer = _call(api.call, account, data)
        if self._hangs("timeout_after_effect", api, name):
            return await never_answer(request, self._closing)
        told = _answer(name, version, [ret], answer)
        return CutOff(told.body, headers=dict(told.headers)) if faults.strikes("half_body", name) else told

    def _hangs(self, dial: str, api: Api, name: str) -> bool:
        """Writes hang on any such dial, reads only on one that names them."""
        named = any(one.dial == dial and one.on for one in self._market.faults.list_dials())
        return (api.writes or named) and self._market.faults.strikes(dial, name) is not None


def _call(call: Call, account: Account, data: str) -> tuple[str, Json]:
    try:
        return SUCCESS, call(account, orjson.loads(data))
    except Refusal as refusal:
        return str(refusal), {}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return BAD_ARGUMENT, {}


def _answer(name: str, version: str, ret: list[str], data: Json) -> Response:
    body = {"api": name, "data": data, "ret": ret, "traceId": "2150000000000000000000000000", "v": version}
    return Response(orjson.dumps(body), media_type="application/json")


def _punish_url(request: Request, name: str, version: str) -> str:
    punish = f"{request.base_url}/h5/{name}/{version}/_____tmd_____/punish"
    return f"{punish}?x5secdata=pretend&x5step=2&action=captcha&pureCaptcha="
