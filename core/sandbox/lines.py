"""The open sockets of the pretend market, and how pushes travel on them (facts: Xianyu 1.5, 1.6)."""

import asyncio
import base64
import contextlib
import time
from collections import Counter
from collections.abc import Callable

import orjson
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.sandbox.market import Market
from core.sandbox.things import Account, Json
from core.sandbox.wire import Push, WireRecord, pack, push_frame

REDELIVER_S = 10.0
BIG = 1 << 20


class Connection:
    """One socket: who registered on it, what waits to be written and what was not yet acknowledged."""

    def __init__(self, ws: ServerConnection) -> None:
        self.ws = ws
        self.account: Account | None = None
        self.device_id = ""
        self.deaf = False
        self.silent = False
        self.unacked: dict[str, Push] = {}
        self.heartbeats = 0
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()

    def write(self, frame: bytes) -> None:
        """Put a frame on its way; a silent socket swallows it."""
        if not self.silent:
            self._queue.put_nowait(frame)

    def send(self, push: Push) -> None:
        """Put a push on its way and expect its acknowledgement."""
        push.sent_s = time.monotonic()
        self.unacked.pop(push.mid, None)
        self.unacked[push.mid] = push
        self.write(push.frame)

    def half_close(self) -> None:
        """Go silent: the TCP connection stays, nothing is read or written any more."""
        self.silent = True
        self.ws.transport.pause_reading()

    async def pump(self) -> None:
        """Write what waits until the socket is gone."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await self._queue.get()
                if not self.silent:
                    await self.ws.send(frame, text=True)


class Lines:
    """All sockets, and the one way for a push to reach a seller."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._connections: list[Connection] = []
        self._held: dict[str, list[Push]] = {}
        self._left: dict[str, list[Push]] = {}
        self._watchers: dict[str, Callable[[], None]] = {}
        self.redeliver_s = REDELIVER_S
        self.pushed = 0
        self.acked = 0
        self.redelivered = 0
        self.refused_frames = 0
        self.asked: Counter[str] = Counter()
        """How often each path was called over the sockets."""

    def open(self, connection: Connection) -> None:
        """A socket came."""
        self._connections.append(connection)

    def close(self, connection: Connection) -> None:
        """A socket went; what it did not acknowledge is kept for the redeliver_on_reconnect dial."""
        if connection in self._connections:
            self._connections.remove(connection)
        if connection.account is not None:
            self._left.setdefault(connection.account.name, []).extend(connection.unacked.values())

    def register(self, connection: Connection, account: Account, device_id: str) -> None:
        """A socket logged in; an older one of the same device gets no more pushes."""
        for older in self.live(account.name):
            older.deaf = older.deaf or (older is not connection and older.device_id == device_id)
        connection.account, connection.device_id, connection.deaf = account, device_id, False
        left = self._left.pop(account.name, [])
        if left and self._market.faults.strikes("redeliver_on_reconnect", account.name):
            self.redelivered += len(left)
            for push in left:
                connection.send(push)

    def live(self, account: str) -> list[Connection]:
        """The sockets this seller is logged in on, deaf and silent ones too."""
        return [one for one in self._connections if one.account is not None and one.account.name == account]

    def list_connections(self) -> list[Connection]:
        """Every open socket."""
        return list(self._connections)

    def deafen(self, account: str) -> None:
        """No more pushes on the sockets that are open now."""
        for connection in self.live(account):
            connection.deaf = True

    def make_push(self, account: Account, records: list[WireRecord]) -> Push:
        """A frame with a fresh mid around the records."""
        mid = self._market.ids.mid()
        return Push(mid, records, push_frame(account, mid, records, self._market.now_ms()))

    def deliver(self, account: Account, *records: WireRecord) -> None:
        """Push records in one frame, as the dials have it. Nobody online means nobody gets it, now or later."""
        faults, kinds = self._market.faults, tuple(record.kind for record in records)
        if faults.strikes("drop", *kinds):
            return
        if faults.strikes("half_close", *kinds):
            for connection in self.live(account.name):
                connection.half_close()
        push = self.make_push(account, [*self._junk(kinds), *records])
        later = faults.strikes("delay", *kinds)
        if later:
            asyncio.get_running_loop().call_later(later.by_s, self.put, account, push)
        elif held := faults.strikes("reorder", *kinds):
            self._held.setdefault(account.name, []).append(push)
            asyncio.get_running_loop().call_later(held.by_s, self._let_go, account)
        else:
            self.put(account, push)
            self._let_go(account)
        if faults.strikes("duplicate", *kinds):
            self.put(account, self.make_push(account, list(records)))

    def _junk(self, kinds: tuple[str, ...]) -> list[WireRecord]:
        faults, junk = self._market.faults, []
        if faults.strikes("malformed_record", *kinds):
            junk.append(WireRecord("malformed", base64.b64encode(b"\x82\x01\xc1 torn record").decode()[:-3] + "*"))
        if faults.strikes("unknown_record", *kinds):
            junk.append(WireRecord("unknown", pack({"1": 7, "77": {"88": "nobody knows"}}), 9901, 990100))
        if faults.strikes("big_frame", *kinds):
            junk.append(WireRecord("big", base64.b64encode(b'{"space":"' + b"x" * BIG + b'"}').decode(), 50, 50000))
        return junk

    def _let_go(self, account: Account) -> None:
        for push in self._held.pop(account.name, []):
            self.put(account, push)

    def put(self, account: Account, push: Push) -> None:
        """Write a push on every socket of the seller that still hears."""
        hearing = [connection for connection in self.live(account.name) if not connection.deaf]
        for connection in hearing:
            connection.send(push)
        self.pushed += bool(hearing)

    def watch(self, mid: str, acked: Callable[[], None]) -> None:
        """Call back when the push with this mid is acknowledged."""
        self._watchers[mid] = acked

    def ack(self, connection: Connection, mid: str) -> None:
        """The seller has taken a push; an unknown mid acknowledges nothing."""
        if connection.unacked.pop(mid, None) is None:
            return
        self.acked += 1
        watcher = self._watchers.pop(mid, None)
        if watcher is not None:
            watcher()

    async def redeliver(self) -> None:
        """Send again, for ever, what was not acknowledged in time."""
        while True:
            await asyncio.sleep(min(self.redeliver_s / 4, 0.25))
            late_s = time.monotonic() - self.redeliver_s
            for connection in self._connections:
                self._send_late(connection, late_s)

    def _send_late(self, connection: Connection, late_s: float) -> None:
        for push in list(connection.unacked.values()):
            if push.sent_s > late_s or connection.deaf:
                return
            self.redelivered += 1
            connection.send(push)

    async def kick(self, connection: Connection) -> None:
        """Tell a socket that it is thrown out, and close it."""
        frame: Json = {
            "lwp": "/push/kickout",
            "headers": {"mid": self._market.ids.mid()},
            "body": {"reason": "kickout", "code": 401},
        }
        await connection.ws.send(orjson.dumps(frame), text=True)
        await connection.ws.close()
