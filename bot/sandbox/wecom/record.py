"""The pretend WeCom's own record of what people saw and did, in a file that outlives the shop."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.sandbox.wecom.things import Json


class Record:
    """Lines `{"kind", "at", ...}`, `at` in milliseconds of the world's clock.

    Kinds: typed, clicked, entered, lost (nobody was connected), sent, replied, stream, welcomed, card_updated,
    uploaded, refused, subscribed, kicked, pushed (webhook). Without a path it is kept in memory only.
    """

    def __init__(self, now: Callable[[], datetime], path: Path | None) -> None:
        self.entries: list[Json] = []
        self._now = now
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if path else None

    def write(self, kind: str, **facts: object) -> None:
        """Note one thing that happened."""
        entry: Json = {"kind": kind, "at": round(self._now().timestamp() * 1000), **facts}
        self.entries.append(entry)
        if self._file is not None:
            os.write(self._file, json.dumps(entry, ensure_ascii=False).encode() + b"\n")

    def of(self, *kinds: str) -> list[Json]:
        """The entries of some kinds, oldest first."""
        return [entry for entry in self.entries if entry["kind"] in kinds]

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
