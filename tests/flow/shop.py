"""A day in a real shop beside the pretend world, in one process: buyers act, the owner decides, the clock jumps.

Everything is real but the people: sockets on loopback, one SQLite file, the shop's own loops. Tests read as a dialogue:
`await buyer.pays(item)`, `await day.until_shipping(trade, "succeeded")`, `await day.approve(trade)`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from core.clock import SeededChance
from core.config import Config, load
from core.flows.answer import Answer
from core.flows.deliver import Deliver
from core.moves.cause import Cause
from core.moves.items import product_for
from core.run import Shop, open_shop
from core.sandbox.world import World
from core.steps import StepWatcher
from core.store.db import Tx
from core.tools.verify import verify
from core.values.ids import OrderId
from core.values.people import SHOP, Actor, ChatKind
from core.values.views import OrderView
from tests.flow.calendar import SPEED, Ahead, Calendar
from tests.flow.people import ROOM, Buyer, Owner, Trade
from tests.flow.standing import PATIENCE_S, Standing

T = TypeVar("T")
SETTINGS = {
    "watch.backups": 0,
    "wire.settle_s": 0,
    "wire.code_poll_s": 0.03,
    "wire.answer_s": 0.4,
    "wire.http_s": 0.6,
    "wire.heartbeat_s": 3,
    "wire.silence_s": 6,
    "wire.reconnect_min_s": 0.05,
    "wire.reconnect_max_s": 0.2,
    "wire.rest_min_s": 0.05,
    "wire.rest_max_s": 0.2,
    "wire.short_connections": 1000,
    "retry.jitter": 0,
    "watch.heartbeat_s": 0.5,
}
"""Short waits on the wire; everything else as a shop has it."""
asyncio_log = logging.getLogger("asyncio")


@dataclass
class Day(Standing):
    """One shop, one world, one owner. `wrong` and `errors` say what a test breaks on purpose."""

    world: World
    clock: Calendar
    folder: Path
    owner: Owner
    settings: dict[str, object]
    accounts: tuple[str, ...]
    options: dict[str, Any]
    shop: Shop = field(init=False, repr=False)
    asked: int = 0
    _leave: Callable[[], Awaitable[None]] | None = None

    # -- the shop itself

    async def open(self, **changed: Any) -> None:
        """Open the shop on its files and wait until it is connected."""
        await self.build(**changed)
        await self.shop.start()
        if self.options.get("connected", True):
            await self.until_online()

    async def build(self, **changed: Any) -> None:
        """Build the shop without starting its loops."""
        options = self.options = {**self.options, **changed}
        opened = open_shop(
            self.config(),
            clock=self.clock,
            chance=SeededChance(7),
            owner=None if options.get("headless") else self.owner.beside,
            steps=options.get("steps"),
            replaced=options.get("replaced"),
        )
        self.shop = await opened.__aenter__()
        await self.engine.rooms.bind(ROOM, ChatKind.terminal)

        async def leave() -> None:
            await self.shop.stop()
            await opened.__aexit__(None, None, None)

        self._leave = leave
        if judge := options.get("judge"):
            work = replace(self.shop.work, judge=judge)
            self.shop.answer, self.shop.deliver = Answer(work), Deliver(work)

    async def close(self) -> None:
        """Shut the shop; the world goes on."""
        if self._leave is not None:
            leave, self._leave = self._leave, None
            await leave()

    async def until_online(self) -> None:
        """Wait until every account is connected and has caught up."""
        await self.until(self._is_online, "every account online")

    async def _is_online(self) -> bool:
        rows = await self.rows("SELECT state, caught_up_at FROM accounts")
        return all(row["state"] == "online" and row["caught_up_at"] for row in rows) and len(rows) == len(self.accounts)

    def config(self) -> Config:
        return load(None, self.environment())

    def environment(self) -> dict[str, str]:
        """The shop's settings as its process would find them."""
        at, env = self.world.addresses, {"ZHANGGUI__SHOP__DATA_DIR": str(self.folder / "data")}
        for n, name in enumerate(self.accounts):
            cookies = self.folder / f"{name}.cookie"
            if self.options.get("cookies", True):
                cookies.write_text(self.world.market.accounts[name].cookie)
                cookies.chmod(0o600)
            one = {"name": name, "ws_url": at["market_ws"], "api_url": at["market_api"], "passport_url": at["passport"]}
            one |= {"upload_url": at["upload"], "cookie_file": str(cookies)}
            env |= {f"ZHANGGUI__ACCOUNTS__{n}__{key.upper()}": value for key, value in one.items()}
        env |= {"ZHANGGUI__CLOCK__SPEED": str(self.clock.speed), "ZHANGGUI__CLOCK__SINCE": self.clock.since.isoformat()}
        if self.options.get("model"):
            env |= {"ZHANGGUI__AI__BASE_URL": at["model"], "ZHANGGUI__AI__API_KEY": "k", "ZHANGGUI__AI__MODEL": "m"}
        for key, value in {**SETTINGS, **self.settings}.items():
            env[f"ZHANGGUI__{key.upper().replace('.', '__')}"] = str(value)
        return env

    # -- time

    async def later(self, **length: float) -> None:
        """Shop time passes at once."""
        self.clock.put_forward(timedelta(**length))
        self.wake()

    async def in_time(self, condition: Callable[[], Any], what: str, minutes: int = 30) -> None:
        """Shop time passes by the minute until something holds: a retry is planned from when the try before failed."""
        for _ in range(minutes):
            await self.later(minutes=1)
            with suppress(TimeoutError):
                await self.until(condition, what, patience_s=1.0)
                return
        raise TimeoutError(f"waited {minutes} minutes of shop time for {what}")

    def wake(self) -> None:
        """Let every loop look again."""
        if self._leave is None:
            return
        bells = self.shop.work.bells
        bells.ring_all()
        bells.catch_up.ring()

    async def quiet(self, real_s: float = 0.15) -> None:
        """Wait until nothing is due and nothing under way for a little while."""
        calm, end = 0, asyncio.get_running_loop().time() + PATIENCE_S
        while calm < max(1, int(real_s / 0.03)):
            await asyncio.sleep(0.03)
            calm = 0 if await self._is_busy() else calm + 1
            assert asyncio.get_running_loop().time() < end, "the shop does not come to rest"

    async def _is_busy(self) -> bool:
        if self.shop.deliver.is_busy() or self.shop.answer.is_busy() or self.shop.decide.backlog():
            return True
        if (await self.engine.pauses.show()).pauses:
            return False
        soon = int((self.clock.now().timestamp() + 30) * 1000)
        waits = (
            "SELECT (SELECT count(*) FROM outbox AS o WHERE state IN ('waiting', 'asking', 'claimed') AND due_at <= ?"
        )
        waits += " AND (after_id IS NULL OR (SELECT state FROM outbox WHERE id = o.after_id) != 'unknown'))"
        waits += " + (SELECT count(*) FROM chats WHERE answer_due_at <= ?) AS n"
        return bool((await self.rows(waits, soon, soon))[0]["n"])

    # -- people

    async def buyer(self, nick: str = "小鱼", account: str = "shop") -> Buyer:
        return Buyer(self.world.control, await self.world.control.buyer(nick), account)

    async def item(
        self,
        title: str = "充值卡",
        price_fen: int = 5000,
        *,
        account: str = "shop",
        virtual: bool = True,
        **fields: str,
    ) -> str:
        """Something on sale; with `fields` (as the owner types them) its product is configured."""
        item = await self.world.control.item(title, price_fen, virtual=virtual, account=account)
        if fields:
            await self.configure(item, account=account, title=title, price_fen=price_fen, **fields)
        return item

    async def configure(
        self, item: str, *, account: str = "shop", title: str = "", price_fen: int | None = None, **fields: str
    ) -> int:
        """The owner configures the product of an item; its id."""
        cause = Cause(SHOP, self.clock.now(), ZoneInfo("Asia/Shanghai"), "")
        account_id = self.shop.work.accounts[account]

        def work(tx: Tx) -> int:
            return product_for(tx, cause, account_id, item, "", title, price_fen).id

        product = await self.shop.work.store.write(work)
        stock = fields.pop("stock", None)
        if stock is not None:
            await self.engine.stock.set_free(self.actor(), product, int(stock))
        for name, value in fields.items():
            await self.engine.items.change(self.actor(), product, name, value)
        return product

    async def card(self, **fields: str) -> str:
        """Virtual goods that ship by themselves, fully configured."""
        settings = {"mode": "virtual", "text": "给您的卡密：8888-{order}", "auto_ship": "on"} | fields
        return await self.item(**settings)  # type: ignore[arg-type]

    async def product(self, item: str) -> int:
        return int(await self.one("SELECT product_id FROM listings WHERE item_id = ?", item))

    def actor(self, name: str = "老板") -> Actor:
        """The owner, by a new request."""
        self.asked += 1
        return Actor(who=f"terminal:{name}", name=name, chat="terminal", request=f"terminal:{self.asked}")

    async def approve(self, trade: Trade, **more: Any) -> OrderView:
        return await self.engine.approvals.approve(self.actor(), await self._known(trade), **more)

    async def reject(self, trade: Trade, reason: str = "") -> OrderView:
        return await self.engine.approvals.reject(self.actor(), await self._known(trade), reason)

    async def ship(self, trade: Trade, carrier: str | None = None, tracking_no: str | None = None) -> OrderView:
        return await self.engine.shipping.ship(self.actor(), await self._known(trade), None, carrier, tracking_no)

    async def settle(self, trade: Trade, choice: str) -> OrderView:
        return await self.engine.shipping.settle(self.actor(), await self._known(trade), choice)

    async def _known(self, trade: Trade) -> OrderId:
        order_id = await self.order_id(trade)
        assert order_id is not None
        return order_id


