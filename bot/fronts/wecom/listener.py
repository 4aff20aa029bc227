"""The small HTTP listener for callbacks: configured paths, the URL check, messages stored before the acknowledgement.

WeCom asks again, three times in all, when no 200 comes within five seconds: what a callback asks is stored and answered
at once, and carried out after. One that is older than five minutes is refused, whoever signed it; one that comes again
is known by its natural key.
"""

import asyncio
import contextlib
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.fronts.wecom.shapes import Json
from bot.fronts.wecom.wechat import Envelope, Unreadable, read_event, sealed_part
from core.errors import Refused, Transient

LOG = logging.getLogger("zhanggui.wecom")
LARGEST_BODY = 64 * 1024
FRESH_S = 300
Hear = Callable[[Json], Awaitable[Json | None]]
"""Stores what a callback asks, and gives what its reply says when the callback has one."""


class Callbacks:
    """Answers one callback URL."""

    def __init__(self, envelope: Envelope, hear: Hear, now: Callable[[], float] = time.time) -> None:
        """`now` is seconds since 1970, as WeCom stamps."""
        self._envelope = envelope
        self._hear = hear
        self._now = now
        self.opened = 0
        """How many callbacks of the platform's came that could be opened."""

    async def check(self, request: Request) -> Response:
        """The URL check: the bare words of its echo, within a second."""
        try:
            self._check_age(request)
            words = self._envelope.open(request.query_params, request.query_params.get("echostr", ""))
        except Unreadable as error:
            return _refused(error)
        self.opened += 1
        return PlainTextResponse(words)

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
        self.opened += 1
        return await self._answer(request, event) if event is not None else Response(status_code=200)

    async def _answer(self, request: Request, event: Json) -> Response:
        """200 only for what is stored: else WeCom is to ask again."""
        try:
            said = await self._hear(event)
        except (Refused, Transient, TimeoutError) as error:
            LOG.warning("a callback could not be stored: %s", error)
            return Response(status_code=503)
        except (ValidationError, UnicodeError):
            return _refused(Unreadable("format", "no request"))
        if said is None:
            return Response(status_code=200)
        words = json.dumps(said, ensure_ascii=False)
        return JSONResponse(self._envelope.seal(words, request.query_params["nonce"], round(self._now())))

    def _check_age(self, request: Request) -> None:
        stamped = request.query_params.get("timestamp", "")
        if not (stamped.isascii() and stamped.isdigit() and len(stamped) < 12):
            raise Unreadable("format", "no timestamp")
        if abs(self._now() - int(stamped)) > FRESH_S:
            raise Unreadable("format", "too old")


class Listener:
    """Serves the callback URLs of one process on one address; `port` says where, once it listens."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._paths: dict[str, Callbacks] = {}
        self._app = Starlette(routes=[Route("/{path:path}", self._dispatch, methods=["GET", "POST"])])
        self._server: _Server | None = None
        self._running: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def place(self) -> str:
        """Where it listens, or will."""
        host, port = self._address
        return f"{host}:{self.port or port}"

    def is_free(self) -> bool:
        """Whether the address can be taken, where nothing is served yet."""
        try:
            socket.create_server(self._address).close()
        except OSError:
            return False
        return True

    @contextlib.asynccontextmanager
    async def serving(self, path: str, callbacks: Callbacks) -> AsyncIterator[Awaitable[None]]:
        """Serve a path while the block runs; gives what ends when the server does. OSError: the address is taken."""
        if self._running is None:
            self._running = self._begin()
        self._paths[path] = callbacks
        try:
            yield asyncio.shield(self._running)
        finally:
            del self._paths[path]
            if not self._paths:
                await self._end()

    def _begin(self) -> asyncio.Task[None]:
        listening = socket.create_server(self._address)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False
        )
        config.timeout_graceful_shutdown = 2
        self._server = _Server(config)
        running = asyncio.create_task(self._server.serve(sockets=[listening]))
        running.add_done_callback(lambda _: listening.close())
        return running

    async def _end(self) -> None:
        server, running, self._running = self._server, self._running, None
        if server is not None and running is not None:
            server.should_exit = True
            await asyncio.gather(running, return_exceptions=True)

    async def _dispatch(self, request: Request) -> Response:
        callbacks = self._paths.get(request.url.path)
        if callbacks is None:
            return Response(status_code=404)
        return await (callbacks.check if request.method in ("GET", "HEAD") else callbacks.take)(request)


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
