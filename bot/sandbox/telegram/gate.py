"""The door of the Bot API: token, method, parameters, faults, and answers in Telegram's envelope."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.serving import Json, cut
from bot.sandbox.telegram.cloud import Cloud
from bot.sandbox.telegram.params import Params, read_params
from bot.sandbox.telegram.refusal import Refusal, too_many
from bot.sandbox.telegram.rooms import MAX_DOWNLOAD

Method = Callable[[Params], object | Awaitable[object]]
_TOKEN = re.compile(r"\d{1,20}:[\w-]{35}")


class Gate:
    """`/bot<token>/<method>` by GET or POST, and `/file/bot<token>/<path>`. Method names ignore case."""

    def __init__(self, cloud: Cloud, methods: Mapping[str, Method]) -> None:
        self._cloud = cloud
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}

    async def handle(self, request: Request) -> Response:
        """One call of a method."""
        try:
            self._check_token(request.path_params["token"])
            name, method = self._find(request.path_params["method"])
            params = await read_params(request)
        except Refusal as refusal:
            return _answer(refusal.as_json(), refusal.code)
        return await self._call(request, name, method, params)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise Refusal(404, "Not Found")
        if token != self._cloud.token:
            raise Refusal(401, "Unauthorized")

    def _find(self, name: str) -> tuple[str, Method]:
        found = self._methods.get(name.lower())
        if found is None:
            raise Refusal(404, "Not Found: method not found")
        return found

    async def _call(self, request: Request, name: str, method: Method, params: Params) -> Response:
        faults = self._cloud.faults
        if slow := faults.strikes("slow", name):
            await asyncio.sleep(slow.by_s)
        if faults.strikes("drop_before", name):
            self._note(name, params, "the connection broke before the effect")
            return await cut(request)
        body = await self._carry_out(name, method, params)
        if body["ok"] and faults.strikes("drop_after", name):
            self._note(name, params, "the connection broke after the effect")
            return await cut(request)
        if name != "getUpdates" or body.get("result") or not body["ok"]:
            self._note(name, params, "ok" if body["ok"] else f"{body['error_code']} {body['description']}")
        return _answer(body, 200 if body["ok"] else body["error_code"])

    async def _carry_out(self, name: str, method: Method, params: Params) -> Json:
        try:
            self._fail(name)
            result = method(params)
            return {"ok": True, "result": await result if inspect.isawaitable(result) else result}
        except Refusal as refusal:
            return refusal.as_json()

    def _fail(self, name: str) -> None:
        if limit := self._cloud.faults.strikes("rate_limit", name):
            raise too_many(round(limit.by_s))
        if self._cloud.faults.strikes("server_error", name):
            raise Refusal(502, "Bad Gateway")

    def _note(self, name: str, params: Params, outcome: str) -> None:
        """For the wire record of the page: what was called, shortened, and what came of it."""
        asked = {key: str(value)[:80] for key, value in params.values.items()}
        self._cloud.calls.append({"version": self._cloud.touch(), "method": name, "asked": asked, "outcome": outcome})

    async def download(self, request: Request) -> Response:
        """A file by its path from getFile."""
        try:
            self._check_token(request.path_params["token"])
        except Refusal as refusal:
            return _answer(refusal.as_json(), refusal.code)
        wanted = request.path_params["path"]
        file = next((one for one in self._cloud.files.values() if one.path == wanted), None)
        if file is None or len(file.data) > MAX_DOWNLOAD:
            return _answer(Refusal(404, "Not Found").as_json(), 404)
        if self._cloud.faults.strikes("drop_before", "download"):
            return await cut(request)
        return Response(file.data, media_type="application/octet-stream")


def _answer(body: Json, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
