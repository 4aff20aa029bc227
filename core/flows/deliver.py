"""Deliver: due effects are claimed durably, done side by side, and their results noted in one transaction each."""

import asyncio
import logging
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from core.clock import from_ms, to_ms
from core.errors import Transient
from core.flows import perform
from core.flows.note import Note
from core.flows.perform import Absent, CannotTell, Outcome
from core.flows.work import Work
from core.rules.pacing import next_write_at, take_turns
from core.steps import Steps
from core.store import outbox
from core.store.db import Tx
from core.store.outbox import Due
from core.values.effects import READS, Effect, EffectKind, EffectState

log = logging.getLogger(__name__)

LEASE_S = 120
"""Real seconds a claim lasts: longer than every timeout of the wire together."""
NOTE_AGAIN_S = 1.0
"""Real seconds before an effect whose result could not be written is taken up again."""
TRICKLE_S = 1.0
"""Real seconds between two look-ups in a rush."""
GROUP = 500


class Deliver:
    """Claims and performs effects; at most `limits.workers` of an account at the same time.

    Each account has places of its own: one whose every call waits for its timeout takes none of another's.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._note = Note(work)
        self._running: dict[int, asyncio.Task[None]] = {}
        """What is being done, by the effect's id."""
        self._busy: Counter[str] = Counter()
        """How many of an account are being done."""
        self._looked_at = work.now()
        """When it last looked: what has come due since is not missed."""
        self._lost = False
        """Whether a result could not be written: its claim is to be taken back."""
        self._asked_s = 0.0
        self._held_back = False
        self._words_last: set[str] = set()
        """Accounts that last said something to somebody who waits for it: it is the goods' turn."""
        self._written: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=work.config.limits.writes_per_minute))

    async def recover(self) -> int:
        """Claims nobody works on: of a run that is gone, or with a result that could not be written; how many.

        Reads are done again, writes are asked about first (law 3).
        """
        rows = await self._work.store.flows.all("outbox.claimed")
        dead = [(row["id"], EffectKind(row["kind"])) for row in rows if row["id"] not in self._running]
        if dead:
            now_ms = to_ms(self._work.now())
            await self._work.store.write(lambda tx: _free(tx, dead, now_ms))
        return len(dead)

    async def step(self) -> bool:
        """Start what is due and has a place; whether anything was started."""
        if self._lost:
            self._lost = bool(await self.recover())
        most = self._work.config.limits.workers
        free = {name: max(0, most - self._busy[name]) for name in self._work.markets}
        full = [name for name, places in free.items() if not places]
        if len(full) == len(free):
            return False
        now = self._looked_at = self._work.now()
        kept, resting = self._at_pace(now.timestamp()), list(self._resting(now))
        questions, held = (
            self._questions(sum(free.values())),
            {"kept": kept, "full": full, "resting": resting},
        )
        due = await outbox.list_due(self._work.store.flows, to_ms(now), GROUP, questions, **held)
        chosen = [one for one in self._in_turn(due) if self._may_start(one, free)]
        if not chosen:
            return False
        claimed = await self._work.store.write(lambda tx: self._claim(tx, chosen))
        self._work.steps.reached(Steps.deliver_claimed)
        for effect in claimed:
            self._start(effect)
        return bool(claimed)

    def _questions(self, free: int) -> int:
        """How many look-ups may be begun: a trickle while records pour in, for each costs as much as many records."""
        rushed, now_s = self._work.rush.is_on(), time.monotonic()
        self._held_back = rushed and now_s < self._asked_s + TRICKLE_S
        if self._held_back:
            return 0
        self._asked_s = now_s
        return 1 if rushed else free

    def _at_pace(self, now: float) -> list[str]:
        """Accounts that may not write yet."""
        limits = self._work.config.limits
        return [account for account, written in self._written.items() if next_write_at(now, written, limits) > now]

    def _resting(self, now: datetime) -> dict[str, datetime]:
        """Accounts whose calls rest, each with the end of it: what is due stays due until then."""
        lines = {account: market.line for account, market in self._work.markets.items()}
        return {account: one.rests_until for account, one in lines.items() if one.rests_until and one.rests_until > now}

    def _in_turn(self, due: Sequence[Due]) -> Iterator[Due]:
        """Each account's writes by turns, then what is only asked, which keeps no pace.

        A record is read just before its goods may go: of a backlog, no more orders are made ready than go out soon.
        """
        lines: defaultdict[str, tuple[list[Due], list[Due]]] = defaultdict(lambda: ([], []))
        for one in due:
            if not _is_question(one):
                lines[one.account][0 if one.words else 1].append(one)
        for account, (words, goods) in lines.items():
            yield from take_turns(words, goods, words_last=account in self._words_last)
        ready = {account for account, (_, goods) in lines.items() if len(goods) >= self._work.config.limits.workers}
        asked = filter(_is_question, due)
        yield from (one for one in asked if one.kind is not EffectKind.confirm or one.account not in ready)

    def _may_start(self, due: Due, free: dict[str, int]) -> bool:
        """Whether its account has a place (which is taken then), and its writes keep their pace."""
        if free.get(due.account, 0) <= 0 or not (_is_question(due) or self._may_write(due)):
            return False
        free[due.account] -= 1
        return True

    def _may_write(self, due: Due) -> bool:
        now, written = self._work.now().timestamp(), self._written[due.account]
        if next_write_at(now, written, self._work.config.limits) > now:
            return False
        written.append(now)
        (self._words_last.add if due.words else self._words_last.discard)(due.account)
        return True

    def _claim(self, tx: Tx, chosen: Sequence[Due]) -> list[Effect]:
        now = self._work.now()
        lease_until = now + timedelta(seconds=self._work.clock.shop_s(LEASE_S))
        taken = [outbox.claim(tx, due, self._work.run, lease_until, now) for due in chosen]
        return [effect for effect in taken if effect is not None]

    def _start(self, effect: Effect) -> None:
        task = asyncio.create_task(self._do(effect), name=f"effect-{effect.id}")
        self._running[effect.id] = task
        self._busy[effect.account] += 1
        task.add_done_callback(partial(self._ended, effect.id, effect.account))

    def _ended(self, effect_id: int, account: str, task: asyncio.Task[None]) -> None:
        self._busy[account] -= 1
        if not task.cancelled() and task.exception() is not None:
            log.error("effect %s could not be noted", effect_id, exc_info=task.exception())
            asyncio.get_running_loop().call_later(NOTE_AGAIN_S, self._take_back, effect_id)
        else:
            self._forget(effect_id)

    def _take_back(self, effect_id: int) -> None:
        self._lost = True
        self._forget(effect_id)

    def _forget(self, effect_id: int) -> None:
        self._running.pop(effect_id, None)
        self._work.bells.deliver.ring()

    async def _do(self, effect: Effect) -> None:
        asking, began_s = effect.state is EffectState.asking, time.monotonic()
        try:
            found = await (perform.ask if asking else perform.perform)(self._work, effect)
        except Exception as error:
            await self._note.failed(effect, error, time.monotonic() - began_s, asking=asking)
        else:
            took_s = time.monotonic() - began_s
            self._work.steps.reached(_unnoted(effect))
            await self._note_found(effect, found, took_s, asking=asking)
        self._work.steps.reached(Steps.deliver_noted)

    async def _note_found(
        self, effect: Effect, found: Outcome | Absent | CannotTell, took_s: float, *, asking: bool
    ) -> None:
        """A result that a bug keeps from being written is a failure of its effect, not a claim for ever."""
        try:
            await self._note.came_true(effect, found, took_s)
        except Transient:
            raise
        except Exception as error:
            await self._note.failed(effect, error, took_s, asking=asking)

    async def quiet(self) -> None:
        """Wait until nothing is under way (tests, shutdown)."""
        while self._running:
            await asyncio.wait(self._running.values())
            await asyncio.sleep(0)

    def is_busy(self) -> bool:
        """Whether effects are under way."""
        return bool(self._running)

    async def next_at(self) -> datetime | None:
        """When the next effect is due."""
        row = await self._work.store.flows.one("outbox.next_due", now=to_ms(self._looked_at))
        planned = from_ms(row["due_at"]) if row and row["due_at"] is not None else None
        trickle = timedelta(seconds=self._work.clock.shop_s(TRICKLE_S))
        look_up = self._work.now() + trickle if self._held_back else None
        rested = self._resting(self._looked_at).values()
        return min((at for at in (planned, self._next_pace(), look_up, *rested) if at), default=None)

    def _next_pace(self) -> datetime | None:
        """When an account that was at its pace may write again."""
        now = self._looked_at.timestamp()
        waits = [next_write_at(now, written, self._work.config.limits) for written in self._written.values()]
        later = [at for at in waits if at > now]
        return datetime.fromtimestamp(min(later), self._work.now().tzinfo) if later else None


def _is_question(due: Due) -> bool:
    """Whether nothing is written on the platform."""
    return due.kind in READS or due.state is EffectState.asking


def _unnoted(effect: Effect) -> Steps:
    if effect.kind is EffectKind.confirm:
        return Steps.confirm_done_unnoted
    if effect.kind in READS:
        return Steps.read_done_unnoted
    if effect.kind in (EffectKind.consign, EffectKind.consign_parcel):
        return Steps.consign_done_unnoted
    if effect.kind is EffectKind.refuse_refund:
        return Steps.refusal_done_unnoted
    return Steps.deliver_done_unnoted


def _free(tx: Tx, dead: Sequence[tuple[int, EffectKind]], now_ms: int) -> None:
    for effect_id, kind in dead:
        state = EffectState.waiting if kind in READS else EffectState.asking
        row = {"id": effect_id, "state": state.value, "due_at": now_ms}
        tx.run("outbox.again", **row, uncounted=False, error_class="unknown", error="nobody knows what came of it")
