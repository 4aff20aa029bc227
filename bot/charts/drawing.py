"""Has pictures drawn: one worker process a picture, so that the shop never holds the 99 MB drawing takes."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.charts.chart import Chart

LOG = logging.getLogger("zhanggui.charts")
DEADLINE_S = 10.0
"""Real seconds from the question to the picture; an answer without one is better than a later one."""
FONTS = "fonts"
"""The folder beside the shop's file in which the worker keeps what it knows of fonts."""
AT_ONCE = 1
WAITING = 4
"""So many may be asked for together: who presses ten times gets words, not ten processes."""
WORKER = (sys.executable, "-m", "bot.charts")
HANDED_ON = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "SYSTEMROOT")
"""What a worker may know of our environment: no secret stands in these."""


class Drawing(Protocol):
    """Draws pictures."""

    async def draw(self, chart: Chart) -> bytes | None:
        """The PNG of a chart; None when it could not be drawn in time."""
        ...


class Workers:
    """Draws in worker processes. `folder` keeps matplotlib's list of fonts, which takes a second to make."""

    def __init__(
        self, folder: Path, *, deadline_s: float = DEADLINE_S, worker: Sequence[str] = WORKER, waiting: int = WAITING
    ) -> None:
        self._folder = folder
        self._deadline_s = deadline_s
        self._worker = worker
        self._waiting = waiting
        self._asked = 0
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def draw(self, chart: Chart) -> bytes | None:
        """The PNG of a chart; None when it failed, took too long, or too many wait: the log says which."""
        if self._asked >= self._waiting:
            LOG.warning("no picture: %d are waited for", self._asked)
            return None
        self._asked += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._turn:
                return await self._work(chart.model_dump_json().encode())
        except TimeoutError:
            LOG.warning("no picture: it took longer than %g s", self._deadline_s)
        except OSError as error:
            LOG.warning("no picture: %s", error)
        finally:
            self._asked -= 1
        return None

    async def _work(self, chart: bytes) -> bytes | None:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._worker, stdin=pipe, stdout=pipe, stderr=pipe, env=self._environment()
        )
        try:
            picture, said = await process.communicate(chart)
        finally:
            if process.returncode is None:
                process.kill()
                await asyncio.shield(process.wait())
        if process.returncode == 0 and picture:
            return picture
        last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
        LOG.warning("no picture: the worker ended with %s: %s", process.returncode, last)
        return None

    def _environment(self) -> dict[str, str]:
        known = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        return known | {"MPLCONFIGDIR": str(self._folder), "MPLBACKEND": "agg"}
