"""What every flow works with, and the bell that wakes it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.clock import Chance, Clock
from core.config import Config, Settings
from core.moves.cause import Cause
from core.moves.terms import Terms
from core.outside.ports import Market, Model, OwnerDesk
from core.rules import guard
from core.rules.guard import GuardFacts, Verdict
from core.steps import StepWatcher
from core.store.db import Store
from core.values.ids import AccountId
from core.values.people import SHOP, Actor


class Bell:
    """Rings when there is news; whoever waits wakes at once, or at the next due time."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    async def wait(self, real_s: float) -> None:
        """Wait for a ring, at most so many real seconds."""
        try:
            async with asyncio.timeout(max(0.0, real_s)):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()


class Peal:
    """A bell for each account, for a loop each account has of its own; they ring together."""

    def __init__(self) -> None:
        self._bells: dict[str, Bell] = {}

    def of(self, account: str) -> Bell:
        """The bell of an account's loop."""
        return self._bells.setdefault(account, Bell())

    def ring(self) -> None:
        """There is something to do, for whichever account."""
        for bell in self._bells.values():
            bell.ring()


NEWS: Mapping[str, tuple[str, ...]] = {
    "accounts.connected": ("deliver",),
    "accounts.set_state": ("catch_up",),
    "approvals": ("watch",),
    "chats.plan_answer": ("answer",),
    "chats.put_off": ("answer",),
    "chats.take_over": ("watch",),
    "inbox.park": ("hints",),
    "logins.add": ("log_in",),
    "fulfilments.insert": ("ship", "watch"),
    "fulfilments.move": ("ship", "watch"),
    "fulfilments.replan": ("ship", "watch"),
    "notices": ("tell",),
    "outbox": ("deliver",),
    "pauses": ("answer", "ship", "deliver"),
    "rooms": ("tell",),
    "telling.add_mute": ("tell",),
}
"""Whom a statement, or else any statement of its topic, may concern. What is missed is seen within `watch.wake_s`."""


@dataclass(frozen=True)
class Bells:
    """One bell a flow. A commit rings those that what was written may concern."""

    ingest: Bell = field(default_factory=Bell)
    decide: Bell = field(default_factory=Bell)
    answer: Bell = field(default_factory=Bell)
    ship: Bell = field(default_factory=Bell)
    deliver: Bell = field(default_factory=Bell)
    tell: Bell = field(default_factory=Bell)
    watch: Bell = field(default_factory=Bell)
    report: Bell = field(default_factory=Bell)
    board: Bell = field(default_factory=Bell)
    backup: Bell = field(default_factory=Bell)
    reload: Bell = field(default_factory=Bell)
    catch_up: Peal = field(default_factory=Peal)
    log_in: Bell = field(default_factory=Bell)
    hints: Bell = field(default_factory=Bell)

    def ring_for(self, statements: Iterable[str]) -> None:
        """After a commit that ran these statements."""
        for name in statements:
            for flow in NEWS.get(name) or NEWS.get(name.partition(".")[0], ()):
                bell: Bell | Peal = getattr(self, flow)
                bell.ring()

    def ring_all(self) -> None:
        """Let everybody look."""
        for bell in (
            self.answer,
            self.ship,
            self.deliver,
            self.tell,
            self.watch,
            self.report,
            self.board,
            self.backup,
            self.reload,
            self.catch_up,
            self.hints,
        ):
            bell.ring()


class Rush:
    """Whether records pour in: then questions to the platform wait, storing and moving come first."""

    MANY = 20
    LASTS_S = 0.25

    def __init__(self) -> None:
        self._until_s = 0.0

    def took(self, records: int) -> None:
        """So many were stored together."""
        if records >= self.MANY:
            self._until_s = time.monotonic() + self.LASTS_S

    def is_on(self) -> bool:
        """Whether it is a rush now."""
        return time.monotonic() < self._until_s


Judge = Callable[[str, GuardFacts], Verdict]
"""The guard between every text and a buyer; passed in, so that a test can show what leaves without it."""


@dataclass(frozen=True)
class Work:
    """The store, the settings and the outside world, passed in (nothing is global).

    `run` names this process's run: claims of other runs are dead.
    """

    store: Store
    settings: Settings
    clock: Clock
    chance: Chance
    zone: ZoneInfo
    steps: StepWatcher
    run: str
    markets: Mapping[str, Market]
    accounts: Mapping[str, AccountId]
    prompts: Mapping[str, str]
    model: Model | None = None
    owner: OwnerDesk | None = None
    judge: Judge = guard.check
    bells: Bells = field(default_factory=Bells)
    rush: Rush = field(default_factory=Rush)

    @property
    def config(self) -> Config:
        """The settings as they hold now."""
        return self.settings.config

    @property
    def terms(self) -> Terms:
        """What a change brings with it, by the settings."""
        return Terms.of(self.config, self.chance)

    def now(self) -> datetime:
        """Shop time, aware UTC."""
        return self.clock.now()

    def cause(self, detail: str = "", actor: Actor = SHOP) -> Cause:
        """The shop's own reason for a change that happens now."""
        return Cause(actor, self.clock.now(), self.zone, detail)
