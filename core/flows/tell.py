"""Tell: what the owner must know is shown; what could not be shown stays, and stands in /health (law 10)."""

import logging
from datetime import datetime, timedelta

from core.clock import from_ms, to_ms
from core.errors import Busy, Transient
from core.flows.work import Work
from core.steps import Steps
from core.store.db import Tx

log = logging.getLogger(__name__)

GROUP = 50
AGAIN_S = (2, 5, 15, 60)
"""Waits, in seconds, before a notice no chat took is tried again; the last one repeats."""
MOST_BUGS = 5
"""A notice that cannot be rendered is given up after so many tries."""


class Tell:
    """Shows waiting notices in order of urgency and age, one after the other."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._unsure = False
        """Whether a notice was taken and nothing could be written of what came of it."""

    async def recover(self) -> int:
        """What a dead run had taken is shown again and may come twice, marked so (law 3)."""
        return await self._work.store.write(lambda tx: tx.run("notices.free_claimed"))

    async def step(self) -> bool:
        """Show what is due; nothing when there is no front."""
        if self._work.owner is None:
            return False
        if self._unsure:
            await self.recover()
        rows = await self._work.store.flows.all("notices.due", now=to_ms(self._work.now()), most=GROUP)
        for row in rows:
            if not await self._show(row["id"], row["attempts"]):
                break
        return bool(rows)

    async def _show(self, notice_id: int, attempts: int) -> bool:
        """False when the owner's side takes nothing more for now."""
        claimed = await self._work.store.write(lambda tx: tx.run("notices.claim", id=notice_id, run=self._work.run))
        if not claimed:
            return True
        self._unsure = True
        goes_on = await self._show_claimed(notice_id, attempts)
        self._unsure = False
        return goes_on

    async def _show_claimed(self, notice_id: int, attempts: int) -> bool:
        assert self._work.owner is not None
        self._work.steps.reached(Steps.tell_claimed)
        try:
            await self._work.owner.show(notice_id)
        except Busy as error:
            await self._again(notice_id, error.retry_after_s or 1.0, str(error), uncounted=True)
            return False
        except Transient as error:
            await self._again(notice_id, AGAIN_S[min(attempts, len(AGAIN_S) - 1)], str(error))
            return False
        except Exception as error:
            log.exception("notice %s", notice_id)
            await self._give_up_slowly(notice_id, attempts, error)
            return True
        self._work.steps.reached(Steps.tell_shown_unnoted)
        now_ms = to_ms(self._work.now())
        await self._work.store.write(lambda tx: tx.run("notices.finish", id=notice_id, now=now_ms))
        return True

    async def _again(self, notice_id: int, wait_s: float, error: str, *, uncounted: bool = False) -> None:
        due_at = to_ms(self._work.now() + timedelta(seconds=wait_s))

        def work(tx: Tx) -> None:
            tx.run("notices.again", id=notice_id, due_at=due_at, error=error[:300], uncounted=uncounted)

        await self._work.store.write(work)

    async def _give_up_slowly(self, notice_id: int, attempts: int, error: Exception) -> None:
        if attempts + 1 < MOST_BUGS:
            await self._again(notice_id, AGAIN_S[-1], repr(error))
            return
        now_ms = to_ms(self._work.now())
        words = repr(error)[:300]
        await self._work.store.write(lambda tx: tx.run("notices.fail", id=notice_id, now=now_ms, error=words))

    async def next_at(self) -> datetime | None:
        """When the next notice is due."""
        if self._work.owner is None:
            return None
        row = await self._work.store.flows.one("notices.next_due")
        return from_ms(row["due_at"]) if row and row["due_at"] is not None else None
