"""One soaked day: the plan is lived beside the shop's process, then both sides are compared."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from bot.demo.soak.counter import Nursery, ShopChild
from bot.demo.soak.evidence import count_facts, last_lines, look_at
from bot.demo.soak.owner import Owner
from bot.demo.soak.plan import ACCOUNTS, GOODS, Act, Plan
from bot.demo.soak.pocketwatch import PocketWatch
from bot.demo.soak.promises import Broken, find_broken
from bot.demo.soak.schedule import KILL, Phase
from bot.demo.soak.street import Street
from bot.demo.stage import Stage, configure, set_up
from core.sandbox.things import Json
from core.sandbox.world import World

CONFIG = """\
[shop]
data_dir = "{data_dir}"
{accounts}
[ai]
base_url = "{model}"
api_key = "soak"
model = "pretend"
timeout_s = 2
classify = false

[clock]
speed = 120
since = {since}

[wire]
answer_s = 0.4
http_s = 0.5
settle_s = 0
heartbeat_s = 0.5
silence_s = 1.2
code_poll_s = 0.05
reconnect_min_s = 0.05
reconnect_max_s = 0.2
rest_min_s = 0.05
rest_max_s = 0.3
short_connections = 1000

[limits]
command_stale_minutes = 1440
commands_per_minute = 6000

[watch]
backups = 0
wake_s = 1
heartbeat_s = 1
stale_s = 30

[report]
at = "{evening}"
"""
MOMENT = timedelta(minutes=7)
"""Shop time between two moments: a day of a hundred is half a day long."""
SETTLING, LATER = timedelta(minutes=20), timedelta(hours=2)
ROUNDS, SHORT_ROUNDS = 60, 6
"""So many looks at most until a shop whose faults are over has come to rest."""
CALM_S, HURRIED_S = 0.02, 0.8
"""Real seconds between two looks whether a moment's work is done, and after which the next begins all the same."""
SETTLED_S = 5.0
LONGEST_WORK_MS = 50.0
"""Of the shop's own processor time: on a crowded machine a pause is longer, for reasons outside the shop."""
LAST_PLANS = 24
"""After so many of them its owner, who is reminded again and again, does no more."""
QUIET_ROUNDS = 3
"""So many quiet looks, each with a look for what was missed."""
RENEWED_MS = 60_000
"""How long a token lives where renewals are to be seen: half a real second."""
KILLS, RECONNECTS = (1, 3, 6), (2, 4, 7)
"""The moments of a phase at which they come, where they come."""


class Report(BaseModel):
    """How a day went."""

    seed: int
    broken: list[Broken] = Field(default_factory=list)
    struck: dict[str, int] = Field(default_factory=dict)
    """How often each fault was met."""
    alone: set[str] = Field(default_factory=set)
    pairs: set[tuple[str, str]] = Field(default_factory=set)
    """Which faults struck in one phase, alone and two together."""
    deaths: list[str] = Field(default_factory=list)
    facts: dict[str, int] = Field(default_factory=dict)
    pause_ms: float = 0.0
    busy_ms: float = 0.0
    took_s: float = 0.0
    cpu_s: float = 0.0
    """Processor time of the whole day, the shop's included; `shop_cpu_s` is the shop's, over all its runs."""
    shop_cpu_s: float = 0.0


async def live_day(plan: Plan, nursery: Nursery, replaced: Mapping[str, str] | None = None) -> Report:
    """Live a planned day, and say what was met and what was broken. `replaced` takes guards out of the shop."""
    began_s, used_s = time.perf_counter(), time.process_time()
    async with _stage(plan.seed) as (stage, watch):
        shop = ShopChild(nursery, stage.folder, plan.seed, replaced or {})
        day = Day(plan, stage, watch, shop)
        try:
            await shop.open()
            failed = await day.live()
            exit_code = await shop.stop()
            seen = await look_at(stage, watch, shop, exit_code)
        finally:
            await shop.close()
        report = day.report
        report.broken = [*failed, *find_broken(seen), *_find_held_up(shop)]
        report.facts = count_facts(seen)
        report.deaths, report.pause_ms, report.busy_ms = shop.deaths, shop.pause_ms, shop.busy_ms
        report.shop_cpu_s = shop.cpu_s
        report.cpu_s = shop.cpu_s + time.process_time() - used_s
        report.took_s = time.perf_counter() - began_s
        return report


@asynccontextmanager
async def _stage(seed: int) -> AsyncIterator[tuple[Stage, PocketWatch]]:
    with TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        watch = PocketWatch(folder / "watch")
        async with World.open(clock=watch, seed=seed) as world:
            evening = (watch.now() + timedelta(hours=9)).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
            facts = {"since": watch.since.isoformat(), "evening": evening}
            stage = await set_up(world, folder, GOODS, ACCOUNTS, CONFIG, facts)
            world.lines.redeliver_s = 1.0
            await configure(stage, seed, GOODS, watch)
            yield stage, watch


def _find_held_up(shop: ShopChild) -> list[Broken]:
    """A loop that works at one thing for so long answers nobody meanwhile."""
    seen = f"{shop.busy_ms:.0f} ms at one thing"
    return [Broken(promise="nothing holds the loop up", seen=seen)] if shop.busy_ms >= LONGEST_WORK_MS else []