@asynccontextmanager
async def open_day(
    folder: Path,
    *,
    settings: Mapping[str, object] | None = None,
    accounts: tuple[str, ...] = ("shop",),
    opened: bool = True,
    right: bool = True,
    speed: float = SPEED,
    world_ahead_s: float = 0.0,
    **options: Any,
) -> AsyncIterator[Day]:
    """A day. `options` are model, headless, judge, replaced, steps, connected, cookies. At the end the books must be right.

    `world_ahead_s`: how far the platform's clock is ahead of the shop's, in shop time.
    """
    clock = Calendar(speed)
    async with World.open(clock=Ahead(clock, world_ahead_s)) as world:
        for name in accounts:
            world.market.add_account(name, None, merchant=False)
        day = Day(world, clock, folder, Owner(), dict(settings or {}), accounts, options)
        try:
            if opened:
                await day.open()
            yield day
        finally:
            await day.close()
        if right and (folder / "data").exists():
            assert_right(folder)


def assert_right(folder: Path) -> None:
    """Every law holds over the file."""
    verdict = verify(folder / "data", ZoneInfo("Asia/Shanghai"))
    assert verdict.is_right, "\n".join(map(str, verdict.findings))


__all__ = ["Buyer", "Calendar", "Day", "Owner", "StepWatcher", "Trade", "assert_right", "open_day"]
