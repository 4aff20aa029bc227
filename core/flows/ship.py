"""Ship: time is one more sender. What is due gets the event DUE; what is paused stays due and not taken."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from core.clock import from_ms, to_ms
from core.errors import IllegalMove
from core.flows.work import Work
from core.moves.apply import apply
from core.moves.cause import Cause
from core.moves.pauses import is_paused, is_stopped, list_active
from core.moves.step import FulfilmentStep
from core.rules.fulfilment import FulfilmentEvent
from core.steps import Steps
from core.store import pauses
from core.store.db import Tx
from core.values.views import Pause

GROUP = 1000


class Ship:
    """Takes due shipments."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._looked_at = work.now()
        """When it last looked: what has come due since is not missed."""

    async def step(self) -> bool:
        """Durably claim what is due: executing, with its first effect planned."""
        now = self._looked_at = self._work.now()
        active = await pauses.read_active(self._work.store.flows, now)
        if is_stopped(active):
            return False
        rows = await self._work.store.flows.all("fulfilments.due", now=to_ms(now), paused=is_paused(active), most=GROUP)
        if not rows:
            return False
        self._work.steps.reached(Steps.ship_before_due)
        cause = self._work.cause()
        steps = [FulfilmentStep(row["order_id"], FulfilmentEvent.due, version=row["version"]) for row in rows]
        taken = await self._work.store.write_each([partial(self._take, cause, active, step) for step in steps])
        self._work.steps.reached(Steps.ship_due)
        for outcome in taken:
            if isinstance(outcome, BaseException) and not isinstance(outcome, IllegalMove):
                raise outcome  # an illegal one moved on between the look and the move: whoever moved it decided
        return True

    def _take(self, cause: Cause, seen: Sequence[Pause], step: FulfilmentStep, tx: Tx) -> None:
        if not set(list_active(tx, cause)) <= set(seen):
            raise IllegalMove("changed_meanwhile", order=step.order_id)  # a pause began: look again
        apply(tx, cause, self._work.terms, step)

    async def next_at(self) -> datetime | None:
        """When the next shipment is due."""
        row = await self._work.store.flows.one("fulfilments.next_due", now=to_ms(self._looked_at))
        return from_ms(row["due_at"]) if row and row["due_at"] is not None else None
