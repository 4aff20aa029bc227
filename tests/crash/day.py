"""A short day that passes every step of the work: a question, an order that ships, a risky one left alone, a command.

The pretend world lives in the test's process and outlives the shop's; the shop's process is started again once it
was killed, as a container would be.
"""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import SystemClock
from core.config import load
from core.moves.cause import Cause
from core.moves.items import product_for
from core.run import open_shop
from core.sandbox.client import ControlRefused
from core.sandbox.world import World
from core.values.people import Actor
from tests.mortal import mortal

ROOT = Path(__file__).parents[2]
SPEED = 120.0
PATIENCE_S = 25.0
OWNER_SAYS = "我是店主，马上给您看看"
QUESTION = "这个支持安卓平板吗，怎么激活呢"
CONFIG = """\
[shop]
data_dir = "{data}"
[[accounts]]
name = "shop"
ws_url = "{market_ws}"
api_url = "{market_api}"
passport_url = "{passport}"
upload_url = "{upload}"
cookie_file = "{cookies}"
[ai]
base_url = "{model}"
api_key = "k"
model = "m"
classify = false
[clock]
speed = 120
since = {since}
[wire]
answer_s = 0.4
http_s = 0.6
settle_s = 0
code_poll_s = 0.05
reconnect_min_s = 0.05
reconnect_max_s = 0.2
rest_min_s = 0.05
rest_max_s = 0.2
short_connections = 1000
[limits]
writes_per_s = 100
writes_per_minute = 6000
command_stale_minutes = 600
[replies]
stale_minutes = 600
[approvals]
reminder_minutes = 1
escalation_minutes = 2
deadline_minutes = 3
[watch]
heartbeat_s = 0.5
[report]
at = "{evening}"
"""
EVENING = timedelta(minutes=12)
"""So much later in shop time the day's report is due: six real seconds, when the shop that is killed runs."""


SETTINGS = {"text": "卡密：{keys}", "auto_ship": "on", "facts": "激活后31天有效", "max_quantity": "2"}


class ShopProcess:
    """The shop's process: killed by its own watcher, started again once by us."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._more: tuple[str, ...] = ()
        self.printed: list[str] = []
        """What stands on its terminal."""
        self.killed = asyncio.Event()
        self.ready = asyncio.Event()

    async def start(self, step: str, nth: int, *, blind: bool = False) -> None:
        """Run it, and keep it running: a killed one is started again, without a watcher."""
        self._more = ("blind",) if blind else ()
        await self._spawn(step, str(nth))
        self._keeper = asyncio.create_task(self._keep())

    async def _spawn(self, *kill_at: str) -> None:
        self.ready.clear()
        with (self._folder / "shop.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *mortal("tests.crash.run_shop", str(self._folder / "config.toml"), str(self._folder / "told")),
                *kill_at,
                *self._more,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
            )

    async def _keep(self) -> None:
        await self._listen()
        assert self._process is not None
        if await self._process.wait() == -signal.SIGKILL:
            self.killed.set()
            await self._spawn()
            await self._listen()

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.printed.append(line.decode())
            if "掌柜已就绪".encode() in line:
                self.ready.set()

    async def type(self, words: str) -> None:
        """Type a line, as the owner would."""
        await asyncio.wait_for(self.ready.wait(), PATIENCE_S)
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())
        await self._process.stdin.drain()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        assert self._keeper is not None
        if self._process.returncode is None:
            self._process.terminate()
        code = await asyncio.wait_for(self._process.wait(), 15)
        await self._keeper
        return code

    def end(self) -> None:
        """Whatever became of the test: nobody keeps it running, and it is gone."""
        if self._keeper is not None:
            self._keeper.cancel()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


class Day:
    """The world, the shop's process, and what must be true in the end."""

    def __init__(self, world: World, folder: Path, item: str) -> None:
        self.world = world
        self.folder = folder
        self.item = item
        self.shop = ShopProcess(folder)

    def record(self, kind: str, **facts: object) -> list[dict[str, Any]]:
        """What really happened."""
        entries = self.world.market.record.entries
        return [e for e in entries if e["kind"] == kind and all(e.get(key) == value for key, value in facts.items())]

    def told(self, kind: str) -> int:
        """How often the owner was shown a kind of notice."""
        path = self.folder / "told"
        return sum(line.startswith(f"{kind} ") for line in path.read_text().splitlines()) if path.exists() else 0

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        end = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            found = holds()
            if isinstance(found, Awaitable):
                found = await found
            if found:
                return
            assert asyncio.get_running_loop().time() < end, f"never came: {what}\n{self._log()}"
            await asyncio.sleep(0.02)

    async def log_in_anew(self) -> None:
        """The owner asks for a code and scans it: from then on the cookie file's session is over."""
        await self.shop.type("登录")
        for act in ("scan", "confirm_login"):
            await self.until(lambda act=act: self._phone(act), act)

    async def refuse_refund(self, order_no: str) -> None:
        """The buyer of an order wants the money back, and the owner says no, twice: that is how it is asked."""
        await self.world.control.act("ask_refund", order_no)
        await self.until(lambda: self.told("order_refunding"), "the request")
        await self.until(lambda: self._sure(order_no), "the question")
        await self.shop.type(self._button("确定拒绝"))

    async def _sure(self, order_no: str) -> bool:
        if not self._button("确定拒绝"):
            await self.shop.type(f"拒绝退款 {order_no} 102")
            await asyncio.sleep(0.3)
        return bool(self._button("确定拒绝"))

    def _button(self, label: str) -> str:
        """The number of the newest button with a label."""
        found = (re.search(rf"\[(\d+)\] [^\[]*{label}", line) for line in reversed(self.shop.printed))
        return next((one[1] for one in found if one), "")

    async def set_workers(self, count: int) -> None:
        """The owner changes a setting, and confirms it."""
        await self.shop.type(f"设置 limits.workers {count}")
        await self.until(lambda: self._button("确认修改"), "the question")
        await self.shop.type(self._button("确认修改"))

    async def _phone(self, act: str) -> bool:
        try:
            await self.world.control.post(f"/{act}")
        except ControlRefused:
            return False
        return True

    def _log(self) -> str:
        return "\n".join((self.folder / "shop.log").read_text().splitlines()[-25:])


