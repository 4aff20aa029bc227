"""One open socket: reads frames, matches replies to requests, hands pushes over, acknowledges only what is stored.

Reading goes on while the frames before are being stored; at most `IN_FLIGHT_FRAMES` wait, then reading stops and the
platform is held back by TCP. Frames that wait together are stored together and acknowledged one by one after that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.protocol import State
from websockets.typing import Origin

from core.clock import Chance, from_ms, to_ms
from core.errors import MarketDown
from core.outside.http import is_loopback, lost
from core.outside.xianyu.fields import Fields, as_fields, fields_at, instant_ms_at, read_json
from core.outside.xianyu.frames import KICKED, REMOVED, mid_of, push_entries, wants_sync
from core.outside.xianyu.lwp import ack_frame, new_mid, request_frame
from core.outside.xianyu.records import record_of, records_of_entries
from core.outside.xianyu.sign import ORIGIN, USER_AGENT
from core.outside.xianyu.skew import PlatformClock
from core.outside.xianyu.times import IN_FLIGHT_FRAMES, MAX_FRAME_BYTES, WireTimes
from core.values.market import MarketRecord

BREATH = 32
"""Frames after which others get their turn."""
Arrived = Callable[[list[MarketRecord]], Awaitable[None]]


class Ended(Exception):
    """The connection is over. `stale`: its token must not be used again; `at_once`: the next comes without a wait.

    `lived_s`: how long its socket was open, in real seconds; None when none was opened.
    """

    def __init__(self, reason: str, *, stale: bool = False, at_once: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.stale = stale
        self.at_once = at_once
        self.lived_s: float | None = None


class Push(NamedTuple):
    """A frame with records, not yet stored."""

    headers: Fields
    records: list[MarketRecord]


class Line:
    """An open socket with its waiting requests and its frames in flight."""

    def __init__(self, socket: ClientConnection, me: str, time: PlatformClock, chance: Chance) -> None:
        self._socket = socket
        self._me = me
        self._time = time
        self._chance = chance
        self._asked: dict[str, asyncio.Future[Fields | None]] = {}
        self._over = False
        self._pushes: asyncio.Queue[Push] = asyncio.Queue(IN_FLIGHT_FRAMES)
        self.sync_wanted = asyncio.Event()

    async def ask(
        self, lwp: str, body: object, timeout_s: float, *, effect: bool = False, headers: Fields | None = None
    ) -> Fields:
        """Send a request and return its reply frame.

        MarketDown when it was not sent. Sent without an answer in time: Unknown for an effect, else MarketDown.
        """
        if self._over or self._socket.state is not State.OPEN:
            raise MarketDown("market_down", reason="not connected")
        mid, answer = self._expect_reply()
        asked_at = self._time.our_now()
        try:
            async with asyncio.timeout(timeout_s):
                await self._socket.send(request_frame(lwp, mid, body, headers))
                reply = await answer
        except TimeoutError as error:
            raise lost(effect, "no answer") from error
        except ConnectionClosed as error:
            raise lost(effect, "connection lost") from error
        finally:
            self._asked.pop(_first_word(mid), None)
        if reply is None:
            raise lost(effect, "connection lost")
        if (stamp_ms := instant_ms_at(fields_at(reply, "headers"), "server-timestamp")) is not None:
            self._time.heard(from_ms(stamp_ms), asked_at)
        return reply

    async def read(self) -> NoReturn:
        """Take frames until the connection ends."""
        try:
            taken = 0
            while True:
                await self._take(await self._socket.recv(decode=False))
                taken += 1
                if taken % BREATH == 0:  # frames that are here already are read without a pause
                    await asyncio.sleep(0)
        except ConnectionClosed as error:
            raise Ended(f"closed: {error}") from error
        finally:
            self._let_go()

    async def store(self, arrived: Arrived) -> NoReturn:
        """Hand over what waits, and acknowledge it when that returned."""
        while True:
            waiting = [await self._pushes.get()]
            while not self._pushes.empty():
                waiting.append(self._pushes.get_nowait())
            if records := [record for push in waiting for record in push.records]:
                await arrived(records)
            self._acknowledge(waiting)

    async def close(self) -> None:
        """Close politely; a silent other side is not waited for long."""
        await self._socket.close()

    def _acknowledge(self, pushes: list[Push]) -> None:
        """All of them in one write: a hundred small ones would cost as much as reading the frames."""
        protocol, transport = self._socket.protocol, self._socket.transport
        if protocol.state is not State.OPEN:
            raise Ended("closed before the acknowledgement")
        for push in pushes:
            if push.headers:
                protocol.send_text(ack_frame(push.headers))
        transport.write(b"".join(protocol.data_to_send()))

    async def _take(self, text: bytes | str) -> None:
        raw = text.encode() if isinstance(text, str) else text
        frame = as_fields(read_json(raw))
        entries = push_entries(frame)
        if entries is not None:
            await self._pushes.put(Push(fields_at(frame, "headers"), records_of_entries(entries, self._me)))
        elif not frame:
            await self._pushes.put(Push({}, [record_of(raw, self._me)]))
        else:
            self._take_other(frame)
        if wants_sync(frame):
            self.sync_wanted.set()

    def _take_other(self, frame: Fields) -> None:
        if frame.get("lwp") in (KICKED, REMOVED):
            raise Ended(str(frame["lwp"]), stale=frame["lwp"] == KICKED)
        waiting = self._asked.get(mid_of(frame) or "") if "lwp" not in frame else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def _let_go(self) -> None:
        """Nobody will answer any more."""
        self._over = True
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_result(None)

    def _expect_reply(self) -> tuple[str, asyncio.Future[Fields | None]]:
        """A name no open request has, and what will hold its reply."""
        mid = new_mid(self._chance, to_ms(self._time.now()))
        while _first_word(mid) in self._asked:
            mid = new_mid(self._chance, to_ms(self._time.now()))
        answer: asyncio.Future[Fields | None] = asyncio.get_running_loop().create_future()
        self._asked[_first_word(mid)] = answer
        return mid, answer


def _first_word(mid: str) -> str:
    return mid.split(" ", 1)[0]


async def open_line(
    ws_url: str, cookies: str, me: str, time: PlatformClock, chance: Chance, times: WireTimes, proxy: str | None = None
) -> Line:
    """Connect, by a proxy if one is given; MarketDown when the platform cannot be reached or does not want us."""
    try:
        socket = await connect(
            ws_url,
            additional_headers={"Cookie": cookies, "Accept-Language": "zh-CN,zh;q=0.9", "Cache-Control": "no-cache"},
            origin=Origin(ORIGIN),
            user_agent_header=USER_AGENT,
            compression=None,
            ping_interval=None,
            open_timeout=times.connect_s,
            close_timeout=1,
            max_size=MAX_FRAME_BYTES,
            max_queue=IN_FLIGHT_FRAMES,
            proxy=proxy or (None if is_loopback(ws_url) else True),
        )
    except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
        raise MarketDown("market_down", reason=type(error).__name__) from error
    return Line(socket, me, time, chance)
