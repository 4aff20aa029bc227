"""The aibot's URL mode: WeCom calls in, an answer goes back by the open call, by polls, or by its response_url.

The same events and commands as over the long connection (facts: WeCom c1): a press is answered within five seconds or
never; a growing message is fetched by WeCom until it is finished; one more message may follow through the callback's
own address, once and within the hour. Nothing can be pushed where nobody asked, and no files go up.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx2

from bot.fronts.wecom.faults import Code, Rejected
from bot.fronts.wecom.link import OnChange
from bot.fronts.wecom.listener import Callbacks, Listener
from bot.fronts.wecom.probing import probe_url
from bot.fronts.wecom.shapes import (
    RESPOND,
    SEND,
    UPDATE,
    WELCOME,
    Clicked,
    Entered,
    Event,
    Json,
    Kicked,
    Said,
    Strange,
    new_req_id,
    read_event_body,
)
from bot.fronts.wecom.wechat import Envelope
from bot.texts import load
from core.config import Config
from core.errors import Transient, Unknown
from core.values.checks import CheckLine

LOG = logging.getLogger("zhanggui.wecom")
PATIENCE_S = 4.0
"""How long WeCom's call is held open for an answer; after five seconds it is lost."""
URL_S = 3500.0
"""A response_url is good for an hour."""
MOST_URLS, MOST_KEPT = 20, 1000
STREAM_S = 300.0
"""WeCom fetches a growing message for six minutes."""
POST_S = 10.0
DEAD_REPLY, STREAM_TOO_OLD = 846605, 846608
NOT_HERE = 40058
"""The errcode the gateway has for what it cannot do."""
T = TypeVar("T")
Hear = Callable[[Event], "asyncio.Future[bool]"]


@dataclass
class Call:
    """One callback of WeCom's that can still be answered by its own reply."""

    chat_id: str
    accepts: str
    """The command its reply may be."""
    reply: "asyncio.Future[Json]"


