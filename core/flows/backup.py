"""Backup: every night a copy of the shop lies beside it, and the oldest go.

The file itself is the row that says it was made: it stands under its day's name whole or not at all, so that a restart,
a crash in the middle or a clock that jumps makes no day twice and forgets none that can still be made.
"""

import asyncio
import logging
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from core.flows.work import Work
from core.moves.notices import tell
from core.store import packing
from core.values.notices import NoticeKind

FOLDER = "backups"
PATTERN = "zhanggui-????-??-??.zip"
REST = timedelta(minutes=30)
"""Shop time before a copy that failed (the disk is full) is tried again."""

log = logging.getLogger(__name__)


class Backup:
    """Makes the night's copy when its time has come, and keeps so many."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._folder = work.store.path.parent / FOLDER
        self._next_at = work.now()

    async def step(self) -> bool:
        """Make the copy of the newest night that is not there; OSError when the disk refuses."""
        watch, now = self._work.config.watch, self._work.now()
        if not watch.backups or now < self._next_at:
            return False
        self._next_at = now + REST
        night = self._newest_night(now)
        try:
            made = await asyncio.to_thread(_make, self._folder, f"zhanggui-{night:%Y-%m-%d}.zip", watch.backups)
        except OSError as error:
            await self._tell(night, error)
            raise
        self._next_at = self._after(night)
        return made

    async def _tell(self, night: datetime, error: OSError) -> None:
        """Once a night, however often it is tried."""
        cause, words = self._work.cause(), error.strerror or str(error)
        await self._work.store.write(
            lambda tx: tell(tx, cause, NoticeKind.backup_failed, "shop", 1, once=f"{night:%Y-%m-%d}", detail=words)
        )

    async def next_at(self) -> datetime | None:
        """When it looks again."""
        return self._next_at if self._work.config.watch.backups else None

    def _newest_night(self, now: datetime) -> datetime:
        here = now.astimezone(self._work.zone)
        tonight = self._at(here)
        return tonight if tonight <= here else self._at(here - timedelta(days=1))

    def _at(self, day: datetime) -> datetime:
        hour, minute = map(int, self._work.config.watch.backup_at.split(":"))
        return datetime.combine(day.date(), time(hour, minute), self._work.zone)

    def _after(self, night: datetime) -> datetime:
        return self._at(night + timedelta(days=1)).astimezone(UTC)


def _make(folder: Path, name: str, keep: int) -> bool:
    """The copy under its name, unless it is there; the oldest go only once the new one stands."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(folder.stat().st_mode | 0o700)  # one that a former version made could not be entered
    packing.drop_leftovers(folder)
    fresh = not (folder / name).exists()
    if fresh:
        made = packing.pack(folder.parent, folder / name)
        log.info("backup %s: %d bytes, sha256 %s", name, made.size, made.sha256)
    for old in sorted(folder.glob(PATTERN))[:-keep]:
        old.unlink(missing_ok=True)
    return fresh
