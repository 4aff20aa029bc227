"""Builds the shop and owns its loops: the composition root of core/."""

import asyncio
import gc
import importlib
import logging
import os
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from core import lock, prompts
from core.accounts import keep_rows, open_markets
from core.clock import Chance, Clock, SeededChance, SystemClock, to_ms
from core.config import Config, Origin, Settings
from core.engine.context import Shop as Context
from core.engine.front import Engine
from core.flows.answer import Answer
from core.flows.backup import Backup
from core.flows.board import Board
from core.flows.catch_up import CatchUp
from core.flows.check_up import CheckUp
from core.flows.decide import Decide
from core.flows.deliver import Deliver
from core.flows.greet import say_goodbye, say_ready
from core.flows.hints import Hints
from core.flows.ingest import Ingest
from core.flows.listen import QuietListener, ShopListener
from core.flows.log_in import LogIn
from core.flows.reload import Reload
from core.flows.replay import Replay
from core.flows.report import Report
from core.flows.ship import Ship
from core.flows.tell import Tell
from core.flows.watch import Watch
from core.flows.work import Bell, Work
from core.moves import indicators
from core.outside.ports import Model, OwnerDesk
from core.steps import NoWatcher, StepWatcher
from core.store import health
from core.store.db import Store, Tx
from core.store.settings import list_chosen
from core.supervise import Flow, Supervisor, keep_stepping
from core.values.checks import CheckLine
from core.values.replay import Kept, Replayed
from core.values.vitals import Vitals
from core.watchdog import Watchdog

log = logging.getLogger(__name__)

DRAIN_S = 5.0
"""Real seconds a stopping shop gives to what is under way. With the goodbye and what is being shown it makes less than
the ten after which hosts lose their patience."""
TURN_S = 0.001
"""The longest a busy thread keeps the others waiting."""
GARBAGE = (10_000, 20, 50)
"""When the collector looks, by generation; frames and rows come in hundreds and form no cycles."""
WATCH_REST_S = 0.2
"""Real seconds between two looks at deadlines, however much is written: they are minutes away."""
OwnerOf = Callable[[Engine], OwnerDesk]


