"""An order without a conversation: it is opened; refused, the order waits for a person and nothing is skipped."""

from tests.flow.shop import Buyer, Day, Trade


async def chatless(day: Day, item: str, buyer: Buyer) -> Trade:
    """An order only the sold list tells of."""
    trade = await buyer.pays(item, silent=True)
    await day.later(minutes=31)
    return trade


async def test_a_conversation_is_opened_for_an_order_without_one(day: Day) -> None:
    trade = await chatless(day, await day.card(), await day.buyer())
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    assert await day.one("SELECT chat_no FROM orders") == trade.chat_no


async def test_where_none_is_opened_the_order_waits_for_a_person(day: Day) -> None:
    await day.world.control.fault("chat_refused", probability=1)
    trade = await chatless(day, await day.card(), await day.buyer())
    view = await day.until_shipping(trade, "manual")
    assert view.fulfilment is not None and view.fulfilment.reason == "no_chat"
    assert "会话创建失败" in (view.fulfilment.error or "")
    await day.until_told("order_manual", view.order.id)
    assert (day.texts_to(trade), day.is_shipped(trade)) == ([], False)
    assert await day.one("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'claimed', 'asking')") == 0


async def test_the_person_sends_it_once_the_platform_opens_one(day: Day) -> None:
    await day.world.control.fault("chat_refused", probability=1)
    trade = await chatless(day, await day.card(), await day.buyer())
    await day.until_shipping(trade, "manual")
    await day.world.control.fault("chat_refused", probability=0)
    await day.ship(trade)
    await day.later(seconds=11)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_refused_again_it_is_the_persons_again(day: Day) -> None:
    await day.world.control.fault("chat_refused", probability=1)
    trade = await chatless(day, await day.card(), await day.buyer())
    first = await day.until_shipping(trade, "manual")
    await day.ship(trade)
    await day.later(seconds=11)
    assert first.fulfilment is not None
    version = first.fulfilment.version

    async def again() -> bool:
        view = await day.view(trade)
        assert view.fulfilment is not None
        return view.fulfilment.state == "manual" and view.fulfilment.version > version

    await day.until(again, "the hand again")
    assert day.texts_to(trade) == []


async def test_a_person_who_ships_in_the_app_ends_it(day: Day) -> None:
    await day.world.control.fault("chat_refused", probability=1)
    trade = await chatless(day, await day.card(), await day.buyer())
    await day.until_shipping(trade, "manual")
    await day.world.control.act("ship_in_app", trade.order_no)
    await day.later(minutes=31)
    await day.until_shipping(trade, "succeeded")


async def test_two_orders_without_a_conversation_are_told_apart(day: Day) -> None:
    """Both get the one conversation, each its own text, and neither's is the other's proof."""
    item, buyer = await day.card(text="同一段话"), await day.buyer()
    first = await chatless(day, item, buyer)
    second = await chatless(day, item, buyer)
    for trade in (first, second):
        await day.until_shipping(trade, "succeeded")
    assert day.texts_to(first) == ["同一段话", "同一段话"]
    assert await day.one("SELECT count(DISTINCT chat_id) FROM outbox WHERE kind = 'deliver'") == 1
