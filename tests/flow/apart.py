"""Three accounts of one shop, each on a marketplace and a wire of its own: what is broken is broken for one alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.outside.ports import Listener, Market
from core.sandbox.world import World
from tests.flow.people import Buyer, Owner, Trade
from tests.flow.shop import Calendar, Day, assert_right

NAMES = ("east", "west", "north")
SICK, WELL = "west", ("east", "north")
IN_TIME_S = 8.0
"""Real seconds in which a healthy account ships and answers on a busy machine; a hung call lasts longer."""
HUNG_S = 30
"""Real seconds a call waits for its answer."""


class Relay:
    """A piece of wire to one port: `pass`, `hang` (bytes vanish, nobody hangs up) or `refuse`."""

    def __init__(self, port: int) -> None:
        self._there = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.refuses = False
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self._open.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self.refuses = False
        self._open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if not self.refuses:
                with suppress(asyncio.CancelledError):  # only `stop` cancels
                    await self._join(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._there)
            ways = [asyncio.create_task(self._pump(reader, back)), asyncio.create_task(self._pump(there, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                back.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                if self.refuses:
                    return
                writer.write(data)
                await writer.drain()


class Apart(Day):
    """A day with a world and two wires (calls, socket) for each account."""

    worlds: dict[str, World]
    calls: dict[str, Relay]
    sockets: dict[str, Relay]
    items: dict[str, str]

    def environment(self) -> dict[str, str]:
        for name in self.accounts:
            here = self.worlds[name].market.accounts[name]
            self.world.market.accounts[name] = here  # the cookie file is written from there
        env = super().environment()
        for n, name in enumerate(self.accounts):
            origin = f"http://127.0.0.1:{self.calls[name].port}"
            at = {"WS_URL": f"ws://127.0.0.1:{self.sockets[name].port}/"}
            at |= dict.fromkeys(("API_URL", "PASSPORT_URL", "UPLOAD_URL"), origin)
            env |= {f"ZHANGGUI__ACCOUNTS__{n}__{key}": value for key, value in at.items()}
        return env

    def cut(self, name: str) -> None:
        """Its whole network is gone, without a word."""
        self.calls[name].hang()
        self.sockets[name].hang()

    async def stock_all(self) -> None:
        """Each account sells something that ships by itself."""
        self.items = {}
        for name in self.accounts:
            item = await self.worlds[name].control.item("充值卡", 5000, virtual=True, account=name)
            self.items[name] = item
            fields = {"mode": "virtual", "text": "给您的卡密：8888-{order}", "auto_ship": "on"}
            await self.configure(item, account=name, title="充值卡", price_fen=5000, **fields)

    async def comes(self, name: str) -> tuple[Buyer, Trade]:
        """A buyer of an account asks, and pays."""
        control = self.worlds[name].control
        buyer = Buyer(control, await control.buyer(), name)
        await buyer.says(self.items[name], "在吗")
        return buyer, await buyer.pays(self.items[name])

    def sent(self, trade: Trade) -> list[str]:
        entries = self.worlds[trade.account].market.record.entries
        return [e["text"] for e in entries if e["kind"] == "sent" and e["chat_id"] == trade.chat_no]

    def is_shipped(self, trade: Trade) -> bool:
        entries = self.worlds[trade.account].market.record.entries
        return any(e["kind"] == "shipped" and e["order_id"] == trade.order_no for e in entries)

    def is_served(self, trade: Trade) -> bool:
        """Shipped, the goods in the chat, and the question answered beside them."""
        texts = self.sent(trade)
        return self.is_shipped(trade) and any("8888" in t for t in texts) and any("8888" not in t for t in texts)

    async def serves(self, name: str, patience_s: float = IN_TIME_S) -> float:
        """A buyer of an account is answered and gets the goods; in how many real seconds."""
        began_s = time.monotonic()
        _, trade = await self.comes(name)
        try:
            await self.until(lambda: self.is_served(trade), f"the goods of {name}", patience_s)
        except TimeoutError:
            raise TimeoutError(f"{name}: {await self.shipping(trade)}, told {self.sent(trade)}") from None
        return time.monotonic() - began_s

    async def the_others_serve(self) -> None:
        await asyncio.gather(*(self.serves(name) for name in WELL))


class Buggy:
    """A market whose parser has a bug: whatever comes in raises what nobody foresaw."""

    def __init__(self, market: Market) -> None:
        self._market = market

    def __getattr__(self, name: str) -> Any:
        return getattr(self._market, name)

    async def listen(self, listener: Listener) -> None:
        await self._market.listen(_Breaking(listener))

    def read_record(self, raw: bytes) -> None:
        raise KeyError("10")

    async def list_sold(self) -> None:
        raise TypeError("a str has no keys")

    async def list_conversations(self, since: object) -> None:
        raise AttributeError("get")


class _Breaking:
    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listener, name)

    async def arrived(self, account: str, records: object) -> None:
        raise IndexError("list index out of range")


@asynccontextmanager
async def three(folder: Path, *, opened: bool = True, **settings: object) -> AsyncIterator[Apart]:
    """Three accounts online, each with goods on sale; at the end the books must be right."""
    clock = Calendar()
    async with AsyncExitStack() as stack:
        worlds = {}
        for seed, name in enumerate(NAMES, start=1):
            worlds[name] = await stack.enter_async_context(World.open(clock=clock, seed=seed))
            worlds[name].market.add_account(name, None, merchant=False)
        day = Apart(worlds[SICK], clock, folder, Owner(), {"replies.typing_max_s": 0.0, **settings}, NAMES, {})
        day.worlds = worlds
        day.calls = {name: await _relay(stack, world.addresses["market_api"]) for name, world in worlds.items()}
        day.sockets = {name: await _relay(stack, world.addresses["market_ws"]) for name, world in worlds.items()}
        try:
            if opened:
                await day.open()
                await day.stock_all()
            yield day
        finally:
            await day.close()
        assert_right(folder)


async def _relay(stack: AsyncExitStack, address: str) -> Relay:
    relay = Relay(int(urlsplit(address).port or 0))
    await relay.start()
    stack.push_async_callback(relay.stop)
    return relay
