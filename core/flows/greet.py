"""Greet: the shop is up, and the shop stops; each is said once, and a goodbye that came too late never."""

import asyncio
import logging

from core.errors import ShopError
from core.flows.tell import Tell
from core.flows.work import Work
from core.moves.notices import tell
from core.moves.pauses import STOP
from core.store import pauses
from core.store.db import Tx
from core.values.backups import RESTORE
from core.values.notices import NoticeKind

log = logging.getLogger(__name__)

GOODBYE_S = 1.5
"""Real seconds in which the goodbye must be shown; a chat that is down gets none."""


async def say_ready(work: Work) -> None:
    """Only the newest start is told; a goodbye that still waits is dropped."""
    cause = work.cause()

    def write(tx: Tx) -> None:
        tx.run("notices.drop_ready")
        tell(tx, cause, NoticeKind.ready, "shop", 1, once=work.run)
        for pause in pauses.list_active(tx, cause.now):
            if pause.scope == STOP and pause.by == RESTORE:
                tell(tx, cause, NoticeKind.restored, "pause", pause.id)

    await work.store.write(write)


async def say_goodbye(work: Work, telling: Tell) -> None:
    """To a chat that takes it now; the loop of `telling` must have been stopped."""
    cause = work.cause()
    try:
        async with asyncio.timeout(GOODBYE_S):
            await work.store.write(lambda tx: tell(tx, cause, NoticeKind.goodbye, "shop", 1, once=work.run))
            await telling.step()
            await telling.quiet()
    except (TimeoutError, ShopError) as error:
        log.warning("no goodbye: %s", type(error).__name__)
