"""Serving a pretend chat platform on loopback, with connections that can be cut.

The server itself is the pretend marketplace's (core/sandbox/serving.py); the worlds share nothing of what they play.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.sandbox.serving import NO_ERRORS, LoopServer, listen


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


class Serving:
    """Routes being served on 127.0.0.1; `origin` says where once started."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        app = Starlette(routes=routes, exception_handlers=NO_ERRORS)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", http=_Cuttable)
        config.timeout_graceful_shutdown = 2
        self._server = LoopServer(config)
        self._task: asyncio.Task[None] | None = None
        self.origin = ""

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes any."""
        listener = listen(port)
        self.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Stop listening; whoever is being answered has two seconds."""
        assert self._task is not None
        self._server.should_exit = True
        await self._task


Json = dict[str, Any]
"""A JSON object of the wire."""
