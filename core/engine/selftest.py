"""The self test as a process of its own: nothing of it touches this shop, its file or its settings."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from core.errors import Refused
from core.values.selftest import SelfTest

COMMAND = (sys.executable, "-m", "bot", "selftest", "--json")
LONGEST_S = 60.0
"""Real seconds after which a test that hangs is ended."""
SETTINGS = "ZHANGGUI__"
"""How the names of a shop's settings begin; the test gets none of them."""


class SelfTests:
    """Runs one at a time."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._running = False

    async def run(self) -> SelfTest:
        """Play a fake order in another process; Refused("selftest_running", "selftest_failed")."""
        if self._running:
            raise Refused("selftest_running")
        self._running = True
        try:
            with TemporaryDirectory(prefix="zhanggui-selftest-") as folder:
                return _read(await self._play(folder))
        finally:
            self._running = False

    async def _play(self, folder: str) -> bytes:
        """What the process printed; it starts in an empty folder, where no configuration lies."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=folder,
            env=_environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(LONGEST_S):
                printed, _ = await process.communicate()
        except TimeoutError:
            raise Refused("selftest_failed", why=f"> {LONGEST_S:g} s") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return printed


def _environment() -> dict[str, str]:
    """This process's environment without the shop's settings; the same program is found from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (*sys.path, kept.get("PYTHONPATH"))))}


def _read(printed: bytes) -> SelfTest:
    try:
        return SelfTest.model_validate_json(printed)
    except ValidationError as error:
        raise Refused("selftest_failed", why=printed.decode("utf-8", "replace")[-100:]) from error