def settle_down() -> None:
    """Once a process is built: the collector need not walk what lives as long as the process, nor look so often.

    Walking it all takes tens of milliseconds, and the loop stands still meanwhile. And a thread of the store gets its
    turn sooner while the loop is busy: every answer waits for a dozen such turns.
    """
    sys.setswitchinterval(TURN_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


class Shop:
    """A built shop: the front door, and its loops once `start` was called."""

    def __init__(self, work: Work, engine: Engine, started_at: datetime) -> None:
        self.work = work
        self.engine = engine
        self.started_at = started_at
        self.decide = Decide(work)
        self.ingest = Ingest(work, self.decide)
        self.catch_up = CatchUp(work, self.ingest)
        self.hints = Hints(work, self.decide, self.catch_up)
        self.log_in = LogIn(work)
        self.answer = Answer(work)
        self.ship = Ship(work)
        self.deliver = Deliver(work)
        self.tell = Tell(work)
        self.watch = Watch(work)
        self.report = Report(work)
        self.board = Board(work)
        self.backup = Backup(work)
        self.reload = Reload(work)
        self.listener = ShopListener(self.ingest, self.catch_up)
        self.away_s: float | None = None
        self.former = ""
        """The version that ran before, when it was another."""
        self._seen = False
        """Whether this run gave a sign of life."""
        self._supervisor = Supervisor()
        self._watchdog = Watchdog(work.now)

    async def recover(self) -> None:
        """After a start: take up what a run that is gone left behind (law 1)."""
        beat = await health.heartbeat(self.work.store.flows)
        self.away_s = (self.started_at - beat.at).total_seconds() if beat else None
        self.former = beat.version if beat and beat.version != version("zhanggui") else ""
        now_ms = to_ms(self.work.now())
        await self.work.store.write(lambda tx: tx.run("accounts.all_offline", now=now_ms))
        found = await self.decide.take_up()
        freed = await self.deliver.recover()
        again = await self.tell.recover()
        await self.log_in.recover()
        log.info("took up %d records, %d effects, %d notices", found, freed, again)

    async def check(self, *, running: bool) -> list[CheckLine]:
        """What a harmless question to each account and to the model finds; `running` when `start` was called."""
        listener = self.listener if running else QuietListener(self.ingest, self.catch_up)
        return await CheckUp(self.work, listener).look(running=running)

    async def replay(self, kept: Kept, *, running: bool) -> Replayed:
        """Read once more what was kept; of a shop that does not run, the next start acts on what was read."""
        return await Replay(self.work, self.decide if running else None, kept).run()

    async def start(self) -> None:
        """Recover, tell that the shop is ready, and start every loop."""
        self._watchdog.start()
        await self.recover()
        work, bells = self.work, self.work.bells
        work.store.on_commit(bells.ring_for)
        await self._beat_once()
        await say_ready(self.work)
        for name, flow, bell in self._flows():
            self._start_flow(name, flow, bell)
        for name, market in work.markets.items():
            self._start_flow(f"catch-up-{name}", self.catch_up.of(name), bells.catch_up.of(name))
            self._supervisor.start(f"market-{name}", partial(market.listen, self.listener))
        self._supervisor.start("heartbeat", self._beat)

    def _flows(self) -> tuple[tuple[str, Flow, Bell], ...]:
        bells = self.work.bells
        return (
            ("ingest", self.ingest, bells.ingest),
            ("decide", self.decide, bells.decide),
            ("answer", self.answer, bells.answer),
            ("ship", self.ship, bells.ship),
            ("deliver", self.deliver, bells.deliver),
            ("tell", self.tell, bells.tell),
            ("watch", self.watch, bells.watch),
            ("report", self.report, bells.report),
            ("board", self.board, bells.board),
            ("backup", self.backup, bells.backup),
            ("reload", self.reload, bells.reload),
            ("log-in", self.log_in, bells.log_in),
            ("hints", self.hints, bells.hints),
        )

    def _start_flow(self, name: str, flow: Flow, bell: Bell) -> None:
        wake_s = self.work.config.watch.wake_s
        rest_s = WATCH_REST_S if flow is self.watch else 0.0
        self._supervisor.start(name, lambda: keep_stepping(flow, bell, self.work.clock, wake_s, rest_s))

    def keep(self, name: str, child: Callable[[], Awaitable[None]]) -> None:
        """Run one more supervised loop beside the shop's own: a front that listens."""
        self._supervisor.start(name, child)

    async def _beat(self) -> None:
        """A sign of life with how the children are.

        In wall-clock time, because another process compares it with its own clock.
        """
        while True:
            await asyncio.sleep(self.work.config.watch.heartbeat_s)
            await self._beat_once()

    async def _beat_once(self) -> None:
        vitals = Vitals(
            children=self._supervisor.states,
            model=self.answer.model_state,
            books_checked_at=self.watch.books_checked_at,
            away_s=self.away_s,
            former=self.former,
            remarks=self.engine.health.remarks,
            heard_at=self.engine.health.heard_at,
            stall=self._watchdog.last,
            lines={name: market.line for name, market in self.work.markets.items()},
        )
        await self.work.store.write(partial(self._write_beat, vitals))
        self._seen = True

    def _write_beat(self, vitals: Vitals, tx: Tx) -> None:
        now, longest_s = datetime.now(UTC), self.work.config.watch.stale_s
        indicators.seen(tx, now, self.work.zone, longest_s, starting=not self._seen)
        health.beat(tx, now, self.started_at, os.getpid(), version("zhanggui"), vitals)

    async def stop(self) -> None:
        """Begin nothing new, let what is under way finish for a while on a line that still stands, then end it all."""
        catching_up = (f"catch-up-{name}" for name in self.work.markets)
        await self._supervisor.stop(
            "answer", "ship", "deliver", "watch", "report", "board", "backup", "reload", "log-in", "hints", *catching_up
        )
        await self.log_in.close()
        try:
            async with asyncio.timeout(DRAIN_S):
                await self.deliver.quiet()
                await self.answer.quiet()
        except TimeoutError:
            log.warning("some work was not finished; it is taken up at the next start")
        if self._seen:
            await self._supervisor.stop("tell")
            await say_goodbye(self.work, self.tell)
        await self._supervisor.stop()
        await self.tell.end()
        self._watchdog.stop()


@asynccontextmanager
async def open_shop(
    config: Config,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    owner: OwnerOf | None = None,
    steps: StepWatcher | None = None,
    replaced: Mapping[str, str] | None = None,
    origin: Origin | None = None,
) -> AsyncIterator[Shop]:
    """Build the shop of a configuration; its loops run between `start` and `stop`. BadConfig when it cannot start.

    `origin` is where the configuration was read, and is read again when it changes.
    `replaced` puts other statements in the place of named ones: tests show with it what a guard is for.
    """
    clock = clock or SystemClock(config.clock.speed, config.clock.since)
    chance = chance or SeededChance()
    zone = ZoneInfo(config.shop.timezone)
    async with _open_store(config, replaced) as store:
        settings = Settings(config, origin)
        settings.lay_stored(await list_chosen(store.flows))
        accounts = await keep_rows(store, config, clock)
        markets = await open_markets(store, config, clock, chance)
        steps = steps or NoWatcher()
        engine = Engine(Context(store, settings, clock, zone, chance, steps))
        work = Work(
            store=store,
            settings=settings,
            clock=clock,
            chance=chance,
            zone=zone,
            steps=steps,
            run=uuid.uuid4().hex[:8],
            markets=markets,
            accounts=accounts,
            prompts=prompts.load(config.shop.data_dir),
            model=await _open_model(config),
            owner=owner(engine) if owner else None,
        )
        try:
            yield Shop(work, engine, datetime.now(UTC))
        finally:
            await _hang_up(work)


async def _hang_up(work: Work) -> None:
    for market in work.markets.values():
        await market.close()
    if work.model is not None:
        await work.model.close()


@asynccontextmanager
async def _open_store(config: Config, replaced: Mapping[str, str] | None) -> AsyncIterator[Store]:
    with lock.hold(config.shop.data_dir):
        store = await Store.open(config.shop.data_dir, replaced)
        try:
            yield store
        finally:
            await store.close()


async def _open_model(config: Config) -> Model | None:
    """The model, its module loaded in a thread: a first import on the loop would stall it (house.md)."""
    if not config.ai.is_on:
        return None
    module = await asyncio.to_thread(importlib.import_module, "core.outside.model")
    ai = config.ai
    model: Model = module.OpenAIModel(
        base_url=ai.base_url, api_key=ai.api_key.get_secret_value(), model=ai.model, timeout_s=ai.timeout_s
    )
    return model
