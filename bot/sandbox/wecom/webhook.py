"""A group's push robot: send only, 20 a minute, text, markdown and image (facts: WeCom a)."""

import base64
import binascii
import hashlib
import json
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.serving import cut
from bot.sandbox.wecom.limits import refuse, text_at
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.things import Json, Refusal

BYTES = {"text": 2048, "markdown": 4096}
IMAGE_BYTES = 2 << 20


class Webhook:
    """Answers `/cgi-bin/webhook/send?key=KEY`."""

    def __init__(self, office: Office, key: str = "pretend-key") -> None:
        self._office = office
        self.key = key

    def routes(self) -> list[Route]:
        """To be mounted by the world."""
        return [Route("/cgi-bin/webhook/send", self.send, methods=["POST"]), Route("/file/{number}", self.fetch)]

    async def fetch(self, request: Request) -> Response:
        """A person's file, sealed."""
        found = self._office.left.get(request.path_params["number"])
        if found is None:
            return Response(status_code=404)
        return Response(found[1], headers={"content-disposition": f'attachment; filename="{quote(found[0])}"'})

    async def send(self, request: Request) -> Response:
        """One message; refusals are status 200 with an errcode, as the platform does."""
        try:
            self._take(request.query_params.get("key", ""), await request.body())
        except Refusal as no:
            self._office.note("refused", cmd="webhook", errcode=no.errcode, errmsg=no.errmsg)
            return JSONResponse({"errcode": no.errcode, "errmsg": no.errmsg})
        if self._office.faults.strikes("lost_answer", "webhook"):
            return await cut(request)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _take(self, key: str, raw: bytes) -> None:
        if key != self.key:
            raise Refusal(93000, "invalid webhook url")
        try:
            body = json.loads(raw)
        except ValueError as error:
            raise refuse("body") from error
        self._check(body)
        self._office.webhook_rate.count(key)
        self._office.note("pushed", body=body)

    def _check(self, body: Json) -> None:
        kind = text_at(body, "msgtype")
        if kind in BYTES:
            if len(text_at(body, kind, "content").encode()) > BYTES[kind]:
                raise refuse(f"{kind}.content")
        elif kind == "image":
            _check_image(body)
        else:
            raise refuse("msgtype")


def _check_image(body: Json) -> None:
    try:
        raw = base64.b64decode(text_at(body, "image", "base64"), validate=True)
    except binascii.Error as error:
        raise refuse("image.base64") from error
    md5 = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    if len(raw) > IMAGE_BYTES or md5 != text_at(body, "image", "md5"):
        raise refuse("image")
