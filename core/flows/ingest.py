"""Ingest: what arrives is stored, all that waits together in one commit, and only then acknowledged (law 1)."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from functools import partial

from core.flows.decide import Decide, Fresh
from core.flows.work import Work
from core.steps import Steps
from core.store import inbox
from core.store.db import Tx
from core.values.market import EventKind, MarketRecord

GROUP = 200
PART = 256
"""Records written by one statement at most."""
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
        by_account: defaultdict[str, list[_Batch]] = defaultdict(list)
        for batch in group:
            by_account[batch.account].append(batch)
        self._work.steps.reached(Steps.ingest_before_store)
        kept = await self._store(by_account)
        self._work.steps.reached(Steps.ingest_stored)
        for account, fresh in kept.items():
            _answer(by_account[account], fresh)
        stored = [fresh for fresh in kept.values() if not isinstance(fresh, BaseException)]
        self._work.rush.took(sum(map(len, stored)))
        for fresh in stored:
            self._decide.take(fresh)
        if not stored:
            raise next(error for error in kept.values() if isinstance(error, BaseException))
        return True

    async def _store(self, by_account: Mapping[str, Sequence[_Batch]]) -> dict[str, list[Fresh] | BaseException]:
        """What an account brought that cannot be stored undoes itself alone, and is its own connection's trouble."""
        works = [partial(self._keep, account, group) for account, group in by_account.items()]
        try:
            return dict(zip(by_account, await self._work.store.write_each(works), strict=True))
        except Exception as error:
            return dict.fromkeys(by_account, error)

    async def next_at(self) -> None:
        """Nothing here waits for a time: only for news."""

    def _keep(self, account: str, group: Sequence[_Batch], tx: Tx) -> list[Fresh]:
        now_ms = self._work.cause().now_ms
        told = [(account, record) for batch in group for record in batch.records]
        parts = [told[start : start + PART] for start in range(0, len(told), PART)]
        fresh = [one for part in parts for one in self._keep_part(tx, part, now_ms)]
        tx.run("accounts.heard", id=self._work.accounts[account], now=now_ms)
        return fresh

    def _keep_part(self, tx: Tx, told: Sequence[tuple[str, MarketRecord]], now_ms: int) -> list[Fresh]:
        arrivals = [_arrival(self._work.accounts[account], record) for account, record in told]
        ids = inbox.add_all(tx, arrivals, now_ms)
        kept = [(new, *one) for new, one in zip(ids, told, strict=True) if new is not None]
        inbox.keep_payloads(tx, ((new, record.raw) for new, _, record in kept if record.event.event not in WITHOUT_RAW))
        return [one for one in kept if one[2].event.event not in KEPT_AS]


def _answer(group: Sequence[_Batch], stored: list[Fresh] | BaseException) -> None:
    """Tell whoever waits that it is durable, or why it is not."""
    for batch in group:
        if batch.stored.done():
            continue
        if isinstance(stored, BaseException):
            batch.stored.set_exception(stored)
        else:
            batch.stored.set_result(None)


def _arrival(account_id: int, record: MarketRecord) -> inbox.Arrival:
    kind = record.event.event
    return inbox.Arrival(account_id, record.keys, kind.value, KEPT_AS.get(kind, "waiting"))
