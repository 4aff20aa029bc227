"""A write without an answer may have happened: the platform is asked first, then a person; nothing goes out twice."""

import asyncio

import pytest

from tests.flow.shop import Day, Trade

ASK_NOBODY = {
    "outbox.again": "UPDATE outbox SET state = replace(:state, 'asking', 'waiting'), due_at = :due_at, "
    "error_class = :error_class, error = :error, run = NULL, lease_until = NULL "
    "WHERE id = :id AND state IN ('claimed', 'unknown')"
}
"""A shop that repeats a write whose outcome it does not know."""


async def pay(day: Day, **fields: str) -> Trade:
    return await (await day.buyer()).pays(await day.card(**fields))


async def test_a_text_that_arrived_without_an_answer_is_found_in_history_and_not_sent_again(day: Day) -> None:
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


@pytest.mark.day(replaced=ASK_NOBODY, right=False)
async def test_a_shop_that_does_not_ask_sends_it_twice(day: Day) -> None:
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    trade = await pay(day)
    await day.until(lambda: len(day.texts_to(trade)) == 2)


async def test_its_own_echo_settles_a_text_in_doubt(day: Day) -> None:
    """History cannot be asked: the echo alone tells that the text arrived."""
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    await day.world.control.fault("delay", times=1, on="echo", by_s=0.7)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    await day.quiet()
    assert len(day.texts_to(trade)) == 1
    assert day.owner.told("chat_takeover") == []


async def test_a_text_that_never_left_is_sent_once_more(day: Day) -> None:
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_a_ship_call_without_an_answer_is_settled_by_the_orders_record(day: Day) -> None:
    await day.world.control.fault("timeout_after_effect", times=1, on="consign.dummy")
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    calls = day.world._gate.calls
    assert calls["mtop.taobao.idle.logistic.consign.dummy"] == 1
    assert len(day.texts_to(trade)) == 1


async def test_a_ship_call_that_never_arrived_is_made_again(day: Day) -> None:
    await day.world.control.fault("timeout_before_effect", times=1, on="consign.dummy")
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    assert len(day.record("shipped", order_id=trade.order_no)) == 1
    assert len(day.texts_to(trade)) == 1


async def in_doubt(day: Day) -> Trade:
    """A text of which nobody can tell whether it arrived: the owner typed the same words in the same moment."""
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    item = await day.card(text="给您的卡密：8888")
    trade = await (await day.buyer()).pays(item)
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    await day.world.control.type_by_hand(trade.chat_no, day.texts_to(trade)[0])
    view = await day.until_shipping(trade, "unknown")
    await day.until_told("order_unknown", view.order.id)
    assert view.evidence
    return trade


async def test_with_two_candidates_a_person_must_tell(day: Day) -> None:
    trade = await in_doubt(day)
    await day.later(hours=1)
    await day.quiet()
    assert await day.shipping(trade) == "unknown"
    assert len(day.texts_to(trade)) == 1


async def test_a_person_says_it_went_out_and_only_the_ship_call_follows(day: Day) -> None:
    trade = await in_doubt(day)
    await day.settle(trade, "sent")
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_a_person_wants_the_same_again_and_the_same_key_is_sent(day: Day) -> None:
    trade = await keyed_in_doubt(day)
    await day.settle(trade, "again")
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == ["卡密 AAAA-1111", "卡密 AAAA-1111"]


async def keyed_in_doubt(day: Day) -> Trade:
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    item = await day.card(text="卡密 {keys}")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111", "BBBB-2222"])
    trade = await (await day.buyer()).pays(item)
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    await day.world.control.type_by_hand(trade.chat_no, day.texts_to(trade)[0])
    await day.until_shipping(trade, "unknown")
    return trade


async def next_key(day: Day) -> str:
    """The key the next buyer of the same item gets."""
    item = await day.one("SELECT item_id FROM listings")
    trade = await (await day.buyer("后来的人")).pays(item)
    await day.until_shipping(trade, "succeeded")
    return day.texts_to(trade)[0]


async def test_a_key_that_may_be_out_is_never_sold_again_after_giving_up(day: Day) -> None:
    trade = await keyed_in_doubt(day)
    await day.settle(trade, "give_up")
    assert await day.shipping(trade) == "cancelled"
    assert await next_key(day) == "卡密 BBBB-2222"


