"""A robot of the pretend WeCom in URL mode: callbacks to its address, polls of what grows, one-time answer addresses.

What grows is fetched until it is finished; a press is called once and its answer counts within five seconds; every
response_url takes one message within the hour (facts: WeCom c1).
"""

import asyncio
import itertools
import json
import secrets
import time

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.sandbox.wecom.limits import check_card, check_markdown, refuse, text_at
from bot.sandbox.wecom.office import ANSWER_S, Office
from bot.sandbox.wecom.sealing import Seal
from bot.sandbox.wecom.things import TASK_ID_REUSED, Json, Refusal, ShownCard

POLL_S = 0.05
URL_S = 3600.0


class CallbackRobot:
    """People write to it and press its cards; `url` is where it is called."""

    def __init__(self, office: Office, bot_id: str = "aibCALLED") -> None:
        self._office = office
        self._bot_id = bot_id
        self.seal = Seal("pretendRobotToken", secrets.token_urlsafe(32).replace("-", "A").replace("_", "B"), "")
        self.url = ""
        self._numbers = itertools.count(1)
        self._codes: dict[str, tuple[str, float]] = {}
        self._http = httpx2.AsyncClient(timeout=ANSWER_S)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    def routes(self) -> list[Route]:
        """To be mounted by the world."""
        return [Route("/cgi-bin/aibot/response", self.take, methods=["POST"])]

    async def take(self, request: Request) -> JSONResponse:
        """One message by a response_url."""
        chat_id, until_s = self._codes.pop(request.query_params.get("response_code", ""), ("", 0.0))
        try:
            if not chat_id or self._office.real() > until_s:
                raise refuse("response_code")
            self._show(chat_id, json.loads(await request.body()), ("markdown", "template_card"))
        except Refusal as no:
            self._office.note("refused", cmd="response_url", errcode=no.errcode, errmsg=no.errmsg)
            return JSONResponse({"errcode": no.errcode, "errmsg": no.errmsg})
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def check_url(self) -> tuple[int, str]:
        """What an administrator's saving of the URL does: status and answer, to be the echo's bare words."""
        sealed = self.seal.encrypt("1837465920174650912")
        answer = await self._http.get(self.url, params={**self.seal.query(sealed, int(time.time())), "echostr": sealed})
        return answer.status_code, answer.text

    async def type(self, chat_id: str, user_id: str, words: str, msgid: str = "") -> int:
        """Somebody writes, @-ing the robot in a group; the status of the callback."""
        text = f"@{self._office.bot_name} {words}" if self._office.chats[chat_id].kind == "group" else words
        self._office.note("typed", chat=chat_id, user=user_id, text=text)
        body = {**self._head(chat_id, user_id, msgid), "msgtype": "text", "text": {"content": text}}
        status, answer = await self.call(body)
        if answer:
            await self._answered(chat_id, body, answer)
        return status

    async def click(self, task_id: str, key: str, user_id: str) -> int:
        """Somebody presses a button; the status of the one callback."""
        chat_id = self._office.cards[task_id].chat_id
        facts = {"card_type": "button_interaction", "event_key": key, "task_id": task_id}
        event = {"eventtype": "template_card_event", "template_card_event": facts}
        status, answer = await self.call({**self._head(chat_id, user_id), "msgtype": "event", "event": event})
        if answer:
            self._update(chat_id, task_id, answer)
        return status

    async def call(self, body: Json) -> tuple[int, Json]:
        """A callback: its status, and its answer opened, empty when there is none."""
        sealed = self.seal.encrypt(json.dumps(body, ensure_ascii=False))
        query = self.seal.query(sealed, int(time.time()))
        status, words = await self.post(query, json.dumps({"encrypt": sealed}))
        if status != 200 or not words:
            return status, {}
        answer = json.loads(words)
        assert answer["nonce"] == query["nonce"]
        signed = self.seal.sign(str(answer["timestamp"]), answer["nonce"], answer["encrypt"])
        assert answer["msgsignature"] == signed
        found: Json = json.loads(self.seal.decrypt(answer["encrypt"]))
        return status, found

    async def post(self, query: dict[str, str], body: str) -> tuple[int, str]:
        """Any request to the callback URL: status and words, 0 when nobody answers in time."""
        try:
            answer = await self._http.post(self.url, params=query, content=body.encode())
        except httpx2.HTTPError:
            return 0, ""
        return answer.status_code, answer.text

    async def _answered(self, chat_id: str, asked: Json, answer: Json) -> None:
        """What the reply shows; a message that grows is fetched until it is finished."""
        while answer.get("msgtype") == "stream":
            check_markdown(answer, "stream")
            stream = answer["stream"]
            facts = {"id": text_at(stream, "id"), "content": stream["content"], "finish": stream["finish"]}
            self._office.note("stream", chat=chat_id, **facts)
            if stream["finish"]:
                return
            await asyncio.sleep(POLL_S)
            _, answer = await self.call({**asked, "msgtype": "stream", "stream": {"id": facts["id"]}})
        self._show(chat_id, answer, ("template_card",))

    def _show(self, chat_id: str, body: Json, allowed: tuple[str, ...]) -> None:
        kind = body.get("msgtype")
        if kind not in allowed:
            raise refuse(f"msgtype {kind}")
        if kind == "markdown":
            check_markdown(body)
        else:
            card = check_card(body.get("template_card"))
            if card.get("task_id") in self._office.cards:
                raise TASK_ID_REUSED
            self._office.cards[card["task_id"]] = ShownCard(card["task_id"], chat_id, card)
        self._office.rate.count(chat_id)
        self._office.note("replied", chat=chat_id, body=body)

    def _update(self, chat_id: str, task_id: str, answer: Json) -> None:
        if answer.get("response_type") != "update_template_card":
            raise refuse("response_type")
        card, userids = check_card(answer.get("template_card")), answer.get("userids") or []
        if card.get("task_id") != task_id:
            raise refuse("task_id is not the click's")
        shown = self._office.cards[task_id]
        if userids:
            shown.seen_by.update(dict.fromkeys(userids, card))
        else:
            shown.card, shown.seen_by = card, {}
        self._office.note("card_updated", chat=chat_id, task_id=task_id, card=card, for_=userids)

    def _head(self, chat_id: str, user_id: str, msgid: str = "") -> Json:
        code = secrets.token_hex(16)
        self._codes[code] = chat_id, self._office.real() + URL_S
        head: Json = {
            "msgid": msgid or f"CALL{next(self._numbers):06d}=",
            "aibotid": self._bot_id,
            "from": {"userid": user_id},
            "response_url": f"{self._office.origin}/cgi-bin/aibot/response?response_code={code}",
        }
        group = self._office.chats[chat_id].kind == "group"
        return head | ({"chatid": chat_id, "chattype": "group"} if group else {"chattype": "single"})