@asynccontextmanager
async def a_day(folder: Path) -> AsyncIterator[Day]:
    """A world with one item, and a shop's files in which that item ships by itself."""
    since = datetime.now(UTC)
    async with World.open(clock=SystemClock(SPEED, since)) as world:
        item = await world.control.item("会员月卡", 3000, account="shop", virtual=True, desc="激活后31天有效")
        await world.control.post("/model", rules=[[".*", "支持的，按说明激活就可以。"]])
        cookies = folder / "cookies"
        cookies.write_text(world.market.accounts["shop"].cookie)
        evening = (since + EVENING).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
        text = CONFIG.format(
            data=folder / "data", cookies=cookies, since=since.isoformat(), evening=evening, **world.addresses
        )
        (folder / "config.toml").write_text(text)
        await _configure(folder / "config.toml")
        day = Day(world, folder, item)
        try:
            yield day
        finally:
            day.shop.end()


async def _configure(config_file: Path) -> None:
    """Connect once, so that the day's orders are no old ones, and make the item ship by itself."""
    owner = Actor(who="terminal:owner", name="owner", chat="terminal")
    async with open_shop(load(config_file, {})) as shop:
        await shop.start()
        async with asyncio.timeout(PATIENCE_S):
            while not (products := await shop.engine.items.list()):  # noqa: ASYNC110 - they come by the wire
                await asyncio.sleep(0.01)
        for field, value in SETTINGS.items():
            actor = owner.model_copy(update={"request": f"set:{field}"})
            await shop.engine.items.change(actor, products[0].product.id, field, value)
        await shop.engine.stock.add_keys(owner, products[0].product.id, [f"KEY-{n:04d}-SECRET" for n in range(8)])
        cause = Cause(owner, shop.work.now(), shop.work.zone)
        case = await shop.work.store.write(lambda tx: product_for(tx, cause, 1, "case", "", "手机壳", None).id)
        await shop.engine.stock.set_free(owner.model_copy(update={"request": "count"}), case, 5)
        await shop.stop()
