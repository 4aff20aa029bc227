"""Tell: what the owner must know is shown; what could not be shown stays, and stands in /health (law 10).

Every chat has a lane: its notices go one after the other, in the order of rank and age. A chat that is busy, or cannot
be reached, holds back no other; an alert goes to the next chat once the first has failed for a while.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.clock import from_ms, to_ms
from core.errors import Busy, MaybeSent, Transient
from core.flows.flood import Flood
from core.flows.poison import Poison
from core.flows.routes import Routes
from core.flows.work import Work
from core.moves import telling as moves
from core.moves.cause import Cause
from core.outside.ports import OwnerDesk
from core.rules import reach
from core.rules.reach import FINE, Standing
from core.rules.telling import NEVER_OFF
from core.steps import Steps
from core.store import telling
from core.store.db import Row, SqlValue, Tx
from core.values.notices import NoticeKind
from core.values.telling import Mute, Outcome, Way

log = logging.getLogger(__name__)

GROUP = 2000
"""So many waiting notices are looked at in a pass."""
LANE = 20
"""So many are shown in a row before what waits is sorted anew."""
LATER_S = 60
"""Seconds before a notice that could not be drawn is tried again."""
MOST_BUGS = 5
"""A notice that cannot be drawn is given up after so many tries."""
NOTE_AGAIN_S = 1.0
"""Real seconds before a chat goes on after a result that could not be written."""
END_S = 2.0
"""Real seconds a stopping shop gives to what is being shown."""


@dataclass(frozen=True)
class Lane:
    """What every lane of a pass has: who shows, and how the notices go."""

    owner: OwnerDesk
    routes: Routes


class Tell:
    """Shows waiting notices, every chat in its own lane."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._standings: dict[str, Standing] = {}
        self._showing: dict[str, int] = {}
        self._stuck: dict[str, int] = {}
        """The notice a chat failed at last: it is not the only one tried there."""
        self._poison = Poison()
        self._lost: set[int] = set()
        """Notices that may have been shown and nothing could be written of it."""
        self._flood = Flood(work.config.limits.notices_per_minute)
        self._looked_at = work.now()
        self._wake_at: datetime | None = None
        self._mute_ends_at: datetime | None = None
        self._ending = False

    async def recover(self) -> int:
        """What a dead run had taken is shown again and may come twice, marked so (law 3)."""
        return await self._work.store.write(lambda tx: tx.run("notices.free_claimed"))

    async def step(self) -> bool:
        """Start a lane for every chat that has notices and is free; nothing when there is no front."""
        owner = self._work.owner
        if owner is None:
            return False
        await self._free_lost()
        self._looked_at = self._work.now()
        self._wake_at = None
        await self._end_mutes()
        rows = await self._work.store.flows.all("notices.due", now=to_ms(self._looked_at), most=GROUP)
        if not rows:
            return False
        routes = await Routes.read(self._work, owner)
        gone = {row["id"] for row in rows if not telling.is_known(row) or routes.is_gone(row)}
        off = {row["id"] for row in rows if row["id"] not in gone and routes.is_off(row)}
        await self._settle(gone, Outcome.gone)
        await self._settle(off, Outcome.off)
        left = [row for row in rows if row["id"] not in gone | off]
        return self._start_lanes(self._sort(left, routes), Lane(owner, routes))

    async def _end_mutes(self) -> None:
        """Mutes whose time is over say how many they counted."""
        mutes = [telling.mute_of(row) for row in await self._work.store.flows.all("telling.mutes")]
        over = [mute for mute in mutes if mute.until_at is not None and mute.until_at <= self._looked_at]
        cause = self._work.cause()
        for mute in over:
            await self._work.store.write(partial(_end_mute, mute, cause))
        times = [mute.until_at for mute in mutes if mute.until_at is not None and mute not in over]
        self._mute_ends_at = min(times, default=None)

    async def _free_lost(self) -> None:
        lost: list[dict[str, SqlValue]] = [{"id": notice_id} for notice_id in self._lost]
        if lost:
            await self._work.store.write(lambda tx: tx.run_each("notices.free", lost))
            self._lost.clear()

    async def _settle(self, ids: Collection[int], outcome: Outcome) -> None:
        """Nothing is shown of these, and the log of notices says why."""
        now_ms, run = to_ms(self._work.now()), self._work.run
        rows: list[dict[str, SqlValue]] = [
            {"id": one, "run": run, "now": now_ms, "outcome": outcome.value, "chat": None} for one in ids
        ]
        if rows:
            await self._work.store.write(lambda tx: tx.run_each("notices.settle", rows))

    def _sort(self, rows: Sequence[Row], routes: Routes) -> dict[str, list[Row]]:
        """The rows by the chat they go to now, in order."""
        lanes: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            chat = routes.target(row, self._standings, self._looked_at)
            if chat is not None and row["id"] not in self._showing.values():
                lanes[chat].append(row)
        return lanes

    def _start_lanes(self, lanes: dict[str, list[Row]], lane: "Lane") -> bool:
        started = False
        for chat, rows in lanes.items():
            standing = self._standings.get(chat, FINE)
            if not standing.is_free(self._looked_at):
                self._wake_at = min(filter(None, (self._wake_at, standing.free_at)))
            elif chat not in self._lanes and not self._ending:
                started = True
                task = asyncio.create_task(self._lane(chat, self._next(chat, rows), lane), name=f"tell-{chat}")
                self._lanes[chat] = task
                task.add_done_callback(partial(self._ended, chat))
        return started

    def _next(self, chat: str, rows: list[Row]) -> list[Row]:
        """What is shown now; where one notice alone may be why a chat fails, the next one has its turn."""
        down = self._standings.get(chat, FINE).failures >= reach.MOST_FAILURES
        if down and rows[0]["id"] == self._stuck.get(chat):
            return [*rows[1:], rows[0]]
        return rows

    async def _lane(self, chat: str, rows: Sequence[Row], lane: "Lane") -> None:
        """Show the first of what waits for a chat; what is muted, or comes too fast, is counted."""
        counted: set[int] = set()
        shown = 0
        for row in rows:
            if self._ending or shown == LANE:
                return
            if row["id"] in counted:
                continue
            if self._flood.is_on(NoticeKind(row["kind"]), self._work.now()):
                counted |= await self._fold(row["kind"], rows)
                continue
            mute = await lane.routes.mute_of(self._work, row)
            if mute is not None and row["kind"] not in NEVER_OFF and await self._hold_back(mute.id, row["id"]):
                continue
            shown += 1
            if not await self._show(row, lane.routes.way(self._work, row, chat, mute), lane.owner):
                return

    async def _fold(self, kind: NoticeKind, rows: Sequence[Row]) -> set[int]:
        """Everything of a kind that waits here becomes one digest; the ids."""
        ids, cause = [row["id"] for row in rows if row["kind"] == kind], self._work.cause()
        await self._work.store.write(lambda tx: moves.fold(tx, cause, NoticeKind(kind), ids))
        return set(ids)

    async def _hold_back(self, mute_id: int, notice_id: int) -> bool:
        cause = self._work.cause()
        return await self._work.store.write(lambda tx: moves.hold_back(tx, cause, mute_id, notice_id))

    def _ended(self, chat: str, task: asyncio.Task[None]) -> None:
        del self._lanes[chat]
        at_hand = self._showing.pop(chat, None)
        if not task.cancelled() and task.exception() is not None:
            log.error("what was shown in %s could not be noted", chat, exc_info=task.exception())
            self._lost.update({at_hand} if at_hand is not None else ())
            now, wait_s = self._work.now(), self._work.clock.shop_s(NOTE_AGAIN_S)
            self._standings[chat] = reach.busy(self._standings.get(chat, FINE), now, wait_s)
        self._work.bells.tell.ring()

    async def _show(self, row: Row, way: Way, owner: OwnerDesk) -> bool:
        """False when the chat takes nothing more for now."""
        notice_id, run = row["id"], self._work.run
        if not await self._work.store.write(lambda tx: tx.run("notices.claim", id=notice_id, run=run)):
            return True
        self._showing[way.chat] = notice_id
        goes_on = await self._show_claimed(row, way, owner)
        self._showing.pop(way.chat)
        return goes_on

    async def _show_claimed(self, row: Row, way: Way, owner: OwnerDesk) -> bool:
        self._work.steps.reached(Steps.tell_claimed)
        try:
            await owner.show(row["id"], way)
        except Transient as error:
            await self._hold(row["id"], way.chat, error)
            return False
        except Exception as error:
            log.exception("notice %s", row["id"])
            await self._give_up_slowly(row["id"], row["attempts"], error)
            return True
        self._work.steps.reached(Steps.tell_shown_unnoted)
        self._flood.took(NoticeKind(row["kind"]), self._work.now())
        self._standings.pop(way.chat, None)
        self._stuck.pop(way.chat, None)
        self._poison.took(row["id"], way.chat)
        await self._finish(row["id"], way.chat)
        return True

    async def _finish(self, notice_id: int, chat: str) -> None:
        now_ms, told = to_ms(self._work.now()), Outcome.told.value
        await self._work.store.write(
            lambda tx: tx.run("notices.finish", id=notice_id, now=now_ms, outcome=told, chat=chat)
        )

    async def _hold(self, notice_id: int, chat: str, error: Transient) -> None:
        """The chat is left alone for a while; its notices wait as they are, or go elsewhere."""
        before, now, is_busy = self._standings.get(chat, FINE), self._work.now(), isinstance(error, Busy)
        unsure = isinstance(error, MaybeSent)
        put = reach.busy if is_busy else reach.failed
        self._standings[chat] = put(before, now, error.retry_after_s)
        if not is_busy:
            self._stuck[chat] = notice_id
            log.warning("%s took no notice: %s", chat, error.key)
        words = str(error)[:300]
        if self._poison.is_in(notice_id, chat, error.key):
            await self._fail(notice_id, words)
            return
        await self._work.store.write(
            lambda tx: tx.run("notices.again", id=notice_id, error=words, uncounted=not unsure)
        )

    async def _give_up_slowly(self, notice_id: int, attempts: int, error: Exception) -> None:
        now, words = self._work.now(), repr(error)[:300]
        if attempts + 1 < MOST_BUGS:
            due_at = to_ms(now + timedelta(seconds=LATER_S))
            await self._work.store.write(lambda tx: tx.run("notices.put_off", id=notice_id, due_at=due_at, error=words))
            return
        await self._fail(notice_id, words)

    async def _fail(self, notice_id: int, words: str) -> None:
        now_ms = to_ms(self._work.now())
        await self._work.store.write(lambda tx: tx.run("notices.fail", id=notice_id, now=now_ms, error=words))

    async def next_at(self) -> datetime | None:
        """When the next notice is due, or a chat that has some is free again."""
        if self._work.owner is None:
            return None
        row = await self._work.store.flows.one("notices.next_due", now=to_ms(self._looked_at))
        due_at = from_ms(row["due_at"]) if row and row["due_at"] is not None else None
        return min((at for at in (due_at, self._wake_at, self._mute_ends_at) if at), default=None)

    def is_busy(self) -> bool:
        """Whether something is being shown."""
        return bool(self._lanes)

    async def quiet(self) -> None:
        """Wait until nothing is being shown (tests)."""
        while self._lanes:
            await asyncio.wait(self._lanes.values())
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Let what is being shown be finished, for a little while; begin nothing new."""
        self._ending = True
        lanes = list(self._lanes.values())
        if lanes:
            _, late = await asyncio.wait(lanes, timeout=END_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)


def _end_mute(mute: Mute, cause: Cause, tx: Tx) -> None:
    moves.end_mute(tx, cause, mute)
