"""Hints: the platform told a status without an order's number; which order it is about is found out (facts: C, E, G).

A hint waits parked until its order is known: by the chat's map, the platform's answer about the chat (headinfo), or the
sold list. One about money or goods that stays unsettled becomes a card; any other is over by then. A workbench card
(variant H) stands in no chat: once the sold list was read after it, it has nothing more to tell. A trade card cut short
of its order's number (S39) waits the same way.
"""

from datetime import datetime, timedelta
from functools import partial

from core.clock import to_ms
from core.flows.catch_up import CatchUp
from core.flows.decide import Decide, Fresh
from core.flows.work import Work
from core.moves import foreign, frames, hints
from core.moves.notices import tell
from core.rules.orders import STATE_OF_STATUS
from core.store import inbox
from core.store.db import Tx
from core.store.inbox import ParkedRecord
from core.values.market import EventKind, MarketEvent, MarketRecord
from core.values.notices import NoticeKind
from core.values.orders import OrderState, PlatformStatus
from core.values.people import PLATFORM

LOOK = timedelta(seconds=30)
"""Shop time between two looks at what waits."""
PATIENCE = timedelta(minutes=10)
"""After so long a person is told (issue: frames)."""
GROUP = 200
S = OrderState
AFTER_THE_END = frozenset({PlatformStatus.refunding, PlatformStatus.refunded, PlatformStatus.closed})
"""What may be said of an order that was complete: that it is known says nothing then."""
KINDS = (EventKind.order_hint, EventKind.order)


class Hints:
    """Looks at every parked hint now and then."""

    def __init__(self, work: Work, decide: Decide, catch_up: CatchUp) -> None:
        self._work = work
        self._decide = decide
        self._catch_up = catch_up
        self._next_at = work.now()
        self._any = True

    async def step(self) -> bool:
        """One look at all that wait; woken too soon after the last one, the next is not missed."""
        if self._work.now() < self._next_at:
            self._any = True
            return False
        self._next_at, self._any = self._work.now() + LOOK, False
        for kind in KINDS:
            await self._look_at(kind)
        return False

    async def _look_at(self, kind: EventKind) -> None:
        after = 0
        while rows := await inbox.list_parked(self._work.store.flows, kind, after, GROUP):
            after, self._any = rows[-1].id, True
            for row in rows:
                await self._look(row)

    async def next_at(self) -> datetime | None:
        """The next look, while something waits."""
        return self._next_at if self._any else None

    async def _look(self, row: ParkedRecord) -> None:
        """Settled, told, or heard again because its item is known by now: at once, for it waits nowhere else."""
        record = await self._decide.read_again(row)
        if record is None:
            return
        if record.event.chat_id is None and _is_asked(record.event):
            self._catch_up.want(row.account)
        again = await self._work.store.write(partial(self._move, row, record))
        self._decide.take([again] if again is not None else ())

    def _move(self, row: ParkedRecord, record: MarketRecord, tx: Tx) -> Fresh | None:
        event, account_id = record.event, self._work.accounts[row.account]
        now_ms = to_ms(self._work.now())
        if _is_settled(tx, account_id, event, to_ms(row.parked_at)):
            tx.run("inbox.settle", id=row.id, now=now_ms)
        elif self._work.now() - row.parked_at >= PATIENCE:
            self._give_up(tx, row.id, event)
        elif hints.asks_platform(tx, account_id, event) and tx.run("inbox.unpark", id=row.id):
            return row.id, row.account, record
        return None

    def _give_up(self, tx: Tx, inbox_id: int, event: MarketEvent) -> None:
        """Nobody could tell: a person looks, where money or goods wait."""
        cause = self._work.cause(actor=PLATFORM)
        tx.run("inbox.settle", id=inbox_id, now=cause.now_ms)
        if _is_asked(event):
            said = " · ".join(filter(None, (event.item_title, event.text)))
            tell(tx, cause, NoticeKind.order_nameless, "inbox", inbox_id, detail=said[:100])


def _is_asked(event: MarketEvent) -> bool:
    """Whether money or goods may wait behind a hint."""
    return event.platform_status is not None and STATE_OF_STATUS[event.platform_status] in frames.ASKED


def _is_settled(tx: Tx, account_id: int, event: MarketEvent, parked_ms: int) -> bool:
    """Nothing is told, or not of a sale of ours; the platform named the order when asked, or showed them all; or one of
    this chat is known that is no older than the hint.
    """
    status, chat = event.platform_status, {"account_id": account_id, "chat_no": event.chat_id}
    if status is None or foreign.is_foreign_chat(tx, account_id, event.chat_id):
        return True
    if event.chat_id is None:
        return tx.one("accounts.caught_up_since", id=account_id, since=parked_ms) is not None
    if tx.one("outbox.named_by_platform", key=hints.find_key(account_id, event)) is not None:
        return True
    row = tx.one("orders.hinted", **chat) or tx.one("orders.hinted_by_item", **chat)
    if row is None or not hints.explains(row, status, event.ts_ms):
        return False
    read_since = (row["recorded_at"] or 0) >= parked_ms
    return read_since or status not in AFTER_THE_END or OrderState(row["state"]) in (S.refunding, S.cancelled)
