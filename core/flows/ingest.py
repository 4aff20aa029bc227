"""Ingest: what arrives is stored, all that waits together in one transaction, and only then acknowledged (law 1)."""

import asyncio
from collections import deque
from collections.abc import Sequence

from core.flows.decide import Decide
from core.flows.work import Work
from core.steps import Steps
from core.store.db import Tx
from core.values.market import EventKind, MarketRecord

GROUP = 200
KEPT_AS = {
    EventKind.read: "done",
    EventKind.typing: "done",
    EventKind.noise: "done",
    EventKind.history: "done",
    EventKind.system_tip: "done",
    EventKind.unknown: "parked",
}
"""What is never acted on: receipts and tips are done at once, unknown shapes stay parked to be replayed."""
WITHOUT_RAW = frozenset({EventKind.read, EventKind.typing, EventKind.noise})


class _Batch:
    """The records of one frame, and whoever waits for them to be durable."""

    def __init__(self, account: str, records: Sequence[MarketRecord]) -> None:
        self.account = account
        self.records = records
        self.stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Ingest:
    """Takes frames from every account, in order of arrival."""

    def __init__(self, work: Work, decide: Decide) -> None:
        self._work = work
        self._decide = decide
        self._waiting: deque[_Batch] = deque()

    async def arrived(self, account: str, records: Sequence[MarketRecord]) -> None:
        """Returns when the records are durable. Raises when they could not be stored: then they stay unacknowledged."""
        batch = _Batch(account, records)
        self._waiting.append(batch)
        self._work.bells.ingest.ring()
        await batch.stored

    async def step(self) -> bool:
        """Store what waits; nothing is taken while deciding lags behind."""
        if not self._waiting or self._decide.is_full():
            return False
        group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        self._work.steps.reached(Steps.ingest_before_store)
        try:
            fresh = await self._work.store.write(lambda tx: self._keep(tx, group))
        except Exception as error:
            for batch in group:
                if not batch.stored.done():
                    batch.stored.set_exception(error)
            raise
        self._work.steps.reached(Steps.ingest_stored)
        for batch in group:
            if not batch.stored.done():
                batch.stored.set_result(None)
        self._work.rush.took(len(fresh))
        self._decide.take(fresh)
        return True

    async def next_at(self) -> None:
        """Nothing here waits for a time: only for news."""

    def _keep(self, tx: Tx, group: Sequence[_Batch]) -> list[tuple[int, str, MarketRecord]]:
        now_ms = self._work.cause().now_ms
        fresh = []
        for batch in group:
            account_id = self._work.accounts[batch.account]
            for record in batch.records:
                inbox_id = _keep_one(tx, account_id, record, now_ms)
                if inbox_id is not None and record.event.event not in KEPT_AS:
                    fresh.append((inbox_id, batch.account, record))
        for account in {batch.account for batch in group}:
            tx.run("accounts.heard", id=self._work.accounts[account], now=now_ms)
        return fresh


def _keep_one(tx: Tx, account_id: int, record: MarketRecord, now_ms: int) -> int | None:
    """The new row's id; None when it was seen before (by either key)."""
    kind = record.event.event
    keys = [f"{account_id}:{key}" for key in record.keys]
    row = tx.one(
        "inbox.add",
        account_id=account_id,
        key=keys[0],
        second_key=keys[1] if len(keys) > 1 else None,
        kind=kind.value,
        state=KEPT_AS.get(kind, "waiting"),
        now=now_ms,
    )
    if row is None:
        return None
    if kind not in WITHOUT_RAW:
        tx.run("inbox.keep_payload", id=row["id"], raw=tx.vault.seal(record.raw))
    return int(row["id"])
