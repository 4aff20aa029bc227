"""A server on loopback inside a running loop: all that the pretend marketplace and the pretend chats share."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response


class LoopServer(uvicorn.Server):
    """Uvicorn that leaves the process's signals alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the process's."""
        yield


def listen(port: int) -> socket.socket:
    """A loopback listener; 0 takes any. Its protocol is named: asyncio turns Nagle's delay off for named TCP only."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


async def nobody_there(_: Request, __: Exception) -> Response:
    """A client that hung up in the middle of its request did nothing wrong: it may have been killed."""
    return Response(status_code=499)


NO_ERRORS = {ClientDisconnect: nobody_there}
"""What is no error of a pretend platform, for Starlette."""
