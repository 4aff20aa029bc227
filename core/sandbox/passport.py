"""The login keep-alive and the picture upload (facts: Xianyu 1.4, 1.11)."""

from urllib.parse import parse_qs

import orjson
from starlette.requests import Request
from starlette.responses import Response

from core.sandbox.gate import Gate, cookies_of
from core.sandbox.market import Market
from core.sandbox.things import Json


class Passport:
    """`hasLogin.do` and `upload.api`."""

    def __init__(self, market: Market, gate: Gate) -> None:
        self._market = market
        self._gate = gate

    async def has_login(self, request: Request) -> Response:
        """`POST /newlogin/hasLogin.do`, form `hid` and `hsiz`: is the session alive; if so its cookies are renewed."""
        form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
        if self._market.faults.strikes("http_5xx", "hasLogin"):
            return Response("Bad Gateway", 502)
        jar, account = cookies_of(request), self._gate.account_of(request)
        claimed = (form.get("hid", [""])[0], form.get("hsiz", [""])[0])
        alive = account is not None and claimed == (account.unb, jar["cookie2"])
        if not alive or self._market.faults.strikes("expired_session", "hasLogin"):
            return _json({"content": {"data": {}, "success": False}, "hasError": False})
        answer = _json({"content": {"data": {"hasLogin": True}, "status": 0, "success": True}, "hasError": False})
        answer.headers.append("set-cookie", f"sgcookie={self._market.ids.hex(40)}; Path=/")
        return answer

    async def upload(self, request: Request) -> Response:
        """`POST /api/upload.api`, multipart with a picture: where the picture now is, and its size."""
        body = await request.body()
        if self._market.faults.strikes("http_5xx", "upload"):
            return Response("Bad Gateway", 502)
        if self._gate.account_of(request) is None or self._market.faults.strikes("expired_session", "upload"):
            return _json({"success": False, "message": "FAIL_SYS_SESSION_EXPIRED::Session过期"})
        if "multipart/form-data" not in request.headers.get("content-type", "") or b"filename=" not in body:
            return _json({"success": False, "message": "没有文件"})
        url = f"https://img.alicdn.com/imgextra/pretend/{self._market.ids.hex(16)}.jpg"
        return _json({"success": True, "object": {"url": url, "pix": "1080x1440", "size": str(len(body))}})


def _json(body: Json) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
