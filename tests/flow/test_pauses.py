"""Pauses and the emergency stop: what is due waits, a person's own acts go on, the stop lets nothing out."""

import asyncio
from datetime import timedelta

import pytest

from core.errors import Refused
from tests.flow.shop import Day, Trade


async def paused(day: Day, scope: str, entity_id: int | None = None) -> None:
    await day.engine.pauses.pause(day.actor(), scope, entity_id, None)


async def waits(day: Day, trade: Trade) -> str | None:
    """Why a shipment that is due is not taken."""
    await day.until_shipping(trade, "scheduled")
    await day.later(minutes=5)
    await day.quiet()
    view = await day.view(trade)
    assert view.fulfilment is not None and view.fulfilment.state == "scheduled"
    assert not any("8888" in text for text in day.texts_to(trade))
    return view.waiting


async def test_a_pause_of_everything_holds_up_what_is_due(day: Day) -> None:
    await paused(day, "all")
    trade = await (await day.buyer()).pays(await day.card())
    assert await waits(day, trade) == "paused"
    await day.engine.pauses.resume(day.actor())
    await day.until_shipping(trade, "succeeded")


async def test_a_pause_of_a_product_holds_up_only_that_product(day: Day) -> None:
    item, other = await day.card(), await day.card()
    await paused(day, "product", await day.product(item))
    buyer = await day.buyer()
    trade, free = await buyer.pays(item), await buyer.pays(other)
    await day.until_shipping(free, "succeeded")
    assert await waits(day, trade) == "paused"


async def test_a_pause_of_a_chat_holds_up_its_order_and_its_answers(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    said = await buyer.says(item, "在吗")
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))
    await paused(day, "chat", await day.one("SELECT id FROM chats"))
    trade = await buyer.pays(item)
    await buyer.says(item, "包邮吗")
    assert await waits(day, trade) == "paused"
    assert len(day.record("sent")) == 1
    [chat] = (await day.engine.pauses.show()).pauses
    await day.engine.pauses.resume(day.actor(), chat.id)
    await day.until_shipping(trade, "succeeded")
    await day.until(lambda: len(day.record("sent")) == 3)


async def test_while_all_is_paused_nobody_is_answered(day: Day) -> None:
    item = await day.card()
    await paused(day, "all")
    said = await (await day.buyer()).says(item, "在吗")
    await day.later(seconds=30)
    await day.quiet()
    assert day.record("sent") == []
    await day.engine.pauses.resume(day.actor())
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))


async def test_a_pause_lets_a_persons_own_shipment_through(day: Day) -> None:
    await paused(day, "all")
    trade = await (await day.buyer()).pays(await day.card())
    await waits(day, trade)
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")


async def test_a_pause_ends_by_itself(day: Day) -> None:
    await day.engine.pauses.pause(day.actor(), "all", None, day.clock.now() + timedelta(hours=1))
    trade = await (await day.buyer()).pays(await day.card())
    await waits(day, trade)
    await day.later(hours=1)
    await day.until_shipping(trade, "succeeded")


async def test_the_emergency_stop_lets_nothing_out_and_survives_a_restart(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await day.engine.pauses.stop_all(day.actor())
    trade = await buyer.pays(item)
    await buyer.says(item, "在吗")
    await day.until_shipping(trade, "scheduled")
    await day.close()
    await day.open()
    await day.ship(trade)
    await day.later(minutes=5)
    await day.quiet()
    assert day.record("sent") == []
    assert not day.is_shipped(trade)
    assert (await day.view(trade)).waiting == "stopped"
    await day.engine.pauses.resume_all(day.actor())
    await day.until_shipping(trade, "succeeded")


async def test_a_stop_in_the_middle_of_a_shipment_stops_it_before_the_text(day: Day) -> None:
    """The record was read, the text is throttled, the owner pulls the brake."""
    await day.world.control.fault("flow_control", times=1, on="send")
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.world.market.faults.hit.get("flow_control"))
    await day.engine.pauses.stop_all(day.actor())
    await day.later(minutes=9)
    await asyncio.sleep(0.2)
    assert day.texts_to(trade) == []
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    await day.engine.pauses.resume_all(day.actor())
    await day.later(minutes=9)
    await day.quiet()
    assert day.texts_to(trade) == []


async def test_a_paused_product_is_manual(day: Day) -> None:
    item = await day.card(state="paused")
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "manual")
    assert view.fulfilment is not None and view.fulfilment.reason == "product_paused"


async def test_what_a_person_did_is_on_record_once(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    view = await day.until_shipping(trade, "manual")
    actor = day.actor()
    await day.engine.shipping.ship(actor, view.order.id)
    with pytest.raises(Refused, match="done_before"):
        await day.engine.shipping.ship(actor, view.order.id)
    await day.until_shipping(trade, "succeeded")
    rows = await day.rows("SELECT who, chat, verb, before, after FROM acts WHERE verb = 'ship'")
    assert [tuple(row)[:4] for row in rows] == [("terminal:老板", "terminal", "ship", "manual")]
