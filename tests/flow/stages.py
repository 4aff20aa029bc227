"""Orders brought to every place a refund or an end can find them: order and fulfilment, keys and what has left.

Each stage stands still: what would move on by itself is held up by the world, a pause or the emergency stop.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cards.orders import order_card
from bot.cards.pen import Pen
from bot.texts import load
from tests.flow.shop import Day, Trade, open_day

KEYS = ("KEY-AAAA-1", "KEY-BBBB-2", "KEY-CCCC-3")
SLOW = {"limits.writes_per_s": 0.01}
"""A hundred shop seconds between two writes: long enough to stop between the text and the ship call."""


@dataclass(frozen=True)
class Stage:
    """A place: how it is reached, the fulfilment's state there, and whether the buyer has, or may have, the key."""

    reach: Callable[[Day], Awaitable[Trade]]
    shipping: str | None
    out: bool = False
    order: str = "pending_ship"
    slow: bool = False

    @property
    def keys(self) -> int:
        """How many keys the shelf had."""
        return 0 if self.shipping == "short" else len(KEYS)


async def goods(day: Day, *, keys: int = len(KEYS), **fields: str) -> str:
    item = await day.card(text="卡密 {keys}", keyed="on", **fields)
    if keys:
        await day.engine.stock.add_keys(day.actor(), await day.product(item), KEYS[:keys])
    return item


async def pay(day: Day, **fields: str) -> Trade:
    return await (await day.buyer()).pays(await goods(day, **fields))


async def scheduled(day: Day) -> Trade:
    await day.engine.pauses.pause(day.actor(), "all", None, None, "")
    return await pay(day)


async def awaiting(day: Day) -> Trade:
    return await (await day.buyer()).pays(await goods(day, max_quantity="1"), quantity=2)


async def manual(day: Day) -> Trade:
    return await pay(day, auto_ship="off")


async def held(day: Day) -> Trade:
    trade = await pay(day, auto_ship="off")
    await day.until_shipping(trade, "manual")
    await day.engine.shipping.hold(day.actor(), (await day.view(trade)).order.id, "看看")
    return trade


async def short(day: Day) -> Trade:
    return await pay(day, keys=0)


async def executing_before_the_text(day: Day) -> Trade:
    """Confirmed; the text was throttled and waits."""
    await day.world.control.fault("flow_control", times=1, on="send")
    trade = await pay(day)
    await day.until(lambda: day.world.market.faults.hit.get("flow_control"))
    await day.engine.pauses.stop_all(day.actor())
    return trade


async def executing_between(day: Day) -> Trade:
    """The buyer has the text, the platform was not told yet."""
    trade = await pay(day)
    await day.until(lambda: day.texts_to(trade))
    await day.engine.pauses.stop_all(day.actor())

    async def known() -> bool:
        return bool(await day.one("SELECT text_sent FROM fulfilments"))

    await day.until(known, "the text noted")
    return trade


async def unknown(day: Day) -> Trade:
    """A text of which nobody can tell whether it arrived: the owner typed the same words in the same moment."""
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await pay(day)
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    await day.world.control.type_by_hand(trade.chat_no, day.texts_to(trade)[0])
    return trade


async def failed_before_the_text(day: Day) -> Trade:
    await day.world.control.fault("csi_forbid", times=1)
    return await pay(day)


async def failed_after_the_text(day: Day) -> Trade:
    await day.world.control.fault("permission", times=1, on="consign.dummy")
    return await pay(day)


async def shipped(day: Day) -> Trade:
    return await pay(day)


async def completed(day: Day) -> Trade:
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    await day.world.control.act("confirm", trade.order_no)
    await day.until_state(trade, "completed")
    return trade


STAGES: dict[str, Stage] = {
    "scheduled": Stage(scheduled, "scheduled"),
    "awaiting_approval": Stage(awaiting, "awaiting_approval"),
    "manual": Stage(manual, "manual"),
    "held": Stage(held, "held"),
    "short": Stage(short, "short"),
    "executing_before_the_text": Stage(executing_before_the_text, "executing"),
    "executing_between": Stage(executing_between, "executing", out=True, slow=True),
    "unknown": Stage(unknown, "unknown", out=True),
    "failed_before_the_text": Stage(failed_before_the_text, "failed"),
    "failed_after_the_text": Stage(failed_after_the_text, "failed", out=True),
    "shipped": Stage(shipped, "succeeded", out=True, order="shipped"),
    "completed": Stage(completed, "succeeded", out=True, order="completed"),
}


async def reach(day: Day, stage: Stage) -> Trade:
    """Bring an order there, and see that it is."""
    trade = await stage.reach(day)
    if stage.shipping is not None:
        await day.until_shipping(trade, stage.shipping)
    await day.until_state(trade, stage.order)
    return trade


@asynccontextmanager
async def open_stage(folder: Path, stage: Stage) -> AsyncIterator[tuple[Day, Trade]]:
    async with open_day(folder, settings=SLOW if stage.slow else {}) as day:
        yield day, await reach(day, stage)


# -- what can be asked, and done, there


async def ask(day: Day, trade: Trade) -> None:
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")


async def shelf(day: Day) -> tuple[int, int, int]:
    row = (await day.rows("SELECT free, reserved, sold FROM products ORDER BY id LIMIT 1"))[0]
    return row["free"], row["reserved"], row["sold"]


async def keys(day: Day) -> dict[str, int]:
    rows = await day.rows("SELECT state, count(*) AS n FROM card_keys GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def card(day: Day, trade: Trade) -> str:
    """The order's card as the owner reads it."""
    view = await day.view(trade)
    draft = order_card(view, Pen(load("zh"), ZoneInfo("Asia/Shanghai"), datetime.now(UTC)))
    return "\n".join((draft.title, *(f"{label} {value}" for label, value in draft.fields), draft.note))


async def let_go(day: Day) -> None:
    """Whatever held the shop up ends, and half an hour passes."""
    await day.engine.pauses.resume(day.actor(), None)
    if (await day.engine.pauses.show()).stopped:
        await day.engine.pauses.resume_all(day.actor())
    await day.later(minutes=30)
    await day.quiet()


async def next_buyer_gets_another(day: Day, texts: list[str]) -> None:
    product = await day.one("SELECT id FROM products ORDER BY id LIMIT 1")
    item = await day.one("SELECT item_id FROM listings WHERE product_id = ?", product)
    await day.engine.items.change(day.actor(), product, "auto_ship", "on")
    await day.engine.items.change(day.actor(), product, "max_quantity", "-")
    trade = await (await day.buyer("下一位")).pays(item)
    await day.later(minutes=2)
    await day.until_shipping(trade, "succeeded")
    assert not {*day.texts_to(trade)} & {*texts}, "a key was sold twice"
