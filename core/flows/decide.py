"""Decide: what a stored record means, and the move it causes.

Records of a burst are moved together, each for itself.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from core.errors import Transient
from core.flows.work import Work
from core.moves import chats, echoes, foreign, frames, hints
from core.moves.cause import Cause
from core.moves.notices import tell
from core.steps import Steps
from core.store import inbox
from core.store.db import Tx
from core.store.inbox import WaitingRecord
from core.values.market import EventKind, MarketRecord
from core.values.notices import NoticeKind
from core.values.people import PLATFORM

log = logging.getLogger(__name__)

GROUP = 256
"""As many as one socket has in flight: a batch moves in one commit."""
Fresh = tuple[int, str, MarketRecord]
"""Inbox id, account name, record."""


class Decide:
    """Acts on records in the order they were stored. At start it takes up what a crash left behind."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._fresh: deque[Fresh] = deque()
        self._limit = work.config.limits.chat_queue + work.config.limits.order_queue

    def take(self, fresh: Sequence[Fresh]) -> None:
        """Records that have just been stored."""
        self._fresh.extend(fresh)
        if fresh:
            self._work.bells.decide.ring()

    def is_full(self) -> bool:
        """Whether ingest must wait."""
        return len(self._fresh) >= self._limit

    def backlog(self) -> int:
        """How many records wait."""
        return len(self._fresh)

    async def take_up(self) -> int:
        """After a start: what was stored and not acted on; how many."""
        found = 0
        after = 0
        while rows := await inbox.list_waiting(self._work.store.flows, after, GROUP):
            for row in rows:
                record = await self.read_again(row)
                if record is not None:
                    self._fresh.append((row.id, row.account, record))
            after = rows[-1].id
            found += len(rows)
        return found

    async def read_again(self, row: WaitingRecord) -> MarketRecord | None:
        """A stored record as its market reads it; None when there is no such market here, or it cannot read it.

        A bug in one account's parser sets its record aside; the records of others go on.
        """
        market = self._work.markets.get(row.account)
        try:
            return market.read_record(row.raw) if market is not None else None
        except Exception as error:
            await self._set_aside(row.id, error)
            return None

    async def step(self) -> bool:
        """Act on what waits; a record nobody can act on is set aside and told, the next one goes on."""
        if not self._fresh:
            return False
        self._work.steps.reached(Steps.decide_taken)
        group = [self._fresh.popleft() for _ in range(min(GROUP, len(self._fresh)))]
        results = await self._work.store.write_each(self._moves(group))
        self._work.steps.reached(Steps.decide_moved)
        unwritten = [fresh for fresh, result in zip(group, results, strict=True) if isinstance(result, Transient)]
        self._fresh.extendleft(reversed(unwritten))
        broken = deque(
            (fresh, result)
            for fresh, result in zip(group, results, strict=True)
            if isinstance(result, Exception) and not isinstance(result, Transient)
        )
        await self._set_all_aside(broken)
        if unwritten:
            raise next(result for result in results if isinstance(result, Transient))
        self._work.bells.ingest.ring()
        return True

    def _moves(self, group: Sequence[Fresh]) -> list[Callable[[Tx], None]]:
        cause = self._work.cause(actor=PLATFORM)
        return [partial(self._move, cause, fresh) for fresh in group]

    def _move(self, cause: Cause, fresh: Fresh, tx: Tx) -> None:
        inbox_id, account, record = fresh
        event = record.event
        account_id = self._work.accounts[account]
        terms = self._work.terms
        if foreign.is_foreign(tx, cause, account_id, event):
            tx.later("inbox.finish", inbox_id, cause.now_ms)
        elif event.event in (EventKind.chat_text, EventKind.chat_image):
            chats.hear(tx, cause, terms, account_id, event, inbox_id)
        elif event.event is EventKind.self_message:
            echoes.hear_own(tx, cause, terms, account_id, event, inbox_id)
        elif event.event in foreign.MAPS:
            frames.hear_map(tx, cause, account_id, event, inbox_id)
        elif event.order_id is None and event.platform_status is not None:
            hints.hear_hint(tx, cause, account_id, event, inbox_id)
        else:
            frames.hear(tx, cause, terms, account_id, event, inbox_id)

    async def _set_all_aside(self, broken: deque[tuple[Fresh, Exception]]) -> None:
        """What cannot even be set aside now is taken again: nobody else would before the next start."""
        try:
            while broken:
                fresh, error = broken[0]
                await self._set_aside(fresh[0], error)
                broken.popleft()
        except Transient:
            self._fresh.extendleft(fresh for fresh, _ in reversed(broken))
            raise

    async def _set_aside(self, inbox_id: int, error: Exception) -> None:
        log.error("record %s set aside", inbox_id, exc_info=error)
        await self._work.store.write(lambda tx: self._quarantine(tx, inbox_id, error))

    def _quarantine(self, tx: Tx, inbox_id: int, error: Exception) -> None:
        cause = self._work.cause()
        tx.run("inbox.quarantine", id=inbox_id, now=cause.now_ms, error=f"{type(error).__name__}: {error}"[:500])
        once, detail = cause.now_ms, type(error).__name__  # it may be replayed, and stumble once more
        tell(tx, cause, NoticeKind.quarantined, "inbox", inbox_id, once=once, detail=detail)

    async def next_at(self) -> None:
        """Nothing here waits for a time: only for news."""