async def test_a_key_that_may_be_out_is_never_sold_again_after_the_order_closed(day: Day) -> None:
    trade = await keyed_in_doubt(day)
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    assert await next_key(day) == "卡密 BBBB-2222"
    assert (await day.engine.health.show()).unknown == 0


@pytest.mark.day(replaced={"outbox.text_out": "SELECT 1 FROM outbox WHERE 0 AND order_id = :order_id"}, right=False)
async def test_without_that_rule_the_same_key_goes_to_the_next_buyer(day: Day) -> None:
    trade = await keyed_in_doubt(day)
    await day.settle(trade, "give_up")
    assert await next_key(day) == "卡密 AAAA-1111"


async def test_a_key_nobody_saw_comes_back(day: Day) -> None:
    item = await day.card(text="卡密 {keys}", auto_ship="off")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111"])
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    await day.engine.items.change(day.actor(), await day.product(item), "auto_ship", "on")
    assert await next_key(day) == "卡密 AAAA-1111"


async def test_a_refused_text_fails_and_nothing_is_shipped(day: Day) -> None:
    await day.world.control.fault("csi_forbid", times=1, on="send")
    trade = await pay(day)
    view = await day.until_shipping(trade, "failed")
    await day.until_told("order_failed", view.order.id)
    await day.later(hours=1)
    await day.quiet()
    assert not day.is_shipped(trade)
    assert view.fulfilment is not None and view.fulfilment.error_class == "business"
    await day.engine.shipping.retry(day.actor(), view.order.id)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_a_refused_ship_call_fails_and_the_text_never_goes_again(day: Day) -> None:
    await day.world.control.fault("permission", times=1, on="consign.dummy")
    trade = await pay(day)
    view = await day.until_shipping(trade, "failed")
    assert view.fulfilment is not None and view.fulfilment.text_sent
    assert len(day.texts_to(trade)) == 1
    await day.engine.shipping.retry(day.actor(), view.order.id)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


@pytest.mark.day(
    replaced={"fulfilments.set_text_sent": "UPDATE fulfilments SET text_sent = 0 WHERE order_id = :id"}, right=False
)
async def test_a_shop_that_forgets_what_it_sent_sends_it_again_on_retry(day: Day) -> None:
    await day.world.control.fault("permission", times=1, on="consign.dummy")
    trade = await pay(day)
    view = await day.until_shipping(trade, "failed")
    await day.engine.shipping.retry(day.actor(), view.order.id)
    await day.until(lambda: len(day.texts_to(trade)) == 2)


async def test_attempts_are_used_up_and_then_it_fails(day: Day) -> None:
    await day.world.control.fault("http_5xx", probability=1, on="order.detail")
    trade = await pay(day)
    await day.until(lambda: day.world.market.faults.hit.get("http_5xx", 0) >= 1)
    for _ in range(8):
        await day.later(minutes=3)
        await asyncio.sleep(0.05)
    view = await day.until_shipping(trade, "manual")
    assert view.fulfilment is not None and view.fulfilment.reason == "no_record"
    await day.until_told("order_manual", view.order.id)


async def test_a_bad_minute_of_the_platform_is_sat_out(day: Day) -> None:
    await day.world.control.fault("http_5xx", times=2)
    trade = await pay(day)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1


async def test_goods_that_fail_once_do_not_follow_an_order_that_closed_meanwhile(day: Day) -> None:
    """The text is on its way without an answer while the buyer closes the order; it never arrived, and stays here."""
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    trade = await pay(day)
    await day.until(lambda: day.world.market.faults.hit.get("timeout_before_effect"))
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    await day.later(minutes=10)
    await day.quiet()
    assert day.texts_to(trade) == []


async def test_goods_that_fail_once_do_not_follow_a_refund_asked_meanwhile(day: Day) -> None:
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    trade = await pay(day)
    await day.until(lambda: day.world.market.faults.hit.get("timeout_before_effect"))
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_shipping(trade, "held")
    await day.later(minutes=10)
    await day.quiet()
    assert day.texts_to(trade) == []
