"""Deliver: due effects are claimed durably, done side by side, and their results noted in one transaction each."""

import asyncio
import logging
from collections import defaultdict, deque
from datetime import datetime, timedelta

from core.clock import from_ms, to_ms
from core.flows import perform
from core.flows.note import Note
from core.flows.perform import is_write
from core.flows.work import Work
from core.moves.pauses import is_stopped
from core.rules.pacing import next_write_at
from core.steps import Steps
from core.store import outbox, pauses
from core.store.db import Tx
from core.values.effects import READS, Effect, EffectKind, EffectState

log = logging.getLogger(__name__)

LEASE_S = 120
"""Real seconds a claim lasts: longer than every timeout of the wire together."""
GROUP = 500


class Deliver:
    """Claims and performs effects; at most `limits.workers` at the same time."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._note = Note(work)
        self._running: set[asyncio.Task[None]] = set()
        self._written: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=work.config.limits.writes_per_minute))

    async def recover(self) -> int:
        """Claims of a run that is gone: reads are done again, writes are asked about first (law 3)."""
        now_ms = to_ms(self._work.now())
        return await self._work.store.write(lambda tx: _free_dead(tx, self._work.run, now_ms))

    async def step(self) -> bool:
        """Start what is due and has a place; whether anything was started."""
        free = self._work.config.limits.workers - len(self._running)
        if free <= 0:
            return False
        due = await outbox.list_due(self._work.store.flows, to_ms(self._work.now()), GROUP)
        stopped = is_stopped(await pauses.read_active(self._work.store.flows, self._work.now())) if due else False
        chosen = [effect for effect in due if self._may_start(effect, stopped)][:free]
        if not chosen:
            return False
        claimed = await asyncio.gather(*(self._claim(effect) for effect in chosen))
        self._work.steps.reached(Steps.deliver_claimed)
        for effect in (effect for effect, taken in zip(chosen, claimed, strict=True) if taken):
            self._start(effect)
        return any(claimed)

    def _may_start(self, effect: Effect, stopped: bool) -> bool:
        """The emergency stop lets nothing out; an account's writes keep their pace."""
        if effect.account not in self._work.markets:
            return False
        if not is_write(effect) or effect.state is EffectState.asking:
            return True
        now = self._work.now().timestamp()
        written = self._written[effect.account]
        if stopped or next_write_at(now, written, self._work.config.limits) > now:
            return False
        written.append(now)
        return True

    async def _claim(self, effect: Effect) -> bool:
        now = self._work.now()
        lease_until = now + timedelta(seconds=self._work.clock.shop_s(LEASE_S))
        trying = effect.state is EffectState.waiting

        def work(tx: Tx) -> bool:
            changed = tx.run(
                "outbox.claim",
                id=effect.id,
                state=effect.state.value,
                trying=trying,
                run=self._work.run,
                lease_until=to_ms(lease_until),
                now=to_ms(now),
            )
            return changed == 1

        return await self._work.store.write(work)

    def _start(self, effect: Effect) -> None:
        task = asyncio.create_task(self._do(effect), name=f"effect-{effect.id}")
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("effect could not be noted", exc_info=task.exception())
        self._work.bells.deliver.ring()

    async def _do(self, effect: Effect) -> None:
        asking = effect.state is EffectState.asking
        try:
            found = await (perform.ask if asking else perform.perform)(self._work, effect)
        except Exception as error:
            await self._note.failed(effect, error, asking=asking)
        else:
            self._work.steps.reached(_unnoted(effect))
            await self._note.came_true(effect, found)
        self._work.steps.reached(Steps.deliver_noted)

    async def quiet(self) -> None:
        """Wait until nothing is under way (tests, shutdown)."""
        while self._running:
            await asyncio.wait(self._running)

    def is_busy(self) -> bool:
        """Whether effects are under way."""
        return bool(self._running)

    async def next_at(self) -> datetime | None:
        """When the next effect is due."""
        row = await self._work.store.flows.one("outbox.next_due", now=to_ms(self._work.now()))
        planned = from_ms(row["due_at"]) if row and row["due_at"] is not None else None
        return min((at for at in (planned, self._next_pace()) if at), default=None)

    def _next_pace(self) -> datetime | None:
        """When an account that is at its pace may write again."""
        now = self._work.now().timestamp()
        waits = [next_write_at(now, written, self._work.config.limits) for written in self._written.values()]
        later = [at for at in waits if at > now]
        return datetime.fromtimestamp(min(later), self._work.now().tzinfo) if later else None


def _unnoted(effect: Effect) -> Steps:
    if effect.kind is EffectKind.confirm:
        return Steps.confirm_done_unnoted
    if effect.kind in (EffectKind.consign, EffectKind.consign_parcel):
        return Steps.consign_done_unnoted
    return Steps.deliver_done_unnoted


def _free_dead(tx: Tx, run: str, now_ms: int) -> int:
    rows = tx.all("outbox.dead_claims", run=run, now=now_ms)
    for row in rows:
        repeatable = EffectKind(row["kind"]) in READS
        state = EffectState.waiting if repeatable else EffectState.asking
        outbox_row = {"id": row["id"], "state": state.value, "due_at": now_ms}
        tx.run("outbox.again", **outbox_row, error_class="unknown", error="the run that held it is gone")
    return len(rows)
