"""From payment to the goods: text and ship call, by hand, as a parcel; what is undone, held and delayed."""

from datetime import timedelta

import pytest

from core.errors import IllegalMove, OutOfStock, Refused
from core.values.fulfilment import FulfilmentState
from tests.flow.shop import Day


async def test_a_paid_order_gets_its_text_and_then_the_ship_call(day: Day) -> None:
    item = await day.card()
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == [f"给您的卡密：8888-{trade.order_no}"]
    sent, shipped = day.record("sent")[0], day.record("shipped", order_id=trade.order_no)[0]
    assert sent["at"] <= shipped["at"]
    assert shipped["how"] == "dummy"
    assert view.order.state == "shipped"
    await day.until_told("order_shipped", view.order.id)


async def test_each_key_goes_to_one_order(day: Day) -> None:
    item = await day.card(text="卡密 {keys}")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111", "BBBB-2222"])
    trades = [await (await day.buyer(nick)).pays(item) for nick in ("小鱼", "小虾")]
    for trade in trades:
        await day.until_shipping(trade, "succeeded")
    assert sorted(text for trade in trades for text in day.texts_to(trade)) == ["卡密 AAAA-1111", "卡密 BBBB-2222"]


async def test_goods_without_configuration_wait_for_the_owner(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.item())
    view = await day.until_shipping(trade, "manual")
    await day.until_told("order_unconfigured", view.order.id)
    await day.later(minutes=30)
    await day.quiet()
    assert not day.is_shipped(trade)


async def test_what_the_owner_ships_leaves_when_the_undo_window_is_over(day: Day) -> None:
    item = await day.card(auto_ship="off")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    view = await day.ship(trade)
    assert view.fulfilment is not None and view.fulfilment.due_at is not None
    assert day.texts_to(trade) == []
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    assert day.record("shipped")[0]["at"] >= view.fulfilment.due_at.timestamp() * 1000


@pytest.mark.day(settings={"shipping.undo_s": 300})
async def test_undo_takes_a_shipment_back_within_its_window(day: Day) -> None:
    item = await day.card(auto_ship="off")
    trade = await (await day.buyer()).pays(item)
    shown = await day.until_shipping(trade, "manual")
    await day.ship(trade)
    await day.engine.shipping.undo(day.actor(), shown.order.id)
    await day.later(minutes=10)
    await day.quiet()
    assert await day.shipping(trade) == "manual"
    assert not day.is_shipped(trade)


async def test_after_the_window_nothing_can_be_undone(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    view = await day.until_shipping(trade, "succeeded")
    with pytest.raises(IllegalMove, match="too_late_to_undo"):
        await day.engine.shipping.undo(day.actor(), view.order.id)


async def test_a_parcel_leaves_with_the_number_the_owner_typed(day: Day) -> None:
    item = await day.item("手机壳", virtual=False, mode="physical", auto_ship="on")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    with pytest.raises(Refused, match="tracking_needed"):
        await day.ship(trade)
    await day.ship(trade, "SF", "SF1234567890")
    view = await day.until_shipping(trade, "succeeded")
    [shipped] = day.record("shipped", order_id=trade.order_no)
    assert (shipped["how"], shipped["tracking_no"]) == ("offline", "SF1234567890")
    assert (view.order.carrier, view.order.tracking_no) == ("SF", "SF1234567890")


@pytest.mark.day(settings={"shipping.undo_s": 0})
async def test_physical_goods_without_postage_wait_within_their_range(day: Day) -> None:
    item = await day.item("手机壳", virtual=True, mode="physical", auto_ship="on", delay="20-40")
    trade = await (await day.buyer()).pays_by_card(item)
    view = await day.until_shipping(trade, "scheduled")
    assert view.fulfilment is not None and view.fulfilment.due_at is not None
    wait = view.fulfilment.due_at - view.fulfilment.created_at
    assert timedelta(minutes=20) <= wait <= timedelta(minutes=40)
    await day.later(minutes=41)
    await day.until_shipping(trade, "succeeded")


async def test_a_delayed_shipment_waits_until_then(day: Day) -> None:
    item = await day.item("手机壳", virtual=True, mode="physical", auto_ship="on", delay="20-20")
    trade = await (await day.buyer()).pays_by_card(item)
    view = await day.until_shipping(trade, "scheduled")
    await day.engine.shipping.delay(day.actor(), view.order.id, day.clock.now() + timedelta(hours=3))
    await day.later(hours=1)
    await day.quiet()
    assert await day.shipping(trade) == "scheduled"
    await day.later(hours=2)
    await day.until_shipping(trade, "succeeded")


async def test_what_is_held_stays_until_it_is_released(day: Day) -> None:
    item = await day.item("手机壳", virtual=True, mode="physical", auto_ship="on", delay="20-20")
    trade = await (await day.buyer()).pays_by_card(item)
    view = await day.until_shipping(trade, "scheduled")
    await day.engine.shipping.hold(day.actor(), view.order.id, "等一下")
    await day.later(hours=2)
    await day.quiet()
    assert not day.is_shipped(trade)
    await day.engine.shipping.release(day.actor(), view.order.id)
    await day.until_shipping(trade, "succeeded")


async def test_orders_short_of_stock_are_filled_in_the_order_of_payment(day: Day) -> None:
    item = await day.card(stock="0")
    trades = []
    for nick in ("甲", "乙", "丙"):
        trades.append(await (await day.buyer(nick)).pays(item))
        await day.until_shipping(trades[-1], "short")
    with pytest.raises(OutOfStock):
        await day.ship(trades[0])
    await day.engine.stock.set_free(day.actor(), await day.product(item), 2)
    for trade in trades[:2]:
        await day.until_shipping(trade, "succeeded")
    assert await day.shipping(trades[2]) == "short"
    assert len(day.owner.told("order_short")) == 3


async def test_a_cancelled_order_gives_its_units_back(day: Day) -> None:
    item = await day.card(auto_ship="off", stock="3")
    trade = await (await day.buyer()).pays(item, quantity=2)
    await day.until_shipping(trade, "manual")
    product = await day.product(item)
    assert (await day.engine.items.show(product)).product.free == 1
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    assert (await day.engine.items.show(product)).product.free == 3
    await day.until_told("order_cancelled")


async def test_what_the_owner_ships_in_the_app_is_seen(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.world.control.act("ship_in_app", trade.order_no)
    view = await day.until_shipping(trade, "succeeded")
    assert view.order.state == "shipped"
    assert day.texts_to(trade) == []


async def test_an_order_lives_to_its_end(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.world.control.act("confirm", trade.order_no)
    await day.until_state(trade, "completed")
    await day.world.control.act("rate", trade.order_no)
    await day.quiet()
    view = await day.view(trade)
    assert view.order.state == "completed"
    assert view.fulfilment is not None and view.fulfilment.state is FulfilmentState.succeeded


async def test_manual_work_is_reminded_of_and_escalated_until_it_is_done(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    view = await day.until_shipping(trade, "manual")
    for hours, kind, count in ((2, "manual_reminder", 1), (6, "manual_reminder", 2), (12, "manual_escalated", 1)):
        await day.later(hours=hours, minutes=1)
        await day.until(lambda k=kind, c=count: len(day.owner.told(k, view.order.id)) == c, f"{kind} {count}")
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")
    seen = len(day.owner.notices)
    await day.later(hours=5)
    await day.quiet()
    assert [n.kind for n in day.owner.notices[seen:] if n.kind.startswith("manual")] == []
