"""Hints: the platform told a status without an order's number; which order it is about is found out (facts: C, E, G).

A hint waits parked until its order is known: by the chat's map, the platform's answer about the chat (headinfo), or the
sold list. One about money or goods that stays unsettled becomes a card; any other is over by then.
"""

from datetime import datetime, timedelta
from functools import partial

from core.clock import to_ms
from core.flows.decide import Decide
from core.flows.work import Work
from core.moves import frames
from core.moves.notices import tell
from core.rules.orders import STATE_OF_STATUS, is_behind
from core.store import inbox
from core.store.db import Tx
from core.store.inbox import ParkedRecord
from core.values.market import EventKind, MarketEvent, MarketRecord
from core.values.notices import NoticeKind
from core.values.orders import OrderState
from core.values.people import PLATFORM

LOOK = timedelta(seconds=30)
"""Shop time between two looks at what waits."""
PATIENCE = timedelta(minutes=10)
"""After so long a person is told (issue: frames)."""
GROUP = 200


class Hints:
    """Looks at every parked hint now and then."""

    def __init__(self, work: Work, decide: Decide) -> None:
        self._work = work
        self._decide = decide
        self._next_at = work.now()
        self._any = True

    async def step(self) -> bool:
        """One look at all that wait."""
        if self._work.now() < self._next_at:
            return False
        self._next_at, self._any = self._work.now() + LOOK, False
        after, again = 0, list[tuple[int, str, MarketRecord]]()
        while rows := await inbox.list_parked(self._work.store.flows, EventKind.order_hint, after, GROUP):
            after, self._any = rows[-1].id, True
            again += [fresh for row in rows if (fresh := await self._look(row)) is not None]
        self._decide.take(again)
        return False

    async def next_at(self) -> datetime | None:
        """The next look, while something waits."""
        return self._next_at if self._any else None

    async def _look(self, row: ParkedRecord) -> tuple[int, str, MarketRecord] | None:
        """Settled, told, or heard again because its item is known by now."""
        market = self._work.markets.get(row.account)
        if market is None:
            return None
        record = market.read_record(row.raw)
        return await self._work.store.write(partial(self._move, row, record))

    def _move(self, row: ParkedRecord, record: MarketRecord, tx: Tx) -> tuple[int, str, MarketRecord] | None:
        event, account_id = record.event, self._work.accounts[row.account]
        now_ms = to_ms(self._work.now())
        if event.platform_status is None or _is_settled(tx, account_id, event):
            tx.run("inbox.settle", id=row.id, now=now_ms)
        elif self._work.now() - row.received_at >= PATIENCE:
            self._give_up(tx, row.id, event)
        elif frames.asks_platform(tx, account_id, event) and tx.run("inbox.unpark", id=row.id):
            return row.id, row.account, record
        return None

    def _give_up(self, tx: Tx, inbox_id: int, event: MarketEvent) -> None:
        """Nobody could tell: a person looks, where money or goods wait."""
        cause = self._work.cause(actor=PLATFORM)
        tx.run("inbox.settle", id=inbox_id, now=cause.now_ms)
        assert event.platform_status is not None
        if STATE_OF_STATUS[event.platform_status] in frames.ASKED:
            said = " · ".join(filter(None, (event.item_title, event.text)))
            tell(tx, cause, NoticeKind.order_nameless, "inbox", inbox_id, detail=said[:100])


def _is_settled(tx: Tx, account_id: int, event: MarketEvent) -> bool:
    """The platform named the order when asked; or one of this chat is known that is no older than the hint."""
    asked = tx.one("outbox.named_by_platform", key=frames.find_key(account_id, event))
    if asked is not None:
        return True
    row = tx.one("orders.hinted", account_id=account_id, chat_no=event.chat_id) or tx.one(
        "orders.hinted_by_item", account_id=account_id, chat_no=event.chat_id
    )
    assert event.platform_status is not None
    return row is not None and not is_behind(OrderState(row["state"]), event.platform_status)
