"""The long connection: subscribe, keep alive, match acks by req_id, and connect again for ever (facts: WeCom c2, 3).

Both Python SDKs stop for good after a clean close or missed pongs; this one does not. The gateway takes one connection
a robot and tells the older one that it was replaced: then the pause is long, or two processes kick each other for ever.
"""

import asyncio
import contextlib
import logging
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from bot.fronts.wecom.faults import BAD_CREDENTIALS, CONFLICT, Code, Rejected
from bot.fronts.wecom.shapes import (
    PING,
    SUBSCRIBE,
    Ack,
    Event,
    Json,
    Kicked,
    Strange,
    command_frame,
    new_req_id,
    read_frame,
)
from core.config.wecom import WecomAibot
from core.errors import Transient, Unknown

LOG = logging.getLogger("zhanggui.wecom")
LARGEST_FRAME = 4 << 20
Hear = Callable[[Event], object]
"""Takes an event; it must not wait, for the acks come by the same road."""
Alive = Callable[[], None]
"""Told of every frame of the gateway's: the connection lives."""
OnChange = Callable[[Code, str], Awaitable[None]]
"""Hears how the connection is now, and a word on why."""


@dataclass(frozen=True)
class Times:
    """Waits of the connection, in real seconds."""

    open_s: float = 10.0
    ack_s: float = 5.0
    send_s: float = 20.0
    """A frame that the other side does not read for so long: a chunk of a file on a slow line takes its time."""
    ping_s: float = 30.0
    missed_pongs: int = 2
    first_s: float = 1.0
    last_s: float = 30.0
    kicked_s: float = 60.0
    stable_s: float = 60.0
    conflict_s: tuple[float, ...] = (0.2, 0.6, 1.5)
    """Waits before a command that met another one (6000) is given again."""


class Ended(Exception):
    """One connection is over; `kicked`, because another one took its place."""

    def __init__(self, reason: str, *, kicked: bool = False) -> None:
        super().__init__(reason)
        self.kicked = kicked


class Talk:
    """One open socket: commands with their acks, and what the gateway tells."""

    def __init__(self, ws: ClientConnection, times: Times, hear: Hear, alive: Alive) -> None:
        self._ws = ws
        self._times = times
        self._hear = hear
        self._alive = alive
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def read(self) -> None:
        """Take frames until the socket ends; raises Ended."""
        try:
            while True:
                self._take(read_frame(await self._ws.recv()))
                self._alive()
        except ConnectionClosed as error:
            raise Ended(f"closed {error.rcvd.code if error.rcvd else 'without a word'}") from error
        finally:
            for answer in self._waiting.values():
                answer.cancel()

    def _take(self, found: Ack | Event) -> None:
        if isinstance(found, Kicked):
            raise Ended("another connection took this robot over", kicked=True)
        if isinstance(found, Strange):
            LOG.info("a frame of no use: %s", found.what)
        elif not isinstance(found, Ack):
            self._hear(found)
        elif (answer := self._waiting.pop(found.req_id, None)) is not None and not answer.done():
            answer.set_result(found)

    async def ask(self, command: str, body: Json | None, req_id: str | None = None) -> Json:
        """Give a command and wait for its ack; one frame of a req_id is under way at a time.

        Raises Rejected(errcode), Transient when nothing was sent, Unknown when it was sent and no ack came.
        """
        name = req_id or new_req_id(command)
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            for wait_s in self._times.conflict_s:
                with contextlib.suppress(_Conflict):
                    return await self._once(command, body, name)
                await asyncio.sleep(wait_s)
            return await self._once(command, body, name)

    async def _once(self, command: str, body: Json | None, req_id: str) -> Json:
        answer = self._waiting[req_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._times.send_s):
                await self._ws.send(command_frame(command, req_id, body))
        except ConnectionClosed as error:
            self._waiting.pop(req_id, None)
            raise Transient("chat_unreachable") from error
        except TimeoutError as error:
            self._waiting.pop(req_id, None)
            raise Unknown("no_answer") from error
        ack = await self._ack(answer, req_id)
        if ack.errcode == CONFLICT:
            raise _Conflict(ack.errcode, ack.errmsg)
        if ack.errcode:
            raise Rejected(ack.errcode, ack.errmsg)
        return ack.body

    async def _ack(self, answer: asyncio.Future[Ack], req_id: str) -> Ack:
        done, _ = await asyncio.wait((answer,), timeout=self._times.ack_s)
        self._waiting.pop(req_id, None)
        if not done or answer.cancelled():
            raise Unknown("no_answer")
        return answer.result()

    async def beat(self) -> None:
        """Ping; raises Ended after so many pings in a row without an answer."""
        missed = 0
        while missed < self._times.missed_pongs:
            await asyncio.sleep(self._times.ping_s)
            try:
                await self.ask(PING, None)
            except (Unknown, Transient):
                missed += 1
            else:
                missed = 0
        raise Ended("pings are not answered")


