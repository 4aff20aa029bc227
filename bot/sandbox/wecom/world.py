"""The pretend WeCom, whole: the gateway's socket, and one HTTP port for the webhook and the control."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import uvicorn
from starlette.applications import Starlette

from bot.sandbox.wecom.control import Control
from bot.sandbox.wecom.gateway import SILENCE_S, Gateway
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.people import People
from bot.sandbox.wecom.webhook import Webhook
from core.clock import Clock, SystemClock


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


class WecomWorld:
    """The pretend WeCom on loopback; `people` plays those who write, `office.faults` is fate."""

    def __init__(self, clock: Clock, record: Path | None, silence_s: float) -> None:
        self.office = Office(clock.now, record)
        self.bot_id, self.secret = self.office.add_bot()
        self.gateway = Gateway(self.office, silence_s)
        self.people = People(self.office, self.gateway, self.bot_id)
        self.webhook = Webhook(self.office)
        self.addresses: dict[str, str] = {}
        self._http: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, clock: Clock | None = None, record: Path | None = None, silence_s: float = SILENCE_S, port: int = 0
    ) -> AsyncIterator[Self]:
        """Serve while the block runs: HTTP on `port`, the socket on `port + 1`; 0 takes any two."""
        world = cls(clock or SystemClock(), record, silence_s)
        await world.start(port)
        try:
            yield world
        finally:
            await world.stop()

    async def start(self, port: int = 0) -> None:
        """Listen."""
        await self.gateway.start(port + 1 if port else 0)
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        control = Control(self.office, self.people, self.gateway, self.bot_id, self.secret)
        app = Starlette(routes=[*self.webhook.routes(), *control.routes()])
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        config.timeout_graceful_shutdown = 2
        self._http = _Server(config)
        self._serving = asyncio.create_task(self._http.serve(sockets=[listener]))
        await self._http.listening.wait()
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.addresses = {
            "wecom_ws": f"ws://127.0.0.1:{self.gateway.port}/",
            "wecom_api": origin,
            "wecom_webhook": f"{origin}/cgi-bin/webhook/send?key={self.webhook.key}",
            "wecom_control": f"{origin}/wecom",
        }

    async def stop(self) -> None:
        """Stop listening."""
        await self.gateway.stop()
        if self._http is not None and self._serving is not None:
            self._http.should_exit = True
            await self._serving
        self.office.record.close()
