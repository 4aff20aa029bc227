"""Logging in by QR code as the pretend passport does it: a page, a code, a phone, and maybe a face (facts: Xianyu 1.4).

Every step wants the cookies and the form of the one before: a client that loses one of them is refused.
"""

import asyncio
import time
from dataclasses import dataclass, field

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.sandbox.codes import CONFIRMED, EXPIRED, NEW, SCANNED, Code, Codes
from core.sandbox.gate import cookies_of
from core.sandbox.market import Market
from core.sandbox.things import Json

FORM = ("_csrf_token", "umidToken", "hsiz")
"""What of the page's form every later call must repeat."""


@dataclass
class Qr:
    """The passport's pages and calls for a login by code."""

    market: Market
    codes: Codes
    forms: dict[str, Json] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """The routes, to be mounted by the world."""
        return [
            Route("/mini_login.htm", self.mini_login),
            Route("/newlogin/qrcode/generate.do", self.generate),
            Route("/newlogin/qrcode/query.do", self.query, methods=["POST"]),
            Route("/login_token/login.do", self.login_by_token, methods=["POST"]),
            Route("/iv/remote/mini/request.htm", self.remote_check),
            Route("/iv/mini/normal_validate.htm", self.normal_validate),
            Route("/iv/mini/verify_modes.htm", self.verify_modes),
            Route("/iv/mini/identity_verify.htm", self.identity_verify),
            Route("/iv/photoVerify/check.do", self.photo_check),
            Route("/ivCheckLogin.htm", self.check_login),
        ]

    async def mini_login(self, request: Request) -> Response:
        """`GET /mini_login.htm`: the page whose form opens the login; a browser's session begins here."""
        query = request.query_params
        if (query.get("appName"), query.get("appEntrance")) != ("xianyu", "web"):
            return Response("<html>参数错误</html>", 400)
        session, csrf = self.market.ids.hex(32), self.market.ids.hex(22)
        form = {"_csrf_token": csrf, "umidToken": self.market.ids.hex(40), "hsiz": session}
        self.forms[session] = form
        fixed = {"appName": "xianyu", "appEntrance": "web", "isMobile": False, "lang": "zh_CN", "returnUrl": ""}
        view = {"loginFormData": {**fixed, **form, "fromSite": "77", "bizParams": ""}, "error": None}
        page = f"<html><script>window.viewData = {orjson.dumps(view).decode()};</script></html>"
        answer = Response(page, media_type="text/html")
        _set(answer, {"cookie2": session, "XSRF-TOKEN": self.market.ids.hex(32), "_tb_token_": csrf})
        return answer

    async def generate(self, request: Request) -> Response:
        """`GET /newlogin/qrcode/generate.do` with the page's form: `codeContent`, `t`, `ck`."""
        if trouble := await self._trouble("generate"):
            return trouble
        session = self._session(request, dict(request.query_params))
        if session is None:
            return _refusal("非法请求")
        code = self.codes.add(session)
        facts = {"codeContent": code.content, "t": int(code.t), "ck": code.ck}
        return _content({**facts, "resultCode": 100, "processFinished": True})

    async def query(self, request: Request) -> Response:
        """`POST /newlogin/qrcode/query.do?appName=xianyu&fromSite=77`: what the phone did with the code."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        if trouble := await self._trouble("query"):
            return trouble
        site = (request.query_params.get("appName"), request.query_params.get("fromSite"))
        session = self._session(request, form)
        mine = (
            one for one in self.codes.all if (one.session, one.t, one.ck) == (session, form.get("t"), form.get("ck"))
        )
        code = next(mine, None)
        if site != ("xianyu", "77") or code is None:
            return _refusal("非法请求")
        if code.status in (NEW, SCANNED) and (time.monotonic() >= code.ends_s or self._strikes("qr_expires")):
            code.status = EXPIRED
        return self._told(request, code)

    def _told(self, request: Request, code: Code) -> Response:
        data: Json = {"qrCodeStatus": code.status, "resultCode": 100, "processFinished": code.status == CONFIRMED}
        if code.status == CONFIRMED and code.htoken:
            target = f"{_origin(request)}/iv/remote/mini/request.htm?htoken={code.htoken}"
            return _content({**data, "iframeRedirect": True, "iframeRedirectUrl": target})
        if code.status != CONFIRMED:
            return _content(data)
        answer = _content({**data, "loginResult": "success", **({} if code.at_once else {"token": code.token})})
        if code.at_once:
            self._log_in(answer, code)
        return answer

    async def login_by_token(self, request: Request) -> Response:
        """`POST /login_token/login.do?token=…&confirm=true`: the confirmed code's token, once, for the cookies."""
        query, session = request.query_params, cookies_of(request).get("cookie2")
        code = next((one for one in self.codes.all if one.token and one.token == query.get("token")), None)
        if code is None or code.session != session or query.get("confirm") != "true":
            return _refusal("登录已失效")
        code.token = ""
        answer = _content({"loginResult": "success", "resultCode": 100})
        self._log_in(answer, code)
        return answer

    async def remote_check(self, request: Request) -> Response:
        """`GET /iv/remote/mini/request.htm`, the iframeRedirectUrl: sends on to the page that opens the check."""
        if self._checked(request) is None:
            return Response(status_code=403)
        htoken = request.query_params["htoken"]
        return RedirectResponse(f"{_origin(request)}/iv/mini/normal_validate.htm?htoken={htoken}", 302)

    async def normal_validate(self, request: Request) -> Response:
        """`GET /iv/mini/normal_validate.htm`: a page whose script goes on to the choice of checks."""
        code = self._checked(request)
        if code is None:
            return Response(status_code=403)
        target = f"{_origin(request)}/iv/mini/verify_modes.htm?htoken={code.htoken}&amp;_umidfg="
        return Response(f'<script>window.location.href = "{target}" + 1;</script>', media_type="text/html")

    async def verify_modes(self, request: Request) -> Response:
        """`GET /iv/mini/verify_modes.htm`: for a face it sends on to the page with the code."""
        code = self._checked(request)
        if code is None or request.query_params.get("_umidfg") != "1":
            return Response(status_code=403)
        return RedirectResponse(f"/iv/mini/identity_verify.htm?htoken={code.htoken}", 302)

    async def identity_verify(self, request: Request) -> Response:
        """`GET /iv/mini/identity_verify.htm`: the page that draws the second code."""
        code = self._checked(request)
        if code is None:
            return Response(status_code=403)
        text = code.face.replace("/", "\\/").replace("&", "&amp;")
        return Response(f'<script>new Qrcode({{ text: "{text}", width: 180 }});</script>', media_type="text/html")

    async def photo_check(self, request: Request) -> Response:
        """`GET /iv/photoVerify/check.do`: code 3 and where to go once the phone has seen the face, else 1."""
        code = self._checked(request)
        if code is None:
            return Response(status_code=403)
        done = {"code": 3, "url": f"{_origin(request)}/ivCheckLogin.htm?havana_iv_token={code.passed}"}
        return _json({"content": done if code.passed else {"code": 1}, "hasError": False})

    async def check_login(self, request: Request) -> Response:
        """`GET /ivCheckLogin.htm`: the passed check for the cookies, once."""
        token, session = request.query_params.get("havana_iv_token"), cookies_of(request).get("cookie2")
        code = next((one for one in self.codes.all if one.passed and one.passed == token), None)
        if code is None or code.session != session:
            return Response(status_code=403)
        code.passed = ""
        answer = Response("<html>ok</html>", media_type="text/html")
        self._log_in(answer, code)
        return answer

    def _checked(self, request: Request) -> Code | None:
        htoken, session = request.query_params.get("htoken"), cookies_of(request).get("cookie2")
        return next(
            (one for one in self.codes.all if one.htoken and (one.htoken, one.session) == (htoken, session)), None
        )

    def _session(self, request: Request, form: dict[str, str]) -> str | None:
        """The browser's session when cookie and form are those of its page."""
        session = cookies_of(request).get("cookie2", "")
        known = self.forms.get(session)
        return session if known is not None and all(form.get(name) == known[name] for name in FORM) else None

    def _strikes(self, dial: str) -> bool:
        return self.market.faults.strikes(dial, "query") is not None

    async def _trouble(self, what: str) -> Response | None:
        if slow := self.market.faults.strikes("slow_passport", what):
            await asyncio.sleep(slow.by_s)
        return Response("Bad Gateway", 502) if self.market.faults.strikes("http_5xx", what) else None

    def _log_in(self, answer: Response, code: Code) -> None:
        assert code.account is not None
        lasts_s = self.market.session_s
        fresh = self.market.new_session(code.account)
        for name, value in fresh.items():
            ends = f"; Max-Age={lasts_s}" if lasts_s else ""
            answer.headers.append("set-cookie", f"{name}={value}; Path=/; HttpOnly{ends}")
        self.market.note("login", account=code.account.name, second_factor=bool(code.htoken))


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _set(answer: Response, cookies: dict[str, str]) -> None:
    for name, value in cookies.items():
        answer.headers.append("set-cookie", f"{name}={value}; Path=/")


def _content(data: Json) -> Response:
    return _json({"content": {"data": data, "status": 0, "success": True}, "hasError": False})


def _refusal(words: str) -> Response:
    data = {"titleMsg": words, "resultCode": 3000}
    return _json({"content": {"data": data, "status": -1, "success": False}, "hasError": True})


def _json(body: Json) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
