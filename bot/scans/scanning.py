"""Has pictures read for bar codes: one worker process a picture, so that the shop neither grows nor falls with it."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import Protocol

LOG = logging.getLogger("zhanggui.scans")
DEADLINE_S = 12.0
"""Real seconds from the question to the codes."""
AT_ONCE = 1
WAITING = 4
"""So many pictures may be looked at together; more are asked for again."""
WORKER = (sys.executable, "-m", "bot.scans")
HANDED_ON = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "SYSTEMROOT")
"""What a worker may know of our environment: no secret stands in these."""
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
"""How pictures begin that can be read: JPEG, PNG, WebP."""


def is_picture(content: bytes) -> bool:
    """Whether a file is a picture by its first bytes, whatever it is called."""
    webp = content[8:12] == b"WEBP"
    return content.startswith(BEGINNINGS[:2]) or (content.startswith(BEGINNINGS[2]) and webp)


class Scanning(Protocol):
    """Reads bar codes."""

    async def scan(self, picture: bytes) -> tuple[str, ...]:
        """The texts of a picture's bar codes; none when it has none, or could not be read in time."""
        ...


class Scanner:
    """Reads in worker processes."""

    def __init__(
        self, *, deadline_s: float = DEADLINE_S, worker: Sequence[str] = WORKER, waiting: int = WAITING
    ) -> None:
        self._deadline_s = deadline_s
        self._worker = worker
        self._waiting = waiting
        self._asked = 0
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def scan(self, picture: bytes) -> tuple[str, ...]:
        """The texts of a picture's bar codes; the log says why there are none when it could not be read."""
        if self._asked >= self._waiting:
            LOG.warning("a picture was not read: %d are waited for", self._asked)
            return ()
        self._asked += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._turn:
                return await self._work(picture)
        except TimeoutError:
            LOG.warning("a picture was not read: it took longer than %g s", self._deadline_s)
        except OSError as error:
            LOG.warning("a picture was not read: %s", error)
        finally:
            self._asked -= 1
        return ()

    async def _work(self, picture: bytes) -> tuple[str, ...]:
        pipe = asyncio.subprocess.PIPE
        env = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            *self._worker, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=env
        )
        try:
            said, _ = await process.communicate(picture)
        finally:
            if process.returncode is None:
                process.kill()
                await asyncio.shield(process.wait())
        if process.returncode != 0:
            LOG.warning("a picture was not read: the worker ended with %s", process.returncode)
            return ()
        return tuple(str(code) for code in json.loads(said))
