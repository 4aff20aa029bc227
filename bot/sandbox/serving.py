"""Serving a pretend platform on loopback: uvicorn inside a running loop, and connections that can be cut.

The pretend marketplace has a server of its own (core/sandbox): two worlds that know nothing of each other share no
code either, so that each can be carried away alone.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from uvicorn.protocols.http.h11_impl import H11Protocol


class _Cuttable(H11Protocol):
    """HTTP whose requests know their transport (`scope["state"]["transport"]`), so that a fault can cut it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


async def cut(request: Request) -> Response:
    """Break the connection without an answer; the response returned is never sent."""
    transport: asyncio.Transport = request.scope["state"]["transport"]
    transport.abort()
    while not await request.is_disconnected():  # noqa: ASYNC110 - the loop tells uvicorn one turn later
        await asyncio.sleep(0)
    return Response(status_code=499)


class _Server(uvicorn.Server):
    """Uvicorn that leaves the process's signals alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Serving:
    """Routes being served on 127.0.0.1; `origin` says where once started."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        app = Starlette(routes=routes, exception_handlers={ClientDisconnect: _nobody_there})
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", http=_Cuttable)
        config.timeout_graceful_shutdown = 2
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None
        self.origin = ""

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes any."""
        listener = _listen(port)
        self.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Stop listening; whoever is being answered has two seconds."""
        assert self._task is not None
        self._server.should_exit = True
        await self._task


async def _nobody_there(_: Request, __: Exception) -> Response:
    """A client that hung up in the middle of its request did nothing wrong: it may have been killed."""
    return Response(status_code=499)


def _listen(port: int) -> socket.socket:
    """A loopback listener. Its protocol is named because asyncio turns Nagle's delay off for named TCP only."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


Json = dict[str, Any]
"""A JSON object of the wire."""
