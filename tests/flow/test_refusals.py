"""Saying no to a refund: once, after a confirm, never blindly repeated; the platform's word decides what follows."""

import asyncio

import pytest

from core.errors import NotFound, Refused
from tests.flow.shop import Day, Trade
from tests.flow.test_in_doubt import ASK_NOBODY
from tests.flow.test_refunds import later, refund


async def asked(day: Day) -> Trade:
    """An order whose buyer wants the money back, read with its reasons."""
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    await until_read(day, trade)
    return trade


async def until_read(day: Day, trade: Trade) -> None:
    async def read() -> bool:
        found = (await day.view(trade)).refund
        return found is not None and bool(found.choices)

    await day.until(read, "the refund's reasons")


async def refuse(day: Day, trade: Trade, choice: str = "102") -> None:
    await day.engine.refunds.refuse(day.actor(), (await day.view(trade)).order.id, choice)


def refusals(day: Day, trade: Trade) -> list[dict]:
    return day.record("refund_refused", order_id=trade.order_no)


async def test_the_platform_tells_what_is_wanted_back_and_why(day: Day) -> None:
    found = (await day.view(await asked(day))).refund
    assert found is not None
    assert (found.amount_fen, found.reason, found.refusable) == (5000, "不想要了", True)
    assert [one.id for one in found.choices] == ["101", "102", "103"]


async def test_a_refused_refund_is_told_and_needs_a_new_approval(day: Day) -> None:
    trade = await asked(day)
    await refuse(day, trade)
    await day.until_told("refusal_done")
    view = await day.until_state(trade, "pending_ship")
    assert view.refund is not None and view.refund.state == "refused"
    assert [one["reason_id"] for one in refusals(day, trade)] == ["102"]
    assert await day.shipping(trade) == "held"
    await day.later(minutes=30)
    await day.quiet()
    assert not day.is_shipped(trade), "a no to the buyer is no yes to shipping"
    await day.approve(trade)
    await day.later(minutes=30)
    await day.until_shipping(trade, "succeeded")


async def test_a_lost_answer_is_asked_about_and_not_said_again(day: Day) -> None:
    trade = await asked(day)
    await day.world.control.fault("drop", probability=1, on="summary")
    await day.world.control.fault("timeout_after_effect", times=1, on="refund.refuse")
    await refuse(day, trade)
    await day.until_told("refusal_done")
    assert len(refusals(day, trade)) == 1
    assert day.world._gate.calls["mtop.taobao.idle.refund.refuse"] == 1
    await day.until_state(trade, "pending_ship")


async def test_a_call_that_never_arrived_is_made_again(day: Day) -> None:
    trade = await asked(day)
    await day.world.control.fault("timeout_before_effect", times=1, on="refund.refuse")
    await refuse(day, trade)
    await day.until_told("refusal_done")
    assert len(refusals(day, trade)) == 1


async def test_what_the_platform_cannot_tell_is_the_owners_to_look_at_and_asked_again_by_a_press(day: Day) -> None:
    trade = await asked(day)
    control = day.world.control
    await control.fault("drop", probability=1)
    await control.fault("timeout_after_effect", times=1, on="refund.refuse")
    await control.fault("http_5xx", probability=1, on="refund.detail")
    await refuse(day, trade)
    await day.until(lambda: refusals(day, trade))
    for _ in range(8):
        await day.later(minutes=2)
        await asyncio.sleep(0.1)
    await day.until_told("refusal_unknown")
    await control.fault("http_5xx", probability=0, on="refund.detail")
    await refuse(day, trade, "103")
    await day.until_told("refusal_done")
    assert len(refusals(day, trade)) == 1


async def test_a_no_of_the_platform_is_shown_with_its_words_and_may_be_tried_again(day: Day) -> None:
    trade = await asked(day)
    await day.world.control.fault("permission", times=1, on="refund.refuse")
    await refuse(day, trade)
    notice = await day.until_told("refusal_failed")
    assert "PERMISSION" in notice.detail
    assert refusals(day, trade) == []
    await refuse(day, trade, "与买家协商一致不退款")
    await day.until_told("refusal_done")
    assert [one["reason_id"] for one in refusals(day, trade)] == ["103"]


