"""Replay: what nothing could be made of is read once more, by a shop that may know better by now (`zhanggui replay`).

Records of a shape nobody knew, or those set aside because acting on them failed. What can be read stands in its row by
its own names from then on and takes the way of every arrival; what came another way meanwhile is nothing. All in one
transaction, so that asking twice, or dying in the middle, does nothing twice.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from functools import partial

from core.clock import to_ms
from core.flows.decide import Decide, Fresh
from core.flows.ingest import KEPT_AS
from core.flows.work import Work
from core.store import inbox
from core.store.db import Tx
from core.store.inbox import ParkedRecord
from core.values.market import EventKind, MarketRecord
from core.values.replay import Kept, Replayed

log = logging.getLogger(__name__)

GROUP = 200
Reread = tuple[ParkedRecord, MarketRecord]


class Replay:
    """One pass over all that was kept so. Without `decide`, no loop runs: the next start acts on what was read."""

    def __init__(self, work: Work, decide: Decide | None, kept: Kept) -> None:
        self._work = work
        self._kept = kept
        self._decide = decide
        self._read: Counter[str] = Counter()
        self._known = 0
        self._unknown = 0

    async def run(self) -> Replayed:
        """Read everything that was kept so, oldest first."""
        after, reader = 0, self._work.store.flows
        while rows := await self._next(after):
            after = rows[-1].id
            await self._hand_on([one for row in rows if (one := self._reread(row)) is not None])
        gone = await reader.one("inbox.without_raw", quarantined=self._kept is Kept.quarantined)
        count = gone["n"] if gone else 0
        return Replayed(read=dict(self._read), known=self._known, unknown=self._unknown, gone=count)

    async def _next(self, after: int) -> list[ParkedRecord]:
        if self._kept is Kept.quarantined:
            return await inbox.list_quarantined(self._work.store.flows, after, GROUP)
        return await inbox.list_parked(self._work.store.flows, EventKind.unknown, after, GROUP)

    def _reread(self, row: ParkedRecord) -> Reread | None:
        """None for what still cannot be read, or still makes the reader stumble: it stays where it is."""
        market = self._work.markets.get(row.account)
        try:
            record = market.read_record(row.raw) if market is not None else None
        except Exception:
            log.exception("record %s cannot be read", row.id)
            record = None
        if record is None or record.event.event is EventKind.unknown:
            self._unknown += 1
            return None
        return row, record

    async def _hand_on(self, found: Sequence[Reread]) -> None:
        if not found:
            return
        fresh = await self._work.store.write(partial(self._keep, found))
        if self._decide is not None:
            self._decide.take(fresh)

    def _keep(self, found: Sequence[Reread], tx: Tx) -> list[Fresh]:
        kept = [(row, record) for row, record in found if self._keep_one(tx, row, record)]
        return [(row.id, row.account, record) for row, record in kept if record.event.event not in KEPT_AS]

    def _keep_one(self, tx: Tx, row: ParkedRecord, record: MarketRecord) -> bool:
        kind, now_ms = record.event.event, to_ms(self._work.now())
        arrival = inbox.Arrival(self._work.accounts[row.account], record.keys, kind, KEPT_AS.get(kind, "waiting"))
        if inbox.reread(tx, row.id, arrival, now_ms):
            self._read[kind.value] += 1
            return True
        self._known += tx.run("inbox.settle", id=row.id, now=now_ms)
        return False
