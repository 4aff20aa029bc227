"""The counter at the terminal: lines in, blocks of lines out."""

import asyncio
import io
import re
from collections.abc import AsyncIterator

from bot.fronts.terminal import CHAT as TERMINAL
from bot.fronts.terminal import WHO as SITTER
from bot.fronts.terminal import Terminal
from tests.counter import Counter
from tests.flow.stands.stand import Real, Seen

NUMBERED = re.compile(r"\[(\d+)\] (.+?)(?=  \[|$)")


class AtTerminal(Real):
    name = "terminal"

    def __init__(self, c: Counter) -> None:
        self.out = io.StringIO()
        self.typed: asyncio.Queue[str] = asyncio.Queue()
        super().__init__(c, lambda: Terminal(c.engine.now, self.out), {"owner": SITTER}, TERMINAL)

    async def entries(self) -> AsyncIterator[str]:
        """What is typed (a Keyboard)."""
        while True:
            yield await self.typed.get()

    async def listen(self) -> None:
        self._task = asyncio.create_task(self.listener.run(self.desk, self))

    async def close(self) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def type(self, words: str, who: str = "owner", *, private: bool = False) -> list[Seen]:
        mark, before = self.mark(), self.watched.served
        self.typed.put_nowait(words)
        await self.served(before)
        return self.news(mark)

    async def press(self, seen: Seen, label: str, who: str = "owner") -> list[Seen]:
        return await self.type(next(number for verb, number in seen.raw.items() if label in verb))

    def mark(self) -> int:
        return len(self.out.getvalue())

    def news(self, mark: int) -> list[Seen]:
        blocks: list[list[str]] = []
        for line in self.out.getvalue()[mark:].splitlines():
            if line and not line.startswith(" "):
                blocks.append([line])
            elif line:
                blocks[-1].append(line)
        return [_of_block(block) for block in blocks]


def _of_block(block: list[str]) -> Seen:
    last = block[-1].strip()
    numbers = {verb: number for number, verb in NUMBERED.findall(last)} if last.startswith("[") else {}
    return Seen("\n".join(block), tuple(numbers), block[0].startswith("↻"), raw=numbers)