async def test_two_presses_refuse_once(day: Day) -> None:
    trade = await asked(day)
    order_id = (await day.view(trade)).order.id
    acts = [day.engine.refunds.refuse(day.actor(), order_id, "101") for _ in range(5)]
    results = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in results) == 4
    await day.until_told("refusal_done")
    assert len(refusals(day, trade)) == 1


async def test_a_refund_withdrawn_before_the_no_leaves_is_not_refused(day: Day) -> None:
    trade = await asked(day)
    await day.engine.pauses.stop_all(day.actor())
    await refuse(day, trade)
    await day.world.control.act("withdraw_refund", trade.order_no)
    view = await day.until_state(trade, "pending_ship")
    assert view.refund is not None and view.refund.state == "withdrawn"
    await day.engine.pauses.resume_all(day.actor())
    await day.quiet()
    assert refusals(day, trade) == []
    assert await day.one("SELECT state FROM outbox WHERE kind = 'refuse_refund'") == "cancelled"


async def test_a_refund_agreed_to_in_the_app_meanwhile_is_over(day: Day) -> None:
    trade = await asked(day)
    await day.world.control.fault("drop", probability=1)
    await day.world.control.act("agree_refund", trade.order_no)
    await refuse(day, trade)
    await day.until_state(trade, "cancelled")
    assert refusals(day, trade) == []
    view = await day.view(trade)
    assert view.refund is not None and view.refund.state == "refunded"


async def test_a_second_request_may_be_refused_too(day: Day) -> None:
    trade = await asked(day)
    await refuse(day, trade)
    await day.until_state(trade, "pending_ship")
    await refund(day, trade)
    await until_read(day, trade)
    await refuse(day, trade, "103")
    await day.until(lambda: len(refusals(day, trade)) == 2)
    await day.until_state(trade, "pending_ship")
    assert len({one["refund_id"] for one in refusals(day, trade)}) == 2


async def test_a_reason_nobody_offered_is_refused_here(day: Day) -> None:
    trade = await asked(day)
    with pytest.raises(NotFound, match="no_such_reason"):
        await refuse(day, trade, "999")


async def test_without_a_request_there_is_nothing_to_refuse(day: Day) -> None:
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    with pytest.raises(NotFound, match="no_refund"):
        await refuse(day, trade)


async def test_a_request_that_could_not_be_read_is_asked_about_again(day: Day) -> None:
    await day.world.control.fault("http_5xx", probability=1, on="refund.detail")
    trade = await later(day)
    await day.until_shipping(trade, "scheduled")
    await refund(day, trade)
    for _ in range(8):
        await day.later(minutes=10)
        await asyncio.sleep(0.05)
    with pytest.raises(Refused, match="refund_unread"):
        await refuse(day, trade)
    await day.world.control.fault("http_5xx", probability=0, on="refund.detail")
    with pytest.raises(Refused, match="refund_unread"):
        await day.engine.refunds.show((await day.view(trade)).order.id)
    await until_read(day, trade)
    await refuse(day, trade)
    await day.until_told("refusal_done")


async def test_a_request_the_platform_keeps_for_the_app_says_so(day: Day) -> None:
    trade = await asked(day)
    await day.shop.work.store.write(lambda tx: tx._connection.execute("UPDATE refunds SET refusable = 0").rowcount)
    with pytest.raises(Refused, match="refund_app_only"):
        await refuse(day, trade)


@pytest.mark.day(replaced=ASK_NOBODY)
async def test_a_shop_that_does_not_ask_makes_the_call_twice(day: Day) -> None:
    """The control of law 3; the platform happens to refuse the second one."""
    trade = await asked(day)
    await day.world.control.fault("drop", probability=1, on="summary")
    await day.world.control.fault("timeout_after_effect", times=1, on="refund.refuse")
    await refuse(day, trade)
    await day.until(lambda: day.world._gate.calls.get("mtop.taobao.idle.refund.refuse") == 2)