class _Conflict(Rejected):
    """Two commands met (6000): the same one again in a moment."""


class Connection:
    """Keeps a robot connected. `ask` gives a command over the present socket."""

    takes_files = True

    def __init__(
        self, settings: WecomAibot, times: Times, hear: Hear, on_change: OnChange, alive: Alive = lambda: None
    ) -> None:
        self._settings = settings
        self._times = times
        self._hear = hear
        self._on_change = on_change
        self._alive = alive
        self._talk: Talk | None = None

    @property
    def is_up(self) -> bool:
        """Whether the robot is subscribed now."""
        return self._talk is not None

    async def ask(self, command: str, body: Json | None, req_id: str | None = None) -> Json:
        """Give a command (Talk.ask); Transient while there is no connection."""
        if self._talk is None:
            raise Transient("chat_unreachable")
        return await self._talk.ask(command, body, req_id)

    async def close(self) -> None:
        """Nothing is left open when `keep` ended."""

    def called(self, *, listens: bool) -> None:
        """Nobody calls here."""

    async def try_once(self) -> None:
        """Subscribe and leave again; Rejected for wrong credentials, Ended when that cannot be done now.

        Only where nobody is connected: the gateway throws the older connection of a robot off.
        """
        async with self._open() as ws:
            talk = Talk(ws, self._times, self._hear, self._alive)
            reading = asyncio.create_task(talk.read())
            try:
                await self._subscribe(talk, reading)
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def keep(self) -> None:
        """Connect and connect again; returns only when the credentials are refused, which no repeat would change."""
        wait_s, loop = self._times.first_s, asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            try:
                await self._once()
            except Rejected as error:
                LOG.warning("WeCom refuses the robot's credentials (%d): look at [wecom.aibot]", error.errcode)
                await self._on_change(Code.credentials, str(error.errcode))
                return
            except Ended as ended:
                LOG.warning("the connection to WeCom ended: %s", ended)
                await self._on_change(Code.kicked if ended.kicked else Code.down, str(ended))
                if loop.time() - began_s > self._times.stable_s:
                    wait_s = self._times.first_s
                await asyncio.sleep(self._times.kicked_s if ended.kicked else wait_s)
                wait_s = self._times.first_s if ended.kicked else min(wait_s * 2, self._times.last_s)

    async def _once(self) -> None:
        """One connection, from the handshake to its end: always raises."""
        async with self._open() as ws:
            talk = Talk(ws, self._times, self._hear, self._alive)
            reading = asyncio.create_task(talk.read())
            try:
                await self._subscribe(talk, reading)
                self._talk = talk
                await self._on_change(Code.up, "")
                await until_one_ends(reading, asyncio.create_task(talk.beat()))
            finally:
                self._talk = None
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[ClientConnection]:
        """The socket; Ended when there is none to be had."""
        try:
            ws = await connect(
                self._settings.ws_url,
                compression=None,
                ping_interval=None,
                open_timeout=self._times.open_s,
                close_timeout=1,
                max_size=LARGEST_FRAME,
                user_agent_header=None,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, EOFError) as error:
            raise Ended(f"no connection: {type(error).__name__}") from error
        try:
            yield ws
        finally:
            await ws.close()

    async def _subscribe(self, talk: Talk, reading: asyncio.Task[None]) -> None:
        """Credentials that are refused are told by Rejected; anything else ends this connection."""
        secret = self._settings.secret.get_secret_value()
        try:
            await talk.ask(SUBSCRIBE, {"bot_id": self._settings.bot_id, "secret": secret})
        except Rejected as error:
            if error.errcode in BAD_CREDENTIALS:
                raise
            raise Ended(f"subscription refused: {error.errcode}") from error
        except (Unknown, Transient) as error:
            if reading.done():
                reading.result()
            raise Ended("no answer to the subscription") from error


async def until_one_ends(*tasks: asyncio.Task[None]) -> None:
    """Wait until a task ends, end the others, raise what it raised."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
