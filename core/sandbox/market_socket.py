"""The market's socket: registration first, then heartbeats, acknowledgements and calls (facts: Xianyu 1.1 to 1.6)."""

import asyncio
import contextlib
from typing import Any

import orjson
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from core.sandbox.lines import Connection, Lines
from core.sandbox.market import Market
from core.sandbox.rpc import Rpc
from core.sandbox.things import Json
from core.sandbox.wire import APP_KEY, reply

MAX_FRAME = 8 << 20


class MarketSocket:
    """Accepts sockets on loopback and serves each until it goes."""

    def __init__(self, market: Market, lines: Lines, rpc: Rpc) -> None:
        self._market = market
        self._lines = lines
        self._rpc = rpc
        self._server: Server | None = None
        self._redeliver: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self, port: int) -> None:
        """Listen; port 0 takes any."""
        self._server = await serve(
            self._serve, "127.0.0.1", port, compression=None, ping_interval=None, max_size=MAX_FRAME, close_timeout=1
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        self._redeliver = asyncio.create_task(self._lines.redeliver())

    async def stop(self) -> None:
        """Close every socket and stop listening; silent ones are cut."""
        assert self._server is not None
        assert self._redeliver is not None
        self._redeliver.cancel()
        for connection in self._lines.list_connections():
            if connection.silent:
                connection.ws.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, ws: ServerConnection) -> None:
        connection = Connection(ws)
        self._lines.open(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            while True:
                self._take(connection, await ws.recv(decode=False))
        except ConnectionClosed:
            pass
        finally:
            self._lines.close(connection)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump

    def _take(self, connection: Connection, raw: str | bytes) -> None:
        frame = _parse(raw)
        if frame is None:
            self._lines.refused_frames += 1
        elif "lwp" not in frame:
            self._take_ack(connection, frame)
        elif frame["lwp"] == "/reg":
            self._register(connection, frame["headers"])
        elif connection.account is None:
            self._lines.refused_frames += 1
        elif frame["lwp"] == "/!":
            connection.heartbeats += 1
            now = str(self._market.now_ms())
            connection.write(reply(frame["headers"]["mid"], headers={"server-timestamp": now}))
        else:
            self._call(connection, frame)

    def _take_ack(self, connection: Connection, frame: Json) -> None:
        if frame.get("code") == 200:
            self._lines.ack(connection, frame["headers"]["mid"])

    def _register(self, connection: Connection, headers: Json) -> None:
        refusal = self._refusal(headers)
        if refusal:
            connection.write(reply(headers["mid"], 401, {"reason": refusal}))
            return
        account = self._market.accounts[self._market.tokens[headers["token"]].account]
        connection.write(reply(headers["mid"], headers={"reg-uid": f"{account.unb}@goofish"}))
        self._lines.register(connection, account, headers["did"])

    def _refusal(self, headers: Json) -> str:
        token = self._market.tokens.get(str(headers.get("token")))
        if token is None:
            return "token is invalid"
        if token.expires_ms <= self._market.now_ms() or self._market.faults.strikes("expired_token", "reg"):
            return "token is expired"
        if headers.get("did") != token.device_id or headers.get("app-key") != APP_KEY:
            return "device id or appkey is not equal"
        return ""

    def _call(self, connection: Connection, frame: Json) -> None:
        assert connection.account is not None
        self._lines.asked[str(frame["lwp"])] += 1
        answer = self._rpc.answer(connection.account, frame["lwp"], frame.get("body"))
        if not answer.silent:
            connection.write(reply(frame["headers"]["mid"], answer.code, answer.body))


def _parse(raw: str | bytes) -> dict[str, Any] | None:
    try:
        frame = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    headers = frame.get("headers") if isinstance(frame, dict) else None
    if not isinstance(headers, dict) or not isinstance(headers.get("mid"), str):
        return None
    return frame if isinstance(frame.get("lwp", ""), str) else None
