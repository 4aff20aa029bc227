"""The getUpdates loop. The library's own acknowledges before anything could be stored; this one after (law 1)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.fronts.telegram.faults import Conflict, Migrated, Rejected
from bot.fronts.telegram.updates import NAME, Me
from bot.fronts.telegram.wire import POLL_S, Wire
from core.engine.front import Engine
from core.errors import Transient

LOG = logging.getLogger("zhanggui.telegram")
WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Real seconds before a failed poll is tried again; the last one repeats."""
LOUD_AFTER = 3
"""A conflict that lasts so many polls is told; the poll of a shop that was just restarted may hang for a moment."""
CALM_S = 120.0
"""A conflict is over when none came for so long: two with one token take turns, and in between all seems well."""
LATE_S = 60.0
"""What comes after a silence of this length may have waited."""

FULL = 100
"""So many updates come at most in one answer (Bot API, getUpdates); behind a full one more may have waited as long."""

Batch = Callable[[Sequence[Mapping[str, object]], Me, bool], Awaitable[None]]


class Poller:
    """Fetches updates, has them stored, and only then asks for the next."""

    def __init__(self, wire: Wire, engine: Engine, take: Batch, calm_s: float = CALM_S) -> None:
        """`take` returns when a batch is stored; `calm_s` in real seconds."""
        self._calm_s = calm_s
        self._conflicts = 0
        self._conflict_at = 0.0
        self._wire = wire
        self._engine = engine
        self._take = take
        self._offset: int | None = None
        self._reached_at: float | None = None
        self._failures = 0
        self._me: asyncio.Future[Me] = asyncio.get_running_loop().create_future()

    async def me(self) -> Me:
        """Who the bot is, once Telegram was reached."""
        return await asyncio.shield(self._me)

    async def run(self) -> None:
        """Poll until cancelled; an error of the store ends it, and the batch comes again."""
        while True:
            try:
                await self.step()
            except (Transient, Conflict, Rejected, Migrated) as error:
                await asyncio.sleep(await self._failed(error))

    async def step(self) -> None:
        """One poll and its batch."""
        if not self._me.done():
            self._me.set_result(await self._wire.me())
        fresh = self._offset is None
        raws = await self._wire.updates(self._offset, 0 if fresh else POLL_S)
        late = self._is_late()
        self._well()
        if raws:
            await self._take(raws, self._me.result(), late)
            self._offset = max(int(str(raw["update_id"])) for raw in raws) + 1
            if late and len(raws) >= FULL:
                self._reached_at = None
        elif fresh:
            self._offset = 0

    def _is_late(self) -> bool:
        now = asyncio.get_running_loop().time()
        before, self._reached_at = self._reached_at, now
        return before is None or now - before > LATE_S

    def _well(self) -> None:
        self._failures = 0
        self._engine.health.hear(NAME)
        over = ["unreachable", "token_refused"]
        if asyncio.get_running_loop().time() - self._conflict_at >= self._calm_s:
            self._conflicts = 0
            over.append("conflict")
        for key in over:
            if self._engine.health.clear(NAME, key):
                LOG.info("polling works again after: %s", key)

    async def _failed(self, error: Exception) -> float:
        """Note it, tell it when it lasts; seconds to wait."""
        self._failures += 1
        key = _trouble(error)
        LOG.log(logging.WARNING if key == "unreachable" else logging.ERROR, "polling fails (%s): %s", key, error)
        if key == "conflict":
            self._conflicts, self._conflict_at = self._conflicts + 1, asyncio.get_running_loop().time()
            if self._conflicts == LOUD_AFTER:
                await self._engine.health.alert(NAME, key)
        if key != "conflict" or self._conflicts >= LOUD_AFTER:
            self._engine.health.note(NAME, key, detail=_detail(error))
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            await self._drop_webhook()
        wish = error.retry_after_s if isinstance(error, Transient) else None
        return wish or WAITS_S[min(self._failures, len(WAITS_S)) - 1]

    async def _drop_webhook(self) -> None:
        """A webhook that somebody set takes the updates away; what waits at Telegram stays."""
        try:
            await self._wire.drop_webhook()
        except (Transient, Rejected) as error:
            LOG.warning("the webhook could not be removed: %s", error)


def _trouble(error: Exception) -> str:
    if isinstance(error, Conflict):
        return "conflict"
    refused = isinstance(error, Transient) and error.key == "token_refused"
    return "token_refused" if refused else "unreachable"


def _detail(error: Exception) -> str:
    return str(error.facts.get("reason", error.key)) if isinstance(error, Transient) else str(error)
