"""A refund asked for stops the goods; a refund withdrawn never lets them go by itself."""

import pytest

from core.errors import IllegalMove, Refused
from tests.flow.shop import Day, Trade


async def refund(day: Day, trade: Trade) -> None:
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")


async def withdraw(day: Day, trade: Trade) -> None:
    await day.world.control.act("withdraw_refund", trade.order_no)
    await day.until_told("order_back_from_refund")


async def later(day: Day, **fields: str) -> Trade:
    """An order that ships in twenty minutes."""
    item = await day.item("手机壳", virtual=True, mode="physical", auto_ship="on", delay="20-20", **fields)
    return await (await day.buyer()).pays_by_card(item)


async def test_a_refund_holds_what_is_scheduled(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await day.later(hours=1)
    await day.quiet()
    view = await day.view(trade)
    assert view.fulfilment is not None and (view.fulfilment.state, view.fulfilment.reason) == ("held", "refunding")
    assert not day.is_shipped(trade)
    await day.until_told("order_refunding", view.order.id)


async def test_a_refund_holds_what_waits_for_an_approval(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(max_quantity="1"), quantity=2)
    await day.until_shipping(trade, "awaiting_approval")
    await refund(day, trade)
    view = await day.until_shipping(trade, "held")
    assert view.approval is not None and view.approval.state == "withdrawn"
    with pytest.raises(IllegalMove):
        await day.approve(trade)


async def test_while_a_refund_is_open_nobody_ships(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await day.until_shipping(trade, "held")
    with pytest.raises(Refused, match="refund_open"):
        await day.ship(trade)
    with pytest.raises(Refused, match="refund_open"):
        await day.engine.shipping.release(day.actor(), (await day.view(trade)).order.id)


async def test_back_from_a_refund_a_new_approval_is_needed(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await withdraw(day, trade)
    await day.later(minutes=30)
    await day.quiet()
    assert await day.shipping(trade) == "held"
    await day.approve(trade)
    await day.later(minutes=30)
    await day.until_shipping(trade, "succeeded")


async def test_back_from_a_refund_silence_still_holds(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await withdraw(day, trade)
    await day.later(hours=2)
    await day.until_told("approval_expired")
    await day.quiet()
    assert await day.shipping(trade) == "held"
    assert not day.is_shipped(trade)


async def test_a_refund_can_be_asked_withdrawn_and_asked_again(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    for _ in range(2):
        await refund(day, trade)
        await day.world.control.act("withdraw_refund", trade.order_no)
        await day.until_state(trade, "pending_ship")
    assert await day.one("SELECT count(*) FROM inbox WHERE state = 'quarantined'") == 0
    await day.approve(trade)
    await day.later(minutes=30)
    await day.until_shipping(trade, "succeeded")


async def test_an_order_back_from_a_refund_that_closes_takes_its_question_back(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await withdraw(day, trade)
    await day.world.control.act("cancel", trade.order_no)
    view = await day.until_shipping(trade, "cancelled")
    assert view.approval is not None and view.approval.state == "withdrawn"


async def test_the_owner_takes_an_order_back_from_a_refund_into_his_own_hand(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await withdraw(day, trade)
    order_id = (await day.view(trade)).order.id
    await day.engine.shipping.hand_over(day.actor(), order_id)
    view = await day.until_shipping(trade, "manual")
    assert view.approval is not None and view.approval.state != "pending"


async def test_a_refund_between_the_check_and_the_text_stops_the_text(day: Day) -> None:
    """The text's first attempt is throttled, and meanwhile the buyer wants the money back."""
    await day.world.control.fault("flow_control", times=1, on="send")
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: day.world.market.faults.hit.get("flow_control"))
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")
    await day.later(minutes=10)
    await day.quiet()
    assert day.texts_to(trade) == []
    assert await day.shipping(trade) == "held"


async def test_money_given_back_closes_the_order_and_frees_its_units(day: Day) -> None:
    item = await day.card(auto_ship="off", stock="1")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    await refund(day, trade)
    await day.world.control.act("agree_refund", trade.order_no)
    view = await day.until_state(trade, "cancelled")
    assert view.product is not None and view.product.free == 1
    assert await day.one("SELECT state FROM refunds") == "refunded"


async def test_a_refund_after_shipping_leaves_what_was_sold_sold(day: Day) -> None:
    item = await day.card(stock="1")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "succeeded")
    await refund(day, trade)
    await day.world.control.act("agree_refund", trade.order_no)
    view = await day.until_state(trade, "cancelled")
    assert view.product is not None and (view.product.free, view.product.sold) == (0, 1)


async def test_an_order_short_of_stock_and_in_refund_does_not_ship_when_units_arrive(day: Day) -> None:
    item = await day.card(stock="0")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "short")
    await refund(day, trade)
    await day.engine.stock.set_free(day.actor(), await day.product(item), 5)
    await day.quiet()
    assert await day.shipping(trade) == "short"
    assert day.texts_to(trade) == []
    await day.world.control.act("withdraw_refund", trade.order_no)
    await day.until_shipping(trade, "awaiting_approval")
    await day.approve(trade)
    await day.until_shipping(trade, "succeeded")


async def test_money_asked_back_of_the_older_of_two_completed_orders_of_a_chat_closes_that_one(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    trades = [await buyer.pays(item) for _ in range(2)]
    for trade in trades:
        await day.until_shipping(trade, "succeeded")
        await day.world.control.act("confirm", trade.order_no)
        await day.until_state(trade, "completed")
    await day.world.control.act("ask_refund", trades[0].order_no)
    await day.until_state(trades[0], "refunding")
    await day.world.control.act("agree_refund", trades[0].order_no)
    await day.until_state(trades[0], "cancelled")
    assert await day.state(trades[1]) == "completed"
