"""SIGKILL while a number bought beforehand is on its way from the pool to the platform: each goes to one order, once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.config import load
from core.run import open_shop
from core.steps import Steps
from core.store.db import FILE
from core.tools.verify import verify
from core.values.people import Actor
from tests.crash.day import PATIENCE_S, Day, a_day

OWNER = Actor(who="terminal:owner", name="owner", chat="terminal", request="set:numbers")
POOL = ("SF1000000000001", "SF1000000000002", "SF1000000000003")


async def goods(day: Day) -> str:
    """Something that travels by post, and numbers for it."""
    item = await day.world.control.item("手机壳", 5000, account="shop", virtual=False)
    async with open_shop(load(day.folder / "config.toml", {})) as shop:
        await shop.start()
        async with asyncio.timeout(PATIENCE_S):
            while not (found := [r for r in await shop.engine.items.list() if r.product.title == "手机壳"]):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await shop.engine.items.change(
            OWNER.model_copy(update={"request": "m"}), found[0].product.id, "mode", "physical"
        )
        await shop.engine.numbers.add(OWNER, "顺丰", POOL)
        await shop.stop()
    return item


def rows(day: Day, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(day.folder / "data" / FILE)) as file:
        return file.execute(sql).fetchall()


@pytest.mark.parametrize(
    "step",
    [Steps.request_stored, Steps.request_acted, Steps.ship_due, Steps.consign_done_unnoted],
    ids=lambda step: step.value,
)
async def test_a_number_goes_to_one_order_once_whenever_the_process_dies(step: Steps, tmp_path: Path) -> None:
    async with a_day(tmp_path) as day:
        item = await goods(day)
        await day.shop.start(step.value, 1)
        orders = []
        for nick in ("买买", "小鱼"):
            buyer = await day.world.control.buyer(nick)
            order = await day.world.control.order(buyer, item)
            await day.world.control.pay(order["order_id"], show="card")
            orders.append(order["order_id"])
        manual = "SELECT order_id FROM fulfilments WHERE state = 'manual'"
        await day.until(lambda: len(rows(day, manual)) == 2, "both parcels wait")
        known = dict(rows(day, "SELECT order_no, id FROM orders"))
        orders.sort(key=lambda order_no: known[order_no])
        await day.shop.type("发货 1 顺丰")
        await day.until(lambda: day.record("shipped", order_id=orders[0]), "the first parcel")
        await day.until(day.shop.killed.is_set, f"the kill at {step}")
        await day.shop.type("发货 2 顺丰")
        await day.until(lambda: day.record("shipped", order_id=orders[1]), "the second parcel")
        used = "SELECT state, order_id FROM waybills ORDER BY id"
        await day.until(lambda: rows(day, used) == [("used", 1), ("used", 2), ("free", None)], "both numbers used")
        assert await day.shop.stop() == 0
        shipped = [(entry["order_id"], entry["tracking_no"]) for entry in day.record("shipped")]
        assert shipped == list(zip(orders, POOL, strict=False))
        verdict = verify(day.folder / "data", ZoneInfo("Asia/Shanghai"))
        assert verdict.is_right, verdict.findings
