"""The pretend WeCom, whole: the gateway's socket, and one HTTP port for the webhook and the control."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

from bot.sandbox.serving import Serving
from bot.sandbox.wecom.api import AppWorld
from bot.sandbox.wecom.control import Control
from bot.sandbox.wecom.gateway import SILENCE_S, Gateway
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.people import People
from bot.sandbox.wecom.robot_url import CallbackRobot
from bot.sandbox.wecom.webhook import Webhook
from core.clock import Clock, SystemClock


class WecomWorld:
    """The pretend WeCom on loopback; `people` plays those who write, `office.faults` is fate."""

    def __init__(self, clock: Clock, record: Path | None, silence_s: float) -> None:
        self.office = Office(clock.now, record)
        self.bot_id, self.secret = self.office.add_bot()
        self.gateway = Gateway(self.office, silence_s)
        self.people = People(self.office, self.gateway, self.bot_id)
        self.webhook = Webhook(self.office)
        self.addresses: dict[str, str] = {}
        self.app = AppWorld(self.office)
        self.robot = CallbackRobot(self.office)
        control = Control(self.office, self.people, self.gateway, self.app, self.robot, self.bot_id, self.secret)
        self._http = Serving([*self.webhook.routes(), *self.app.routes(), *self.robot.routes(), *control.routes()])

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
        await self._http.start(port)
        origin = self.office.origin = self._http.origin
        self.addresses = {
            "wecom_ws": f"ws://127.0.0.1:{self.gateway.port}/",
            "wecom_api": origin,
            "wecom_webhook": f"{origin}/cgi-bin/webhook/send?key={self.webhook.key}",
            "wecom_control": f"{origin}/wecom",
        }

    async def stop(self) -> None:
        """Stop listening."""
        await self.gateway.stop()
        await self._http.stop()
        await self.app.close()
        await self.robot.close()
        self.office.record.close()
