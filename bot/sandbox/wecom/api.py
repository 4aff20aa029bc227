"""The calls of a self-built app, and the callbacks WeCom makes to it (facts: WeCom b).

Tokens expire, a response_code changes a card once, a group takes no template card, a call may meet a busy system; and a
callback that gets no 200 within five seconds comes again, three times in all.
"""

import asyncio
import itertools
import json
import secrets
import time

import httpx2
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.serving import cut
from bot.sandbox.wecom.limits import check_card, refuse, text_at
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.sealing import Seal
from bot.sandbox.wecom.things import TASK_ID_REUSED, Json, Media, Refusal, ShownCard

CORP, AGENT = "ww1a2b3c4d5e6f7a8b", 1000002
BYTES = {"text": 2048, "markdown": 2048}
TRIES = 3
NOT_FOUND = {"agent/get": 40056, "appchat/get": 86003}
GROUP_KINDS = ("text", "image", "voice", "video", "file", "markdown")


class AppWorld:
    """One app of the corp. `people` write to it and press its cards by callbacks to `url`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.secret = secrets.token_hex(16)
        self.seal = Seal("pretendToken", secrets.token_urlsafe(32).replace("-", "A").replace("_", "B"), CORP)
        self.url = ""
        self.group = "shopops01"
        self._token = ""
        self._numbers = itertools.count(1)
        self._codes: dict[str, str] = {}
        self._http = httpx2.AsyncClient(timeout=5)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    def routes(self) -> list[Route]:
        """To be mounted by the world."""
        return [
            Route("/cgi-bin/gettoken", self.get_token),
            Route("/cgi-bin/message/send", self.take, methods=["POST"]),
            Route("/cgi-bin/message/update_template_card", self.take, methods=["POST"]),
            Route("/cgi-bin/appchat/send", self.take, methods=["POST"]),
            Route("/cgi-bin/agent/get", self.find),
            Route("/cgi-bin/appchat/get", self.find),
            Route("/cgi-bin/media/upload", self.upload, methods=["POST"]),
        ]

    async def get_token(self, request: Request) -> JSONResponse:
        """A token for the right secret."""
        if request.query_params.get("corpid") != CORP or request.query_params.get("corpsecret") != self.secret:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential"})
        self._token = secrets.token_hex(12)
        self._office.note("token")
        return JSONResponse({"errcode": 0, "errmsg": "ok", "access_token": self._token, "expires_in": 7200})

    async def take(self, request: Request) -> Response:
        """One call; refusals are status 200 with an errcode."""
        path = request.url.path.removeprefix("/cgi-bin/")
        if self._office.faults.strikes("html", path):
            return HTMLResponse("<h1>busy</h1>")
        try:
            self._check_token(request, path)
            found = self._carry_out(path, json.loads(await request.body()))
        except Refusal as no:
            self._office.note("refused", cmd=path, errcode=no.errcode, errmsg=no.errmsg)
            return JSONResponse({"errcode": no.errcode, "errmsg": no.errmsg})
        if late := self._office.faults.strikes("slow_ack", path):
            await asyncio.sleep(late.by_s)
        if self._office.faults.strikes("lost_answer", path):
            return await cut(request)
        if self._office.faults.strikes("server_error", path):
            return Response(status_code=500)
        return JSONResponse({"errcode": 0, "errmsg": "ok", **found})

    async def find(self, request: Request) -> JSONResponse:
        """What the app, or a group it made, is."""
        path = request.url.path.removeprefix("/cgi-bin/")
        wanted = {"agent/get": ("agentid", str(AGENT)), "appchat/get": ("chatid", self.group)}[path]
        try:
            self._check_token(request, path)
        except Refusal as no:
            return JSONResponse({"errcode": no.errcode, "errmsg": no.errmsg})
        if request.query_params.get(wanted[0]) != wanted[1]:
            return JSONResponse({"errcode": NOT_FOUND[path], "errmsg": f"no such {wanted[0]}"})
        return JSONResponse({"errcode": 0, "errmsg": "ok", wanted[0]: wanted[1]})

    async def upload(self, request: Request) -> JSONResponse:
        """A file in the multipart field `media`; an empty one is refused."""
        try:
            self._check_token(request, "media/upload")
            async with request.form() as form:
                media = form.get("media")
                content = b"" if media is None or isinstance(media, str) else await media.read()
            if len(content) < 5:
                raise refuse("media")
        except Refusal as no:
            return JSONResponse({"errcode": no.errcode, "errmsg": no.errmsg})
        found = Media(f"MEDIA{secrets.token_hex(12)}", request.query_params["type"], "", content)
        self._office.media[found.media_id] = found
        return JSONResponse({"errcode": 0, "errmsg": "ok", "type": found.kind, "media_id": found.media_id})

    def _check_token(self, request: Request, path: str) -> None:
        if self._office.faults.strikes("token_expired", path):
            self._token = ""
        if not self._token or request.query_params.get("access_token") != self._token:
            raise Refusal(42001, "access_token expired")
        if self._office.faults.strikes("not_trusted", path):
            raise Refusal(60020, "not allow to access from your ip")
        if self._office.faults.strikes("system_busy", path):
            raise Refusal(-1, "system busy")

    def _carry_out(self, path: str, body: Json) -> Json:
        if path == "message/update_template_card":
            return self._update(body)
        kind = text_at(body, "msgtype")
        if path == "appchat/send":
            if body.get("chatid") != self.group or kind not in GROUP_KINDS:
                raise refuse("chatid or msgtype")
            return self._show(self.group, kind, body)
        if body.get("agentid") != AGENT:
            raise Refusal(40056, "invalid agentid")
        return self._show(text_at(body, "touser"), kind, body)

    def _show(self, chat: str, kind: str, body: Json) -> Json:
        if kind == "template_card":
            card = check_card(body.get("template_card"))
            if self._office.faults.strikes("no_buttons", ""):
                raise refuse("no callback url")
            if card.get("task_id") in self._office.cards:
                raise TASK_ID_REUSED
            self._office.cards[card["task_id"]] = ShownCard(card["task_id"], chat, card)
        elif kind in BYTES and len(text_at(body, kind, "content").encode()) > BYTES[kind]:
            raise refuse(f"{kind}.content")
        elif kind not in BYTES and text_at(body, kind, "media_id") not in self._office.media:
            raise refuse("media_id")
        self._office.rate.count(chat)
        self._office.note("sent", chat=chat, body=body)
        return {"msgid": secrets.token_hex(8)} | (
            {"response_code": self._code(card["task_id"])} if kind == "template_card" else {}
        )

    def _code(self, task_id: str) -> str:
        code = secrets.token_hex(16)
        self._codes[code] = task_id
        return code

    def _update(self, body: Json) -> Json:
        """A response_code is good once."""
        task_id = self._codes.pop(text_at(body, "response_code"), None)
        if task_id is None:
            raise Refusal(41063, "response_code was used or is unknown")
        self._office.cards[task_id].card = check_card(body.get("template_card"))
        self._office.note("card_updated", task_id=task_id, card=body["template_card"], for_=[], body=body)
        return {}

    async def check_url(self) -> tuple[int, str]:
        """What an administrator's saving of the URL does: status and answer, to be the echo's bare words."""
        sealed = self.seal.encrypt("1837465920174650912")
        answer = await self._http.get(self.url, params={**self.seal.query(sealed, int(time.time())), "echostr": sealed})
        return answer.status_code, answer.text

    async def type(self, user_id: str, words: str, msg_id: str = "") -> int:
        """Somebody writes to the app; the status of the last try."""
        number = msg_id or str(7574852341209870000 + next(self._numbers))
        return await self._call_back(
            user_id, f"<MsgType><![CDATA[text]]></MsgType><Content>{_cdata(words)}</Content><MsgId>{number}</MsgId>"
        )

    async def click(self, task_id: str, key: str, user_id: str) -> int:
        """Somebody presses a button; the press brings a code of its own."""
        facts = {
            "Event": "template_card_event",
            "EventKey": key,
            "TaskId": task_id,
            "CardType": "button_interaction",
            "ResponseCode": self._code(task_id),
        }
        inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in facts.items())
        return await self._call_back(user_id, f"<MsgType><![CDATA[event]]></MsgType>{inside}")

    async def _call_back(self, user_id: str, inside: str) -> int:
        stamp = int(time.time())
        head = f"<ToUserName>{CORP}</ToUserName><FromUserName><![CDATA[{user_id}]]></FromUserName>"
        head += f"<CreateTime>{stamp}</CreateTime>"
        sealed = self.seal.encrypt(f"<xml>{head}{inside}<AgentID>{AGENT}</AgentID></xml>")
        whose = f"<ToUserName>{CORP}</ToUserName><AgentID>{AGENT}</AgentID>"
        body = f"<xml>{whose}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        status = 0
        for _ in range(TRIES):
            status = await self.post(self.seal.query(sealed, stamp), body)
            if status == 200:
                break
        return status

    async def post(self, query: dict[str, str], body: str) -> int:
        """Any request to the callback URL; its status, 0 when nobody answers."""
        try:
            return (await self._http.post(self.url, params=query, content=body.encode())).status_code
        except httpx2.HTTPError:
            return 0


def _cdata(words: str) -> str:
    """Words as XML, whatever stands in them."""
    return f"<![CDATA[{words.replace(']]>', ']]]]><![CDATA[>')}]]>"
