"""The kept log, for an owner without a shell."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from core.engine.context import Shop
from core.log import list_kept
from core.values.logs import LEVELS, LogLine, LogSearch

PIECE = 1 << 16
"""Bytes read at a time, from the end of a file."""


class Logs:
    """The last lines of this shop, as they stand in its folder."""

    def __init__(self, shop: Shop) -> None:
        self._data_dir = shop.config.shop.data_dir

    async def find(self, search: LogSearch) -> tuple[LogLine, ...]:
        """The newest lines that fit, oldest first; files are read in a thread, from their end."""
        return await asyncio.to_thread(_find, self._data_dir, search)


def _find(data_dir: Path, search: LogSearch) -> tuple[LogLine, ...]:
    found: list[LogLine] = []
    for line in _lines(data_dir):
        if _fits(line, search):
            found.append(line)
        if len(found) >= search.most:
            break
    return tuple(reversed(found))


def _fits(line: LogLine, search: LogSearch) -> bool:
    heavy = line.level not in LEVELS or LEVELS.index(line.level) >= LEVELS.index(search.level)
    return heavy and search.text.casefold() in f"{line.name} {line.text}".casefold()


def _lines(data_dir: Path) -> Iterator[LogLine]:
    """Newest first; a line that is none (cut off by a full disk) is left out."""
    for file in list_kept(data_dir):
        for raw in _backwards(file):
            try:
                yield LogLine.model_validate_json(raw)
            except ValidationError:
                continue


def _backwards(file: Path) -> Iterator[bytes]:
    """A file's lines from its end; one that is being rotated away meanwhile ends early."""
    try:
        with file.open("rb") as opened:
            end, rest = opened.seek(0, 2), b""
            while end:
                begin = max(0, end - PIECE)
                opened.seek(begin)
                first, *whole = (opened.read(end - begin) + rest).split(b"\n")
                yield from (line for line in reversed(whole) if line)
                end, rest = begin, first
            if rest:
                yield rest
    except FileNotFoundError:
        return
