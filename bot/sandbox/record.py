"""A pretend platform's own record of what really happened, in a file that outlives the shop."""

from pathlib import Path
from typing import BinaryIO

import orjson

from bot.sandbox.serving import Json


class Record:
    """JSON lines `{"kind", "at", …}`, `at` in milliseconds of the world's clock; without a path in memory only."""

    def __init__(self, path: Path | None) -> None:
        self.entries: list[Json] = []
        self._file: BinaryIO | None = None
        if path is not None:
            if path.exists():
                self.entries = [orjson.loads(line) for line in path.read_bytes().splitlines()]
            self._file = path.open("ab", buffering=0)

    def write(self, kind: str, at_ms: int, **facts: object) -> None:
        """Note one thing; it is in the file when this returns."""
        self.entries.append({"kind": kind, "at": at_ms, **facts})
        if self._file is not None:
            self._file.write(orjson.dumps(self.entries[-1]) + b"\n")

    def list(self, kind: str | None = None) -> list[Json]:
        """Everything, or everything of one kind."""
        return [entry for entry in self.entries if kind in (None, entry["kind"])]

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
