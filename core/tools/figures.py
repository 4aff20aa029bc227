"""`zhanggui chart`: the figures of the file, read beside a running shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.store.db import open_reader
from core.store.figures import Figures

__all__ = ["Figures", "open_figures"]


@asynccontextmanager
async def open_figures(data_dir: Path, zone: ZoneInfo, clock: Clock) -> AsyncIterator[Figures]:
    """The figures of a data folder now; BadConfig when there is no shop, or one of another schema."""
    async with open_reader(data_dir) as reader:
        yield Figures(reader, clock.now, zone)
