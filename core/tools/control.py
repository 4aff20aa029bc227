"""The socket of a running shop: the host's other commands ask it, one JSON line each way.

Whoever may write to data_dir/control.sock (0600, in a folder of 0700) is the host. The caller's side loads next to
nothing: a command from the shell must feel like one.
"""

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

LOG = logging.getLogger("zhanggui.control")

FILE = "control.sock"
LONGEST_LINE = 64_000_000
"""Bytes of a line: a file of card keys or a table of orders may be in it."""
LONGEST_PATH = 100
"""Bytes of a socket's address; the system takes little more."""
CONNECT_S = 2.0
ANSWER_S = 120.0

Line: TypeAlias = dict[str, object]
Verb = Callable[[Line], Awaitable[Line]]


class NobodyThere(Exception):
    """No shop runs on the folder."""


@asynccontextmanager
async def serve(data_dir: Path, verbs: Mapping[str, Verb]) -> AsyncIterator[None]:
    """Answer `{"verb": …}` lines while the block runs; only the holder of the folder's lock may."""
    with _address(data_dir) as address:
        _remove(address)
        door = _bind(address)
        server = await asyncio.start_unix_server(_Answerer(verbs).answer, sock=door, limit=LONGEST_LINE)
        try:
            yield
        finally:
            server.close()
            _remove(address)


def _bind(address: str) -> socket.socket:
    """A socket only its user may write to, before anybody can connect: nobody listens yet.

    Not by the process's mask, which holds for every thread: a folder made meanwhile could not be entered.
    """
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(address)
        os.chmod(address, 0o600)
    except OSError:
        door.close()
        raise
    return door


class _Answerer:
    def __init__(self, verbs: Mapping[str, Verb]) -> None:
        self._verbs = verbs

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError):
            line = await reader.readline()
            if line.strip():
                writer.write(json.dumps(await self._say(line), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _say(self, line: bytes) -> Line:
        """The verb's answer; what it cannot say is an error with its words, never a closed line."""
        try:
            asked = json.loads(line)
            verb = self._verbs.get(str(asked.get("verb")))
            return (
                await verb(asked) if verb else {"error": "this shop does not know that verb: is it an older version?"}
            )
        except (ValueError, AttributeError):
            return {"error": "one JSON object a line is wanted"}
        except Exception as error:
            LOG.exception("a verb of the host failed")
            return {"error": f"{type(error).__name__}: see the log"}


def _remove(address: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(address)


def ask(data_dir: Path, line: Line) -> Line:
    """Ask the shop that runs on a folder. NobodyThere when none does; OSError when it does not answer in time."""
    with _address(data_dir) as address, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line_to:
        line_to.settimeout(CONNECT_S)
        try:
            line_to.connect(address)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NobodyThere from error
        line_to.settimeout(ANSWER_S)
        line_to.sendall(json.dumps(line).encode() + b"\n")
        answer: Line = json.loads(b"".join(_read(line_to)))
        return answer


def _read(line_to: socket.socket) -> Iterator[bytes]:
    while chunk := line_to.recv(1 << 16):
        yield chunk
        if chunk.endswith(b"\n"):
            return


@contextmanager
def _address(data_dir: Path) -> Iterator[str]:
    """The socket's address; one too long for the system goes by way of the opened folder."""
    path = str(data_dir / FILE)
    if len(os.fsencode(path)) <= LONGEST_PATH or not Path("/proc/self/fd").is_dir():
        yield path
        return
    folder = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{FILE}"
    finally:
        os.close(folder)
