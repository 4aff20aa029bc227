"""The other processes of a measurement: started, spoken to in JSON lines, ended."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from core.sandbox.client import ControlClient
from core.sandbox.things import Json

ROOT = Path(__file__).parents[2]


class Lines:
    """A process that answers each line with a line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def hear(self) -> Json:
        """Its next line; what it had to say on its end when there is none."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"it ended with {await self.process.wait()}")
        answer: Json = orjson.loads(line)
        return answer

    async def ask(self, **command: object) -> Json:
        """A command and its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps(command) + b"\n")
        await self.process.stdin.drain()
        return await self.hear()


@asynccontextmanager
async def started(*arguments: str, **env: str) -> AsyncIterator[Lines]:
    """`python ARGUMENTS…` from the project's folder; ended with the block."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdin=pipe, stdout=pipe, limit=1 << 26, env={**os.environ, **env}
    )
    try:
        yield Lines(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


class Place:
    """A world, and where the shop of one measurement lives."""

    def __init__(self, folder: Path, world: Lines, addresses: dict[str, str]) -> None:
        self.folder = folder
        self.world = world
        self.addresses = addresses
        self.control = ControlClient(addresses["control"])

    @property
    def file(self) -> Path:
        return self.folder / "data" / "shop.db"

    async def settings(self, **more: str) -> dict[str, str]:
        """The shop's environment: every account of this world; `more` is SECTION__KEY = value."""
        mine = {"SHOP__DATA_DIR": str(self.folder / "data"), "WIRE__SETTLE_S": "0"}
        for number, account in enumerate((await self.control.get("/accounts"))["accounts"]):
            mine |= {f"ACCOUNTS__{number}__{name}": value for name, value in self._account(account).items()}
        return {f"ZHANGGUI__{name}": value for name, value in (mine | more).items()}

    def _account(self, account: Json) -> dict[str, str]:
        cookie_file = self.folder / f"{account['name']}.cookie"
        cookie_file.write_text(account["cookie"])
        return {
            "NAME": account["name"],
            "WS_URL": self.addresses["market_ws"],
            "API_URL": self.addresses["market_api"],
            "PASSPORT_URL": self.addresses["passport"],
            "UPLOAD_URL": self.addresses["upload"],
            "COOKIE_FILE": str(cookie_file),
        }

    async def registered(self, wait_s: float = 60.0, accounts: int = 1) -> None:
        """Returns as soon as the world accepted so many `/reg`."""
        ends_s = time.monotonic() + wait_s
        while sum(one["registered"] for one in (await self.control.get("/state"))["connections"]) < accounts:
            if time.monotonic() > ends_s:
                raise RuntimeError("the shop did not register")
            await asyncio.sleep(0.005)

    async def caught_up(self, wait_s: float = 60.0) -> None:
        """Returns when the shop has fetched what it missed: it is at rest then."""
        ends_s = time.monotonic() + wait_s
        watcher = sqlite3.connect(self.file)
        while not watcher.execute("SELECT 1 FROM accounts WHERE caught_up_at IS NOT NULL").fetchone():
            if time.monotonic() > ends_s:
                raise RuntimeError("the shop did not catch up")
            await asyncio.sleep(0.02)
        watcher.close()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Place]:
    """A fresh world."""
    async with started("-m", "tests.bench.world") as world:
        place = Place(folder, world, await world.hear())
        try:
            yield place
        finally:
            await place.control.close()


@asynccontextmanager
async def shop_of(place: Place, **settings: str) -> AsyncIterator[Lines]:
    """A shop, registered and at rest."""
    async with started("-m", "tests.bench.shop", **await place.settings(**settings)) as shop:
        await shop.hear()
        await place.registered()
        await place.caught_up()
        yield shop


async def typed(settings: Mapping[str, str]) -> float:
    """A command from the shell, `zhanggui do` as a process of its own; its milliseconds from exec to exit."""
    devnull = asyncio.subprocess.DEVNULL
    began_s = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "do", "待办"),
        cwd=ROOT,
        stdin=devnull,
        stdout=devnull,
        env={**os.environ, **settings},
    )
    if code := await process.wait():
        raise RuntimeError(f"the command ended with {code}")
    return (time.perf_counter() - began_s) * 1000
