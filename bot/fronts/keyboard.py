"""Where a terminal's lines come from: a prompt that cards appear above, or a pipe."""

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator
from typing import Protocol, TextIO

LONGEST_LINE = 200_000
"""Characters of a line that are read; the desk refuses what is too long with a clear text."""


class Keyboard(Protocol):
    """Yields what a person typed, one entry at a time; ends when there is no more to come."""

    def entries(self) -> AsyncIterator[str]:
        """The entries; an entry may hold several lines."""
        ...


class PipeKeyboard:
    """Lines of a stream that is no terminal. A line that ends with a backslash goes on in the next one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def entries(self) -> AsyncIterator[str]:
        """The stream's entries until its end."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(queue, loop), daemon=True, name="stdin").start()
        begun: list[str] = []
        while (line := await queue.get()) is not None:
            text = line.rstrip("\n")
            if text.endswith("\\"):
                begun.append(text[:-1])
                continue
            yield "\n".join((*begun, text))
            begun.clear()
        if begun:
            yield "\n".join(begun)

    def _read(self, queue: "asyncio.Queue[str | None]", loop: asyncio.AbstractEventLoop) -> None:
        """A thread of its own: a blocked read must not hold up the shop, nor its end."""
        try:
            while line := self._stream.readline(LONGEST_LINE):
                loop.call_soon_threadsafe(queue.put_nowait, line)
            loop.call_soon_threadsafe(queue.put_nowait, None)
        except (RuntimeError, ValueError, UnicodeDecodeError):
            return  # the loop is closed, or the stream: nobody listens any more


class PromptKeyboard:
    """A prompt on a real terminal; what is printed meanwhile appears above it. Ctrl-C and Ctrl-D end it."""

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        self._words = words

    async def entries(self) -> AsyncIterator[str]:
        """What is typed; a paste may hold several lines, and a line that ends with a backslash goes on in the next."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.patch_stdout import patch_stdout

        session: PromptSession[str] = PromptSession("› ", completer=WordCompleter(list(self._words), sentence=True))
        begun: list[str] = []
        with patch_stdout(raw=True):
            while True:
                try:
                    text = await session.prompt_async()
                except (EOFError, KeyboardInterrupt):
                    return
                if text.endswith("\\"):
                    begun.append(text[:-1])
                    continue
                yield "\n".join((*begun, text))
                begun.clear()


class LinesAbove(logging.Handler):
    """Writes the log to standard error as it is now: a prompt puts its own in its place, so that lines appear above."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            self.handleError(record)


def is_screen() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()
