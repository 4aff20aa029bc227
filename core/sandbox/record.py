"""The pretend world's own record of what really happened, in a file that outlives the shop."""

import os
from pathlib import Path

import orjson

from core.sandbox.things import Json


class Record:
    """An append-only file of JSON lines, `{"kind", "at", ...}` with `at` in milliseconds of the world's clock.

    Kinds: sent, typed, shipped, ordered, paid, cancelled, price_changed, refund_asked, refund_withdrawn,
    refund_agreed, bargain_done, confirmed, rated, buyer_said. Without a path it is kept in memory only.
    """

    def __init__(self, path: Path | None) -> None:
        self.entries: list[Json] = []
        self._file: int | None = None
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        if path.exists():
            self.entries = [orjson.loads(line) for line in path.read_bytes().splitlines() if line]
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, kind: str, at_ms: int, **facts: object) -> None:
        """Note one thing that happened; it is in the file when this returns."""
        entry: Json = {"kind": kind, "at": at_ms, **facts}
        self.entries.append(entry)
        if self._file is not None:
            os.write(self._file, orjson.dumps(entry) + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