class Doorway:
    """A Wire (wire.py) over callbacks."""

    takes_files = False

    def __init__(
        self,
        config: Config,
        listener: Listener,
        hear: Hear,
        on_change: OnChange,
        patience_s: float = PATIENCE_S,
    ) -> None:
        settings = config.wecom.aibot
        envelope = Envelope(settings.token.get_secret_value(), settings.aes_key.get_secret_value(), "")
        self._callbacks = Callbacks(envelope, self._take)
        self._path = settings.path
        self._listener = listener
        self._hear = hear
        self._on_change = on_change
        self._lost = load(config.shop.locale)("wecom.lost")
        """Stands in a growing message whose answer a restart took."""
        self._patience_s = patience_s
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._streams: OrderedDict[str, tuple[Json, float]] = OrderedDict()
        self._urls: OrderedDict[str, deque[tuple[str, float]]] = OrderedDict()
        self._http = httpx2.AsyncClient(timeout=POST_S)
        self._listens = False

    @property
    def is_up(self) -> bool:
        """Whether the callback URL is served."""
        return self._listens

    def called(self, *, listens: bool) -> CheckLine:
        """Whether WeCom has called."""
        return probe_url(self._listener, self._callbacks, self._path, listens=listens)

    async def try_once(self) -> None:
        """Nothing can be tried from this side: it is WeCom that calls."""

    async def keep(self) -> None:
        """Serve the callback URL until cancelled; OSError when the address is taken."""
        async with self._listener.serving(self._path, self._callbacks) as over:
            self._listens = True
            await self._on_change(Code.up, "")
            try:
                await over
            finally:
                self._listens = False

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def ask(self, command: str, body: Json | None, req_id: str | None = None) -> Json:
        """Say something by whatever way is left.

        Raises Rejected when it cannot be said so, Transient when there is no way into the chat, Unknown when an answer
        to a call of ours is missing.
        """
        said = body or {}
        call = self._calls.get(req_id or "")
        if command == SEND:
            await self._by_url(str(said.get("chatid", "")), {k: v for k, v in said.items() if k != "chatid"})
        elif command == RESPOND and said.get("msgtype") == "stream":
            self._grow(call, said)
        elif call is not None and call.accepts == command and not call.reply.done():
            self._reply(call, command, said)
        elif command == RESPOND and call is not None:
            await self._by_url(call.chat_id, said)
        else:
            raise Rejected(DEAD_REPLY if command in (RESPOND, UPDATE, WELCOME) else NOT_HERE, command)
        return {}

    def _reply(self, call: Call, command: str, body: Json) -> None:
        """By the open call; words are a message that is finished as it begins."""
        markdown = body.get("markdown")
        if command == RESPOND and isinstance(markdown, dict):
            stream = {"id": secrets.token_hex(8), "finish": True, "content": markdown.get("content", "")}
            body = {"msgtype": "stream", "stream": stream}
        call.reply.set_result(body)

    def _grow(self, call: Call | None, body: Json) -> None:
        stream = body.get("stream")
        stream_id = str(stream.get("id", "")) if isinstance(stream, dict) else ""
        _, began_s = self._streams.get(stream_id, ({}, _now_s()))
        if _now_s() - began_s > STREAM_S:
            raise Rejected(STREAM_TOO_OLD, "stream")
        if stream_id not in self._streams:
            if call is None or call.reply.done():
                raise Rejected(DEAD_REPLY, "stream")
            call.reply.set_result(body)
        self._put(self._streams, stream_id, (body, began_s))

    def _put(self, into: OrderedDict[str, T], key: str, value: T) -> None:
        into[key] = value
        if len(into) > MOST_KEPT:
            into.popitem(last=False)

    async def _take(self, event: Json) -> Json | None:
        """What a callback is answered with; its error says that it is not stored."""
        if event.get("msgtype") == "stream":
            return self._grown(event)
        req_id = new_req_id("callback")
        found = read_event_body(event, req_id)
        if isinstance(found, Strange | Kicked):
            LOG.info("a callback of no use: %s", found.what if isinstance(found, Strange) else "disconnected")
            return None
        self._remember(found, event)
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._put(self._calls, req_id, Call(found.place.chat_id, _accepts(found), reply))
        try:
            return await self._answered(reply, self._hear(found))
        finally:
            reply.cancel()

    async def _answered(self, reply: "asyncio.Future[Json]", stored: "asyncio.Future[bool]") -> Json | None:
        """The answer, within the time WeCom waits; nothing when it comes later, or none does."""
        until_s = _now_s() + self._patience_s
        async with asyncio.timeout_at(until_s):
            follows = await asyncio.shield(stored)
        if not follows:
            return None
        done, _ = await asyncio.wait((reply,), timeout=max(until_s - _now_s(), 0))
        return reply.result() if done else None

    def _grown(self, event: Json) -> Json:
        """How far a growing message is; one nobody knows of any more is ended."""
        stream = event.get("stream")
        stream_id = str(stream.get("id", "")) if isinstance(stream, dict) else ""
        lost: Json = {"msgtype": "stream", "stream": {"id": stream_id, "finish": True, "content": self._lost}}
        return self._streams.get(stream_id, (lost, 0.0))[0]

    def _remember(self, found: Said | Clicked | Entered, event: Json) -> None:
        """The address a callback brings, for one message into its chat."""
        url = event.get("response_url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            return
        urls = self._urls.get(found.place.chat_id, deque(maxlen=MOST_URLS))
        urls.append((url, _now_s() + URL_S))
        self._put(self._urls, found.place.chat_id, urls)

    async def _by_url(self, chat_id: str, body: Json) -> None:
        """The newest answer goes by the oldest address that is still good; each is good for one."""
        if body.get("msgtype") not in ("markdown", "template_card"):
            raise Rejected(NOT_HERE, "msgtype")
        urls = self._urls.get(chat_id, deque())
        while urls:
            url, until_s = urls.popleft()
            if _now_s() < until_s:
                try:
                    await self._post(url, body)
                except Transient:
                    urls.appendleft((url, until_s))  # nothing went by it: it is still good
                    raise
                return
        raise Transient("chat_closed")

    async def _post(self, url: str, body: Json) -> None:
        """The address is a credential: neither it nor an error that names it is logged."""
        try:
            answer = (await self._http.post(url, json=body)).json()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.InvalidURL, httpx2.UnsupportedProtocol):
            raise Transient("chat_unreachable") from None
        except (httpx2.HTTPError, ValueError):
            raise Unknown("no_answer") from None
        code = answer.get("errcode") if isinstance(answer, dict) else None
        if code != 0:
            raise Rejected(code if isinstance(code, int) else NOT_HERE, "response_url")


def _accepts(found: Said | Clicked | Entered) -> str:
    return {Clicked: UPDATE, Entered: WELCOME}.get(type(found), RESPOND)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
