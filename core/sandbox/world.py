"""The pretend world, whole: one market socket, and one HTTP port for the calls, the model and the control."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from core.clock import Clock, SystemClock
from core.sandbox.burst import Burst
from core.sandbox.client import ControlClient
from core.sandbox.codes import Codes
from core.sandbox.control import Control
from core.sandbox.gate import Api, Gate
from core.sandbox.lines import Lines
from core.sandbox.market import Market
from core.sandbox.market_socket import MarketSocket
from core.sandbox.model import Model
from core.sandbox.passport import Passport
from core.sandbox.qr import Qr
from core.sandbox.reads import Reads
from core.sandbox.refunds import Refunds
from core.sandbox.rpc import Rpc
from core.sandbox.serving import NO_ERRORS, LoopServer, listen
from core.sandbox.talks import Talks
from core.sandbox.trades import Trades
from core.sandbox.writes import Writes

CUT_OFF = "ASGI callable returned without completing response."


def _is_news(record: logging.LogRecord) -> bool:
    """An answer cut in its middle is a dial of ours (half_body), no mistake."""
    return record.msg != CUT_OFF


class World:
    """The pretend marketplace and model on loopback; `addresses` says where, `control` plays the buyers."""

    def __init__(self, clock: Clock, seed: int, record: Path | None) -> None:
        self.market = Market(clock, seed, record)
        self.lines = Lines(self.market)
        self.talks = Talks(self.market, self.lines)
        self.trades = Trades(self.market, self.lines, self.talks)
        self.model = Model(seed)
        self.codes = Codes(self.market)
        self._closing = asyncio.Event()
        self._gate = Gate(
            self.market,
            {
                **_apis(Reads(self.market, self.lines), Writes(self.market, self.trades)),
                **_refund_apis(Refunds(self.market, self.trades)),
            },
            self._closing,
        )
        self._socket = MarketSocket(self.market, self.lines, Rpc(self.market, self.talks))
        self._http: LoopServer | None = None
        self._serving: asyncio.Task[None] | None = None
        self.addresses: dict[str, str] = {}
        self.control: ControlClient

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, clock: Clock | None = None, seed: int = 0, record: Path | None = None, port: int = 0
    ) -> AsyncIterator[Self]:
        """Serve while the block runs. HTTP listens on `port`, the socket on `port + 1`; 0 takes any two."""
        world = cls(clock or SystemClock(), seed, record)
        await world.start(port)
        try:
            yield world
        finally:
            await world.stop()

    async def start(self, port: int) -> None:
        """Listen."""
        await self._socket.start(port + 1 if port else 0)
        listener = listen(port)
        app = Starlette(routes=self._routes(), exception_handlers=NO_ERRORS)
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", date_header=False)
        config.timeout_graceful_shutdown = 2
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        self._http = LoopServer(config)
        self._serving = asyncio.create_task(self._http.serve(sockets=[listener]))
        await self._http.listening.wait()
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.addresses = _addresses(origin, self._socket.port)
        self.control = ControlClient(self.addresses["control"])

    async def stop(self) -> None:
        """Stop listening; whoever still waits for an answer is let go."""
        assert self._http is not None
        assert self._serving is not None
        self._closing.set()
        await self.control.close()
        await self._socket.stop()
        self._http.should_exit = True
        await self._serving
        self.market.close()

    def _routes(self) -> list[Route]:
        passport = Passport(self.market, self._gate)
        burst = Burst(self.market, self.lines, self.talks, self.trades)
        control = Control(self.market, self.lines, self.talks, self.trades, burst, self._gate, self.model, self.codes)
        return [
            Route("/v1/chat/completions", self.model.handle, methods=["POST"]),
            Route("/h5/{api}/{version}/", self._gate.handle, methods=["POST"]),
            Route("/newlogin/hasLogin.do", passport.has_login, methods=["POST"]),
            *Qr(self.market, self.codes).routes(),
            Route("/api/upload.api", passport.upload, methods=["POST"]),
            *control.routes(),
        ]


def _addresses(origin: str, socket_port: int) -> dict[str, str]:
    return {
        "market_ws": f"ws://127.0.0.1:{socket_port}/",
        "market_api": origin,
        "passport": origin,
        "upload": origin,
        "model": f"{origin}/v1",
        "control": origin,
    }


def _apis(reads: Reads, writes: Writes) -> dict[str, Api]:
    return {
        "mtop.taobao.idlemessage.pc.login.token": Api("1.0", reads.login_token),
        "mtop.taobao.idlemessage.pc.loginuser.get": Api("1.0", reads.login_user),
        "mtop.taobao.idle.pc.detail": Api("1.0", reads.item_detail),
        "mtop.idle.web.xyh.item.list": Api("1.0", reads.item_list),
        "mtop.idle.web.trade.order.detail": Api("1.0", reads.order_detail),
        "mtop.taobao.idle.trade.merchant.sold.get": Api("1.0", reads.sold_merchant),
        "mtop.taobao.idle.trade.sold.get": Api("5.0", reads.sold_plain),
        "mtop.idle.trade.pc.message.headinfo": Api("1.0", reads.headinfo),
        "mtop.taobao.idle.logistic.consign.render": Api("1.0", writes.consign_render),
        "mtop.taobao.idle.logistic.consign.dummy": Api("1.0", writes.consign_dummy, writes=True),
        "mtop.taobao.idle.logistic.consign.offline": Api("1.0", writes.consign_offline, writes=True),
    }


def _refund_apis(refunds: Refunds) -> dict[str, Api]:
    return {
        "mtop.taobao.idle.refund.detail": Api("1.0", refunds.detail),
        "mtop.taobao.idle.refund.refuse.render": Api("1.0", refunds.refuse_render),
        "mtop.taobao.idle.refund.refuse": Api("1.0", refunds.refuse, writes=True),
    }
