"""The small HTTP listener for callbacks: one path, the URL check, and messages stored before they are acknowledged.

WeCom asks again, three times in all, when no 200 comes within five seconds: what a callback asks is stored and answered
at once, and carried out after. One that is older than five minutes is refused, whoever signed it; one that comes again
is known by its natural key.
"""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.fronts.wecom.shapes import Json
from bot.fronts.wecom.wechat import Envelope, Unreadable, read_event, sealed_part

LOG = logging.getLogger("zhanggui.wecom")
LARGEST_BODY = 64 * 1024
FRESH_S = 300
Hear = Callable[[Json], Awaitable[None]]


class Callbacks:
    """Answers the callback URL."""

    def __init__(self, envelope: Envelope, hear: Hear, now: Callable[[], float] = time.time) -> None:
        """`hear` stores what a callback asks and returns then; `now` is seconds since 1970, as WeCom stamps."""
        self._envelope = envelope
        self._hear = hear
        self._now = now

    async def check(self, request: Request) -> Response:
        """The URL check: the bare words of its echo, within a second."""
        try:
            self._check_age(request)
            return PlainTextResponse(self._envelope.open(request.query_params, request.query_params.get("echostr", "")))
        except Unreadable as error:
            return _refused(error)

    async def take(self, request: Request) -> Response:
        """A message or an event."""
        try:
            self._check_age(request)
            body = await _body(request)
            if body is None:
                return Response(status_code=413)
            event = read_event(self._envelope.open(request.query_params, sealed_part(body)))
        except Unreadable as error:
            return _refused(error)
        except ClientDisconnect:
            return Response(status_code=499)
        if event is not None:
            await self._hear(event)
        return Response(status_code=200)

    def _check_age(self, request: Request) -> None:
        stamped = request.query_params.get("timestamp", "")
        if not (stamped.isascii() and stamped.isdigit() and len(stamped) < 12):
            raise Unreadable("format", "no timestamp")
        if abs(self._now() - int(stamped)) > FRESH_S:
            raise Unreadable("format", "too old")


class Listener:
    """Serves one path on one address; `port` says where once it listens."""

    def __init__(self, callbacks: Callbacks, host: str, port: int, path: str) -> None:
        self._address = host, port
        routes = [
            Route(path, callbacks.check, methods=["GET"]),
            Route(path, callbacks.take, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, access_log=False, lifespan="off", ws="none", server_header=False
        )
        config.timeout_graceful_shutdown = 2
        self._server = _Server(config)
        self.port = 0

    async def serve(self) -> None:
        """Listen until cancelled; OSError when the address is taken."""
        with socket.create_server(self._address) as listener:
            self.port = listener.getsockname()[1]
            serving = asyncio.create_task(self._server.serve(sockets=[listener]))
            try:
                await asyncio.shield(serving)
            finally:
                self._server.should_exit = True
                await serving


class _Server(uvicorn.Server):
    """Uvicorn that leaves the process's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _body(request: Request) -> str | None:
    """The body as text; None when it is too large."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LARGEST_BODY:
            return None
    return found.decode("utf-8", "replace")


def _refused(error: Unreadable) -> Response:
    LOG.warning("a callback was refused: %s %s", error.reason, error.detail)
    return Response(status_code=400 if error.reason == "format" else 403)
