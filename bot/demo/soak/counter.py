"""The driver's side of the shop's process: started, killed, typed to; and everything its owner was shown."""

import asyncio
import multiprocessing
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import orjson

from bot.demo.soak import child
from core.sandbox.things import Json

PATIENCE_S = 30.0


class Nursery:
    """Processes that begin with everything loaded: a start costs a moment, not a second."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([child.__name__])

    def born(self, folder: Path, seed: int, replaced: Mapping[str, str]) -> BaseProcess:
        """A shop's process, begun."""
        process = self._context.Process(target=child.run, args=(str(folder), seed, dict(replaced)), daemon=True)
        process.start()
        return process


class ShopChild:
    """The shop as its owner knows it. A command that a kill swallowed is given again, as a chat platform would."""

    def __init__(self, nursery: Nursery, folder: Path, seed: int, replaced: Mapping[str, str]) -> None:
        self._born: Callable[[], BaseProcess] = lambda: nursery.born(folder, seed, replaced)
        self._folder = folder
        self._process: BaseProcess | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._here = asyncio.Event()
        self._ready = asyncio.Event()
        self._gone = asyncio.Event()
        self._answers: asyncio.Queue[Json] = asyncio.Queue()
        self._unkept: dict[str, Json] = {}
        self._updates = 0
        self.told: list[Json] = []
        self.cards: list[Json] = []
        self.deaths: list[str] = []
        self.pause_ms = 0.0
        self.busy_ms = 0.0
        self.cpu_s = 0.0
        """Processor time over all runs, as far as it was told."""
        self._used_s = 0.0

    async def open(self) -> None:
        """Wait for shops, and start the first."""
        self._server = await asyncio.start_unix_server(self._hear, self._folder / "counter", limit=child.LARGEST_LINE)
        await self._start()

    async def _start(self) -> None:
        self._used_s = 0.0
        self._here.clear()
        self._gone.clear()
        self._process = await asyncio.to_thread(self._born)
        async with asyncio.timeout(PATIENCE_S):
            await self._here.wait()
        for asked in list(self._unkept.values()):
            self._write(asked)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Everything one run of the shop says, until it is gone."""
        self._writer = writer
        self._here.set()
        with suppress(ConnectionError):
            async for line in reader:
                self._take(orjson.loads(line))
        self._writer = None
        self._gone.set()
        writer.close()

    def _take(self, said: Json) -> None:
        if "kept" in said:
            self._unkept.pop(said["kept"], None)
        elif "told" in said:
            self.told.append(said["told"])
        elif "card" in said:
            self.cards.append(said["card"])
        elif "dies" in said:
            self.deaths.append(said["dies"])
        else:
            found = said.get("how") or said["ended"]
            self.pause_ms, self.busy_ms = (max(self.pause_ms, found["pause_ms"]), max(self.busy_ms, found["busy_ms"]))
            self.cpu_s += found["cpu_s"] - self._used_s
            self._used_s = found["cpu_s"]
            self._answers.put_nowait(found)

    def _write(self, asked: Json) -> None:
        if self._writer is not None:
            self._writer.write(orjson.dumps(asked) + b"\n")

    def type(self, words: str, *, private: bool = False, copies: int = 1) -> None:
        """The owner writes, and the chat platform delivers it in so many copies."""
        self._give({"words": words, "private": private}, copies)

    def press(self, card: Json, action: str, *, copies: int = 1) -> None:
        """The owner presses a button of a card."""
        private = card["chat"] == child.OWNER
        self._give({"button": action, "reply_to": card["message"], "private": private}, copies)

    def _give(self, asked: Json, copies: int) -> None:
        self._updates += 1
        update = f"soak:{self._updates}"
        self._unkept[update] = {**asked, "update": update}
        for _ in range(copies):
            self._write(self._unkept[update])

    async def is_busy(self) -> bool:
        """Whether it has work at hand."""
        return bool((await self._ask("work"))["busy"])

    async def health(self) -> Json:
        """How the shop is, as /health shows it."""
        return await self._ask("health")

    def wake(self) -> None:
        """The clock was put forward: let every loop look again."""
        self._write({"wake": True})

    async def _ask(self, what: str) -> Json:
        """It may be started anew for that."""
        await self.revive()
        while not self._answers.empty():
            self._answers.get_nowait()
        self._write({"ask": what})
        answer, gone = asyncio.create_task(self._answers.get()), asyncio.create_task(self._gone.wait())
        await asyncio.wait({answer, gone}, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if answer.done():
            return answer.result()
        answer.cancel()
        if not self._gone.is_set():
            raise TimeoutError("the shop does not answer")
        return await self._ask(what)

    async def revive(self) -> None:
        """Start it again when it is gone."""
        if self._gone.is_set():
            await self._buried()
            await self._start()

    def die_in(self, steps: int) -> None:
        """Let it be killed so many steps of its work from now."""
        self._write({"die_in": steps})

    async def stop(self) -> int | None:
        """Let it end in good order; its exit code."""
        await self.revive()
        self._write({"stop": True})
        return await self._buried()

    async def _buried(self) -> int | None:
        assert self._process is not None
        await asyncio.to_thread(self._process.join, PATIENCE_S)
        return self._process.exitcode

    async def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join)
        if self._server is not None:
            self._server.close()
