"""The group's push robot (facts: WeCom a): text and pictures into one group, 20 a minute, nothing back."""

import base64
import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

import httpx2

from bot.cards.card import Card
from bot.fronts.wecom.budget import MINUTE_S
from bot.fronts.wecom.faults import TOO_FAST
from bot.fronts.wecom.paint import brief, markdown
from bot.fronts.wecom.shapes import Json
from core.errors import Busy, MaybeSent, Transient

LOG = logging.getLogger("zhanggui.wecom")
MOST_A_MINUTE = 20
LARGEST_PICTURE = 2 << 20
ANSWER_S = 10.0
NO_SUCH_ROBOT = 93000
"""The key in the address is of no robot (any more)."""


class Push:
    """Says a card in the group of a push robot, without its buttons.

    Raises Busy when its minute is full, Transient when the platform cannot be reached or does not want it, MaybeSent
    when some of it may stand there. Its address holds the key: it never reaches a log or an error.
    """

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self._url = url
        self._now = now
        self._http = httpx2.AsyncClient(timeout=ANSWER_S)
        self._said: list[float] = []

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def say(self, card: Card) -> None:
        """Everything the card says; a picture that fits goes before it."""
        picture = card.picture if card.picture is not None and len(card.picture) <= LARGEST_PICTURE else None
        self._count(2 if picture else 1)
        if picture:
            md5 = hashlib.md5(picture, usedforsecurity=False).hexdigest()
            await self._post({"msgtype": "image", "image": {"base64": base64.b64encode(picture).decode(), "md5": md5}})
        try:
            await self._post({"msgtype": "markdown", "markdown": {"content": brief(markdown(card))}})
        except Transient as error:
            if picture:
                raise MaybeSent(error.key, error.retry_after_s) from error
            raise

    async def is_known(self) -> bool:
        """Whether the platform knows the address; what is sent for it is no message, so that nothing is shown."""
        return await self._ask({"msgtype": ""}) != NO_SUCH_ROBOT

    def _count(self, messages: int) -> None:
        now_s = self._now().timestamp()
        self._said = [at for at in self._said if at > now_s - MINUTE_S]
        if len(self._said) + messages > MOST_A_MINUTE:
            raise Busy("chat_busy", retry_after_s=self._said[0] + MINUTE_S - now_s)
        self._said += [now_s] * messages

    async def _ask(self, body: Json) -> object:
        """The errcode of an answer; MaybeSent when none came to what was sent."""
        try:
            answer = (await self._http.post(self._url, json=body)).json()
        except (httpx2.HTTPError, ValueError) as error:
            LOG.warning("the push robot cannot be reached: %s", type(error).__name__)
            never = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol)
            key, kind = ("chat_unreachable", Transient) if never else ("no_answer", MaybeSent)
            raise kind(key, reason=type(error).__name__) from None
        return answer.get("errcode") if isinstance(answer, dict) else None

    async def _post(self, body: Json) -> None:
        code = await self._ask(body)
        if code in TOO_FAST:
            raise Busy("chat_busy", retry_after_s=MINUTE_S)
        if code != 0:
            LOG.warning("the push robot refused a message: %s", code)
            raise Transient("chat_refused")
