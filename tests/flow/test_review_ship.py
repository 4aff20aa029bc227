"""What ships has its goods; what was stopped, or never arrives, does not go on by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.moves.by_hand import undo
from core.moves.cause import Cause
from core.moves.decisions import postpone
from core.steps import Steps
from core.store.db import Tx
from core.store.writer import Job
from tests.flow.shop import Day, Trade

Act = Callable[[], Awaitable[Any]]


class Between:
    """Does something of the owner's exactly between the shop's look and its move."""

    def __init__(self) -> None:
        self.at: Steps | None = None
        self.act: Act | None = None
        self.tasks: list[asyncio.Future[Any]] = []

    def once(self, at: Steps, act: Act) -> None:
        self.at, self.act = at, act

    def reached(self, step: Steps) -> None:
        if step is self.at and self.act is not None:
            self.at = None
            self.tasks.append(asyncio.ensure_future(self.act()))


BETWEEN = Between()


def submit(day: Day, work: Callable[[Tx], object]) -> asyncio.Future[list[object]]:
    """Put a transaction before the one the shop is about to hand over."""
    job = Job([work], asyncio.get_running_loop())
    day.shop.work.store._writer.submit(job)
    return job.future


async def handed_over_unread(day: Day, item: str) -> Trade:
    """A paid order whose record could not be read is the owner's."""
    await day.world.control.fault("http_5xx", probability=1, on="order.detail")
    trade = await (await day.buyer()).pays(item)
    await day.until(lambda: day.world.market.faults.hit.get("http_5xx", 0) >= 1)
    for _ in range(8):
        await day.later(minutes=9)
        await asyncio.sleep(0.05)
    await day.until_shipping(trade, "manual")
    await day.world.control.fault("http_5xx", probability=0, on="order.detail")
    return trade


async def test_an_order_nobody_could_read_ships_with_its_key(day: Day) -> None:
    item = await day.card(text="卡密 {keys}")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111"])
    trade = await handed_over_unread(day, item)
    await day.ship(trade)
    await day.later(seconds=11)
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == ["卡密 AAAA-1111"]


async def test_an_order_nobody_could_read_does_not_ship_without_a_key(day: Day) -> None:
    item = await day.card(text="卡密 {keys}")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111"])
    first = await (await day.buyer("先来的人")).pays(item)
    await day.until_shipping(first, "succeeded")
    trade = await handed_over_unread(day, item)
    await day.ship(trade)
    await day.later(seconds=11)
    view = await day.until_shipping(trade, "failed")
    await day.until_told("order_failed", view.order.id)
    assert day.texts_to(trade) == []
    assert not day.is_shipped(trade)
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["BBBB-2222"])
    await day.engine.shipping.retry(day.actor(), view.order.id)
    await day.later(seconds=11)
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == ["卡密 BBBB-2222"]


@pytest.mark.day(steps=BETWEEN)
async def test_a_shipment_taken_back_at_the_last_moment_stays(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    view = await day.until_shipping(trade, "manual")
    await day.ship(trade)
    cause, terms = Cause(day.actor(), day.clock.now(), ZoneInfo("Asia/Shanghai")), day.shop.work.terms
    BETWEEN.once(Steps.ship_before_due, lambda: submit(day, lambda tx: undo(tx, cause, terms, view.order.id, None)))
    await day.later(seconds=11)
    await day.until(lambda: BETWEEN.tasks)
    assert await BETWEEN.tasks.pop() == [None]
    await day.quiet()
    assert await day.shipping(trade) == "manual"
    assert day.texts_to(trade) == []


@pytest.mark.day(steps=BETWEEN)
async def test_a_deadline_moved_at_the_last_moment_is_the_new_one(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(), amount_fen=60000)
    view = await day.until_shipping(trade, "awaiting_approval")
    for minutes in (21, 20):
        await day.later(minutes=minutes)
        await day.quiet()
    cause = Cause(day.actor(), day.clock.now(), ZoneInfo("Asia/Shanghai"))
    BETWEEN.once(
        Steps.watch_before_deadline,
        lambda: submit(day, lambda tx: postpone(tx, cause, view.order.id, 3600, None)),
    )
    await day.later(minutes=20)
    await day.until(lambda: BETWEEN.at is None)
    await day.quiet()
    assert await day.shipping(trade) == "awaiting_approval"
    assert (await day.view(trade)).approval.state == "pending"  # type: ignore[union-attr]


async def test_a_text_that_never_arrives_is_not_sent_for_ever(day: Day) -> None:
    await day.world.control.fault("timeout_before_effect", probability=1, on="send")
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.world.market.faults.hit.get("timeout_before_effect", 0) >= 1)
    view = await day.until_shipping(trade, "failed")
    await day.until_told("order_failed", view.order.id)
    assert day.world.market.faults.hit["timeout_before_effect"] == 4
    assert day.texts_to(trade) == []


async def test_an_order_that_closed_leaves_no_doubt_nobody_can_settle(day: Day) -> None:
    """The order closes while the shop asks about its text; then the platform cannot tell."""
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await (await day.buyer()).pays(await day.card(text="给您的卡密：8888"))
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    await day.world.control.type_by_hand(trade.chat_no, "给您的卡密：8888")
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    await day.later(minutes=10)
    await day.quiet()
    assert (await day.engine.health.show()).unknown == 0


async def test_a_paid_order_whose_record_says_nothing_is_handed_over(day: Day) -> None:
    await day.world.control.fault("http_5xx", times=1, on="order.detail")
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    await day.quiet()
    await day.world.control.fault("http_5xx", times=1, on="order.detail")
    await day.world.control.pay(trade.order_no, show="card")
    day.world.market.orders[trade.order_no].bargaining = True
    view = await day.until_shipping(trade, "manual")
    await day.until_told("order_manual", view.order.id)


async def test_a_text_the_platform_spells_otherwise_is_found_and_not_sent_again(day: Day) -> None:
    """Its line breaks come back as another system writes them."""
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    item = await day.card(text="卡密 {keys}")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111", "BBBB-2222"])
    trade = await (await day.buyer()).pays(item, quantity=2)
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    message = day.world.market.chats[trade.chat_no].messages[-1]
    message.content["text"]["text"] = message.text = message.text.replace("\n", "\r\n")
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == ["卡密 AAAA-1111\nBBBB-2222"]
