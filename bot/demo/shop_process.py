"""The shop as a real process with the terminal front on pipes: typed to, listened to, killed, started again."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from bot.demo.office import Window
from bot.sandbox.wecom import WecomWorld
from bot.texts import Texts

STOP_S = 12.0
OWN_SETTINGS = "ZHANGGUI__"


def surroundings(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of the demo's shop: settings of a real shop that stand in it must not reach the pretend one."""
    kept = {name: value for name, value in env.items() if not name.startswith(OWN_SETTINGS)}
    return {**kept, "PYTHONIOENCODING": "utf-8"}


class ShopProcess:
    """`lines` is everything the group chat saw, over all runs; `says` is written as it happens."""

    def __init__(self, config_file: Path, log_file: Path, says: TextIO, texts: Texts) -> None:
        self._texts = texts
        self.lines: list[str] = []
        self._config_file = config_file
        self._log_file = log_file
        self._says = says
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def start(self) -> None:
        """Run it and wait until it says that it is ready."""
        seen = len(self.lines)
        with self._log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                "--config",
                str(self._config_file),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=surroundings(os.environ),
            )
        self._reading = asyncio.create_task(self._read(self._process))
        await self.wait_for(re.escape(self._texts("title.ready")), seen)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            self.hear(raw.decode("utf-8", "replace").rstrip("\n"))

    def hear(self, line: str) -> None:
        """The group chat saw a line."""
        self.lines.append(line)
        self.tell(f"  {line}")
        self._news.set()

    def tell(self, line: str) -> None:
        """Write a line of the play."""
        print(line, file=self._says, flush=True)

    async def type(self, words: str) -> int:
        """Type words, as the owner would; where the answer will begin in `lines`."""
        self.tell(f"  {self._texts('demo.owner', words=words)}")
        here = len(self.lines)
        await self._put(words)
        return here

    async def _put(self, words: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())
        await self._process.stdin.drain()

    async def wait_for(self, pattern: str, since: int = 0, wait_s: float = 20.0) -> re.Match[str]:
        """Wait until a line says it; TimeoutError names what was not said."""
        wanted = re.compile(pattern)
        try:
            async with asyncio.timeout(wait_s):
                while True:
                    found = next((match for line in self.lines[since:] if (match := wanted.search(line))), None)
                    if found:
                        return found
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"the group chat never saw: {pattern}") from None

    async def press(self, label: str, since: int) -> None:
        """Press the newest button with such a label, by its number."""
        await self.wait_for(rf"\[\d+\] \S*\s?{label}", since)
        numbers = re.findall(rf"\[(\d+)\] \S*\s?{label}", "\n".join(self.lines[since:]))
        await self.type(numbers[-1])

    async def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is finished."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        assert self._reading is not None
        self._process.send_signal(number)
        async with asyncio.timeout(STOP_S):
            code = await self._process.wait()
            await self._reading
        return code


class ShopInWecom(ShopProcess):
    """The same, its owner in the pretend WeCom: what stands in the group there is what is seen."""

    def __init__(self, config_file: Path, log_file: Path, says: TextIO, texts: Texts, wecom: WecomWorld) -> None:
        super().__init__(config_file, log_file, says, texts)
        self._window = Window(wecom, self.hear)
        self._watching = asyncio.create_task(self._window.watch())

    async def _put(self, words: str) -> None:
        await self._window.type(words)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        try:
            return await super().stop()
        finally:
            self._watching.cancel()
