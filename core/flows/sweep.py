"""Sweep: what nobody asks about any more goes, in small pieces (issue: retention). The record of what happened stays.

Raw payloads, texts of effects, addresses of ended orders and for whom units were kept go after `watch.raw_days`, told
notices and fine roll-ups after `watch.keep_days`, buttons `watch.raw_days` after they expired. Orders, history, acts,
ledger, messages and each day's numbers never go.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from core.clock import to_ms
from core.config import Watch
from core.flows.work import Work
from core.store.db import Tx

GROUP = 200
"""Rows of one piece: its transaction holds nobody up."""
REST = timedelta(hours=1)
"""Shop time between two looks once nothing was left to sweep."""
ROLL_UPS = ("sweep.drop_hours", "sweep.drop_durations", "sweep.drop_presence")
WALKS = {
    "inbox.old_raw": ("inbox.drop_raw", "inbox.drop_payload"),
    "sweep.old_effects": ("sweep.drop_body",),
    "sweep.old_notices": ("sweep.drop_notice",),
    "receivers.old": ("receivers.drop",),
    "keeps.old": ("keeps.drop_note",),
}
"""What is walked in the order it came, and what is done to each row that is old enough."""


class Sweep:
    """One piece a step; how far each walk came is known until the process ends."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._after = dict.fromkeys(WALKS, 0)
        self._next_at = work.now()

    async def step(self) -> bool:
        """Sweep one piece of each kind; False when nothing is left for now."""
        now = self._work.now()
        if now < self._next_at:
            return False
        raw, kept = (timedelta(days=days) for days in (self._settings.raw_days, self._settings.keep_days))
        walked = [
            await self._walk("inbox.old_raw", now - raw),
            await self._walk("sweep.old_effects", now - raw),
            await self._walk("sweep.old_notices", now - kept),
            await self._walk("receivers.old", now - raw),
            await self._walk("keeps.old", now - raw),
        ]
        if any(walked):  # after a start they walk past years: nothing is written for pieces that only look
            return True
        dropped = [
            await self._work.store.write(partial(_drop_actions, to_ms(now - raw))),
            await self._work.store.write(partial(_drop_days, self._day(now - kept))),
        ]
        if not any(dropped):
            self._next_at = now + REST
        return any(dropped)

    @property
    def _settings(self) -> Watch:
        return self._work.config.watch

    def _day(self, at: datetime) -> str:
        return at.astimezone(self._work.zone).date().isoformat()

    async def _walk(self, query: str, before: datetime) -> bool:
        """The next rows that are old enough; those that are over lose what is to go."""
        reader, after = self._work.store.flows, self._after[query]
        rows = await reader.all(query, after=after, before=to_ms(before), most=GROUP)
        ids = [{"id": row["id"]} for row in rows if row["over"]]
        if ids:
            await self._work.store.write(lambda tx: _drop(tx, WALKS[query], ids))
        if rows:
            self._after[query] = rows[-1]["id"]
        return bool(rows)


def _drop(tx: Tx, queries: Sequence[str], ids: Sequence[Mapping[str, int]]) -> None:
    for query in queries:
        tx.run_each(query, ids)


def _drop_actions(before_ms: int, tx: Tx) -> bool:
    return tx.run("sweep.drop_actions", before=before_ms, most=GROUP) > 0


def _drop_days(before: str, tx: Tx) -> bool:
    return any(tx.run(query, before=before) for query in ROLL_UPS)
