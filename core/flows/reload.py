"""Reload: a changed configuration file holds without a restart, as far as it can; one that is wrong changes nothing.

The file is looked at every few seconds, by its marks alone: an editor that replaces it, `sed -i`, a folder of the host
mounted into a container and a bare `touch` all change one of them, and no event of a kernel has to reach us. It is read
once it looked the same twice in a row, so that half a file that is being written is not told as a mistake.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from core.clock import to_ms
from core.config import differences
from core.errors import BadConfig
from core.flows.work import Work
from core.moves import settings as moves
from core.moves.cause import Cause
from core.moves.notices import tell
from core.store.db import Tx
from core.values.notices import NoticeKind
from core.values.people import HOST

LOOK_S = 2.0
"""Real seconds between two looks."""
Mark = tuple[int, ...]

log = logging.getLogger(__name__)


class Reload:
    """Watches the file the shop was started with."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._taken: Mark | None = None
        """The marks of what was read last; None before the first look: it may have changed while the shop started."""
        self._seen: Mark | None = None

    async def step(self) -> bool:
        """Look once; read it when it stands still and is not what was read."""
        origin = self._work.settings.origin
        if origin is None or origin.path is None:
            return False
        mark = await asyncio.to_thread(origin.mark)
        is_still, self._seen = mark == self._seen, mark
        if mark == self._taken or not is_still:
            return False
        async with self._work.settings.turn:
            await self._take()
        self._taken = mark
        return False

    async def next_at(self) -> datetime | None:
        """When it looks again."""
        origin = self._work.settings.origin
        if origin is None or origin.path is None:
            return None
        return self._work.now() + timedelta(seconds=self._work.clock.shop_s(LOOK_S))

    async def _take(self) -> None:
        settings = self._work.settings
        try:
            read = await asyncio.to_thread(settings.look)
            settings.try_out(read)
        except BadConfig as error:
            log.warning("the configuration file cannot be used, the settings stay: %s", error)
            await self._work.store.write(self._complain)
            return
        changes = [moves.change_of(one, settings) for one in differences(settings.read, read)]
        if changes:
            cause = self._cause()
            number = await self._work.store.write(lambda tx: moves.reload_by_itself(tx, cause, changes))
            log.info("configuration %d: %s", number, ", ".join(change.key for change in changes))
        settings.take(read)

    def _complain(self, tx: Tx) -> None:
        tell(tx, self._cause(), NoticeKind.config_wrong, "config", 0, once=to_ms(self._work.now()))

    def _cause(self) -> Cause:
        """Whoever edits the file on the host."""
        work = self._work
        return Cause(HOST, work.now(), work.zone)
