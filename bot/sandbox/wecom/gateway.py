"""The aibot gateway: one websocket a robot, plain JSON frames, an ack for every command (facts: WeCom c2).

A client must subscribe first; a newer subscription kicks the older one; a silent connection is closed; and nothing is
ever delivered twice: what people write while no robot is connected is lost.
"""

import asyncio
import contextlib
import itertools
import json

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from bot.sandbox.wecom.commands import Commands, Session
from bot.sandbox.wecom.office import Office
from bot.sandbox.wecom.things import (
    TOO_FAST,
    TOO_MANY_AT_ONCE,
    VERSION_CONFLICT,
    Callback,
    Json,
    Refusal,
)

SILENCE_S = 90.0
"""Real seconds without a frame after which the gateway hangs up."""
REFUSING = {"version_conflict": VERSION_CONFLICT, "too_fast": TOO_FAST, "concurrent": TOO_MANY_AT_ONCE}


class Line:
    """One socket: its session, the commands whose ack is due, and whether it has gone dumb."""

    def __init__(self, ws: ServerConnection) -> None:
        self.ws = ws
        self.session = Session()
        self.outstanding: set[str] = set()
        self.dumb = False


class Gateway:
    """Accepts robots on loopback."""

    def __init__(self, office: Office, silence_s: float = SILENCE_S) -> None:
        self._office = office
        self._commands = Commands(office)
        self._silence_s = silence_s
        self._lines: dict[str, Line] = {}
        self._numbers = itertools.count(1)
        self._late: set[asyncio.Task[None]] = set()
        self._server: Server | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes any."""
        self._server = await serve(
            self._serve, "127.0.0.1", port, compression=None, ping_interval=None, max_size=8 << 20, close_timeout=1
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Close every socket and stop listening."""
        for task in list(self._late):
            task.cancel()
        for line in self._lines.values():
            if line.dumb:
                line.ws.transport.abort()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def line(self, bot_id: str) -> Line | None:
        """The subscribed socket of a robot."""
        return self._lines.get(bot_id)

    async def _serve(self, ws: ServerConnection) -> None:
        line = Line(ws)
        try:
            while True:
                async with asyncio.timeout(self._silence_s):
                    raw = await ws.recv()
                await self._take(line, raw)
        except ConnectionClosed:
            pass
        except TimeoutError:
            await ws.close(1001, "silent")
        finally:
            if line.session.bot_id and self._lines.get(line.session.bot_id) is line:
                del self._lines[line.session.bot_id]

    async def _take(self, line: Line, raw: str | bytes) -> None:
        command, req_id, body = _parse(raw)
        faults = self._office.faults
        if faults.strikes("silent_death", command):
            line.dumb = True
        if line.dumb or (command == "ping" and faults.strikes("missed_pong", "")):
            return
        if faults.strikes("close", command):
            await line.ws.close(1000)
        elif faults.strikes("abort", command):
            line.ws.transport.abort()
        elif not faults.strikes("lost_command", command):
            await self._answer(line, command, req_id, body)

    async def _answer(self, line: Line, command: str, req_id: str, body: Json) -> None:
        ack: Json = {"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"}
        try:
            found = await self._carry_out(line, command, req_id, body)
            ack |= {"body": found} if found else {}
        except Refusal as no:
            self._office.note("refused", cmd=command, errcode=no.errcode, errmsg=no.errmsg)
            ack |= {"errcode": no.errcode, "errmsg": no.errmsg}
        if self._office.faults.strikes("lost_ack", command):
            return
        late = self._office.faults.strikes("slow_ack", command)
        if late is not None:
            line.outstanding.add(req_id)
            self._later(line, ack, late.by_s)
        else:
            await _write(line, ack)

    async def _carry_out(self, line: Line, command: str, req_id: str, body: Json) -> Json:
        if not req_id or req_id in line.outstanding:
            raise VERSION_CONFLICT
        for dial, refusal in REFUSING.items():
            if command != "ping" and self._office.faults.strikes(dial, command):
                raise refusal
        if command == "ping":
            line.session.pings += 1
            return {}
        if command != "aibot_subscribe":
            return self._commands.carry_out(line.session, command, req_id, body)
        await self._subscribe(line, self._commands.check_credentials(body))
        return {}

    async def _subscribe(self, line: Line, bot_id: str) -> None:
        older = self._lines.get(bot_id)
        self._lines[bot_id], line.session.bot_id = line, bot_id
        self._office.note("subscribed", bot_id=bot_id)
        if older is not None and older is not line:
            older.session.bot_id = None
            self._office.note("kicked", bot_id=bot_id)
            event = {"aibotid": bot_id, "msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            await _write(older, self._frame("aibot_event_callback", f"kick-{next(self._numbers)}", event))
            await older.ws.close(1000)

    def _later(self, line: Line, ack: Json, by_s: float) -> None:
        async def write() -> None:
            await asyncio.sleep(by_s)
            line.outstanding.discard(ack["headers"]["req_id"])
            await _write(line, ack)

        task = asyncio.create_task(write())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def deliver(self, bot_id: str, command: str, body: Json, callback: Callback) -> str | None:
        """Hand a robot what happened; the frame's req_id, or None when nobody is there and it is lost for ever."""
        line = self._lines.get(bot_id)
        if line is None or line.dumb:
            self._office.note("lost", body=body)
            return None
        faults = self._office.faults
        if faults.strikes("garbage", ""):
            for junk in (
                "{",
                "[]",
                '{"cmd":"aibot_new_thing","headers":{"req_id":"x"},"body":{"event":7}}',
                '"x"',
                "{}",
            ):
                await line.ws.send(junk)
        times = 2 if faults.strikes("repeat", "") else 1
        for _ in range(times):
            callback.req_id = f"cb-{next(self._numbers)}"
            line.session.callbacks[callback.req_id] = callback
            await _write(line, self._frame(command, callback.req_id, body))
        return callback.req_id

    def _frame(self, command: str, req_id: str, body: Json) -> Json:
        return {"cmd": command, "headers": {"req_id": req_id}, "body": body}


async def _write(line: Line, frame: Json) -> None:
    if not line.dumb:
        with contextlib.suppress(ConnectionClosed):
            await line.ws.send(json.dumps(frame, ensure_ascii=False))


def _parse(raw: str | bytes) -> tuple[str, str, Json]:
    """Command, req_id and body of a client's frame; empty ones for what is no frame."""
    try:
        frame = json.loads(raw)
    except ValueError:
        return "", "", {}
    headers = frame.get("headers") if isinstance(frame, dict) else None
    if not isinstance(headers, dict):
        return "", "", {}
    req_id, body = headers.get("req_id"), frame.get("body")
    command = frame.get("cmd")
    return (
        command if isinstance(command, str) else "",
        req_id if isinstance(req_id, str) else "",
        body if isinstance(body, dict) else {},
    )
