"""Whether goods travel by post stands only in the paid card, which may come after the order's record was read."""

from tests.flow.shop import Day

GOODS = {"mode": "physical", "auto_ship": "on", "delay": "5-5"}


async def test_goods_without_postage_go_after_their_wait_whichever_word_comes_first(day: Day) -> None:
    item = await day.item(**GOODS)
    buyer = await day.buyer()
    trade = await buyer.orders(item)
    await day.world.control.pay(trade.order_no, show="update")
    await day.until_shipping(trade, "scheduled")


async def test_a_parcel_whose_postage_was_unknown_is_handed_over_when_it_is_due(day: Day) -> None:
    item = await day.item(virtual=False, **GOODS)
    trade = await (await day.buyer()).orders(item)
    await day.world.control.fault("drop", probability=1, on="card")
    await day.world.control.fault("drop", probability=1, on="update")
    await day.world.control.pay(trade.order_no)
    await day.until_shipping(trade, "scheduled")
    await day.later(minutes=6)
    view = await day.until_shipping(trade, "manual")
    assert view.fulfilment is not None and view.fulfilment.reason == "tracking_needed"
    assert not day.is_shipped(trade)
    await day.until_told("order_manual")