class Day:
    """The plan as it is lived, moment by moment."""

    def __init__(self, plan: Plan, stage: Stage, watch: PocketWatch, shop: ShopChild) -> None:
        self._plan = plan
        self._world = stage.world
        self._log = stage.folder / "shop.log"
        self._watch = watch
        self._shop = shop
        self._street = Street(stage.world, stage.items)
        goods = {stage.items[good.name]: good for good in GOODS}
        self._owner = Owner(shop, stage.world, goods, plan.seed)
        self._acts: dict[int, list[Act]] = defaultdict(list)
        self._struck: Counter[str] = Counter()
        self._calm_at = watch.now()
        """When the last fault was over."""
        self.report = Report(seed=plan.seed)
        for act in plan.acts:
            self._acts[act.moment].append(act)

    async def live(self) -> list[Broken]:
        """The whole day and its evening; what went wrong on the way."""
        try:
            await self._until_online()
            for moment in range(self._plan.size.moments):
                await self._pass(moment)
            await self._settle()
        except TimeoutError as error:
            return [Broken(promise="the day comes to its end", seen=str(error), history=last_lines(self._log))]
        return []

    async def _until_online(self) -> None:
        async with asyncio.timeout(30):
            while not await self._is_online():  # noqa: ASYNC110 - the shop is another program: it can only be asked
                await asyncio.sleep(CALM_S)

    async def _is_online(self) -> bool:
        return all(one["state"] == "online" for one in (await self._shop.health())["accounts"])

    async def _pass(self, moment: int) -> None:
        phase = self._plan.phase_at(moment)
        if moment == 0 or phase != self._plan.phase_at(moment - 1):
            await self._begin(self._plan.phases[phase])
        await self._shop.revive()
        self._watch.put_forward(MOMENT)
        self._shop.wake()
        await self._give_occasion(phase, moment)
        later = self._street.act(self._acts.pop(moment, []))
        self._acts[moment + 1] += later
        for words in (words for words in self._plan.words if words.moment == moment):
            self._street.say(words)
        self._owner.look(moment)
        await self._rest(HURRIED_S)

    async def _begin(self, phase: Phase) -> None:
        """The phase before is over: note what struck in it, and turn the dials."""
        self._note()
        self._faults = phase.faults
        faults = self._world.market.faults
        faults.clear()
        for dial in phase.dials:
            faults.set(dial)

    def _note(self) -> None:
        struck = Counter(self._world.market.faults.hit) + Counter({KILL: len(self._shop.deaths)})
        met = sorted((struck - self._struck).keys())
        self._struck = struck
        self.report.struck = dict(struck)
        self.report.alone.update(met if len(met) == 1 else ())
        self.report.pairs.update(combinations(met, 2))

    async def _give_occasion(self, number: int, moment: int) -> None:
        """What must happen so that the phase's faults can strike, once in it or twice."""
        phase, first = self._plan.phases[number], self._first_moment(number)
        at = moment - first
        if KILL in phase.faults and at in KILLS:
            self._shop.die_in(1 + (self._plan.seed * 7 + moment * 13) % 40)
        self._world.market.token_life_ms = RENEWED_MS if "renew" in phase.occasions else 0
        if "renew" in phase.occasions and at in RECONNECTS:
            self._world.market.tokens.clear()
        account = tuple(ACCOUNTS)[(self._plan.seed + number) % len(ACCOUNTS)]
        if "login" in phase.occasions and at == 1:
            self._owner.log_in(account)
        if phase.occasions & {"reconnect", "renew"} and at in RECONNECTS:
            for connection in self._world.lines.live(account):
                await connection.ws.close()

    def _first_moment(self, phase: int) -> int:
        return -(-phase * self._plan.size.moments // len(self._plan.phases))

    async def _rest(self, most_s: float) -> bool:
        """Wait until the moment's work is done, or for so long; whether it is done."""
        end_s = time.monotonic() + most_s
        while time.monotonic() < end_s:
            await asyncio.sleep(CALM_S)
            if not await self._is_busy():
                return True
        return False

    async def _is_busy(self) -> bool:
        unacked = any(one.unacked and not one.silent and not one.deaf for one in self._world.lines.list_connections())
        return unacked or await self._shop.is_busy()

    async def _settle(self) -> None:
        """The faults are over: time passes until nothing is left to do but what waits for people."""
        await self._begin(Phase())
        self._world.market.token_life_ms = 0
        self._calm_at = self._watch.now()
        still, waits = 0, [""]
        for n in range(ROUNDS):
            self._watch.put_forward(SETTLING if n < SHORT_ROUNDS else LATER)
            self._shop.wake()
            moment = self._plan.size.moments + n
            self._acts[moment + 1] += self._street.act(self._acts.pop(moment, []))
            self._owner.look(moment)
            await self._rest(SETTLED_S)
            waits = await self._waits(moment)
            still = 0 if waits else still + 1
            if still == QUIET_ROUNDS:
                return
        raise TimeoutError(f"the shop does not come to rest: {', '.join(waits)}")

    async def _waits(self, moment: int) -> list[str]:
        """What is left to do."""
        health = await self._shop.health()
        found = [f"{one['name']} is {one['state']}" for one in health["accounts"] if one["state"] != "online"]
        found += [f"{one['name']} has not caught up" for one in health["accounts"] if not self._is_whole(one)]
        found += [f"{health[name]} in {name}" for name in ("outbox_waiting", "notice_backlog") if health[name]]
        found += (
            ["the owner has plans"] if self._owner.has_plans() and moment < LAST_PLANS + self._plan.size.moments else []
        )
        return found + [f"{act.deal.number} {act.verb}" for act in self._acts[moment + 1]]

    def _is_whole(self, account: Json) -> bool:
        """Whether it fetched what it missed since the faults are over: a socket may be silent until a beat fails."""
        until = account["caught_up_at"]
        return until is not None and datetime.fromisoformat(until) > self._calm_at
