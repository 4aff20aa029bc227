"""A risky order waits for a person: approved, rejected, postponed, or held in silence, never shipped by it (law 9)."""

import asyncio

import pytest

from core.errors import IllegalMove, ShopError
from tests.flow.shop import Day, Trade

RISKY = {"max_quantity": "1"}
SILENCE_APPROVES = {
    "approvals.decide": "UPDATE approvals SET state = replace(:state, 'expired', 'approved'), version = version + 1, "
    "decided_at = :now, decided_by = :by WHERE order_id = :order_id AND state = 'pending'",
    "fulfilments.move": "UPDATE fulfilments SET state = CASE WHEN :reason = 'expired' THEN 'scheduled' ELSE :state END, "
    "version = version + 1, due_at = CASE WHEN :reason = 'expired' THEN :now ELSE :due_at END, "
    "planned_at = coalesce(:planned_at, planned_at), reason = :reason, remind_at = :remind_at, updated_at = :now "
    "WHERE order_id = :id AND version = :version",
}
"""A shop in which a deadline that passed lets the goods go."""
DECIDE_AGAIN = {
    "approvals.decide": "UPDATE approvals SET state = :state, version = version + 1, decided_at = :now, "
    "decided_by = :by WHERE order_id = :order_id",
    "approvals.latest_of": "SELECT id, order_id, 'pending' AS state, version, reasons, asked_at, remind_at, "
    "escalate_at, expires_at, reminded, escalated, decided_at, decided_by FROM approvals WHERE order_id = :order_id",
}
"""A shop that takes every answer to a question."""


async def ask(day: Day) -> Trade:
    """A buyer orders more than is usual."""
    trade = await (await day.buyer()).pays(await day.card(**RISKY), quantity=2)
    view = await day.until_shipping(trade, "awaiting_approval")
    await day.until_told("order_risky", view.order.id)
    return trade


async def test_an_approved_order_ships(day: Day) -> None:
    trade = await ask(day)
    await day.approve(trade)
    view = await day.until_shipping(trade, "succeeded")
    assert view.approval is not None and view.approval.decided_by == "老板"


@pytest.mark.day(settings={"shipping.undo_s": 300})
async def test_an_approval_can_be_taken_back_before_its_window_is_over(day: Day) -> None:
    trade = await ask(day)
    view = await day.approve(trade)
    await day.engine.shipping.undo(day.actor(), view.order.id)
    await day.later(minutes=10)
    await day.quiet()
    assert await day.shipping(trade) == "held"
    assert not day.is_shipped(trade)


async def test_a_rejected_order_stays_held(day: Day) -> None:
    trade = await ask(day)
    await day.reject(trade, "太可疑")
    await day.later(hours=3)
    await day.quiet()
    assert await day.shipping(trade) == "held"
    assert not day.is_shipped(trade)


async def test_silence_reminds_escalates_and_holds(day: Day) -> None:
    trade = await ask(day)
    order_id = (await day.view(trade)).order.id
    for minutes, kind in ((21, "approval_reminder"), (20, "approval_escalated"), (20, "approval_expired")):
        await day.later(minutes=minutes)
        await day.until_told(kind, order_id)
    await day.later(hours=2)
    await day.quiet()
    view = await day.view(trade)
    assert view.fulfilment is not None and (view.fulfilment.state, view.fulfilment.reason) == ("held", "expired")
    assert day.texts_to(trade) == []


@pytest.mark.day(replaced=SILENCE_APPROVES, right=False)
async def test_where_silence_approves_the_goods_are_gone(day: Day) -> None:
    trade = await ask(day)
    await day.later(minutes=61)
    await day.until(lambda: day.is_shipped(trade))


async def test_postponing_moves_every_deadline(day: Day) -> None:
    trade = await ask(day)
    order_id = (await day.view(trade)).order.id
    await day.engine.approvals.postpone(day.actor(), order_id, 3600)
    await day.later(minutes=61)
    await day.quiet()
    assert await day.shipping(trade) == "awaiting_approval"
    assert day.owner.told("approval_expired") == []
    await day.later(minutes=60)
    await day.until_told("approval_expired", order_id)
    await day.until_shipping(trade, "held")


async def test_a_held_order_can_still_be_released(day: Day) -> None:
    trade = await ask(day)
    await day.later(minutes=61)
    view = await day.until_shipping(trade, "held")
    await day.engine.shipping.release(day.actor(), view.order.id)
    await day.until_shipping(trade, "succeeded")


async def test_the_first_answer_wins(day: Day) -> None:
    trade = await ask(day)
    await day.reject(trade)
    with pytest.raises(IllegalMove, match="already_decided"):
        await day.approve(trade)
    assert await day.shipping(trade) == "held"


async def decide_at_once(day: Day, trade: Trade) -> list[object]:
    """Eight people answer in the same instant."""
    order_id = (await day.view(trade)).order.id
    approvals = day.engine.approvals
    answers = [
        approvals.approve(day.actor(f"甲{n}"), order_id) if n % 2 else approvals.reject(day.actor(f"乙{n}"), order_id)
        for n in range(8)
    ]
    return await asyncio.gather(*answers, return_exceptions=True)


async def test_of_eight_answers_in_one_instant_one_counts(day: Day) -> None:
    trade = await ask(day)
    results = await decide_at_once(day, trade)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert all(isinstance(r, IllegalMove) for r in results if isinstance(r, ShopError))
    assert await day.one("SELECT count(*) FROM acts WHERE verb IN ('approve', 'reject')") == 1


@pytest.mark.day(replaced=DECIDE_AGAIN, right=False)
async def test_without_compare_and_set_several_answers_count(day: Day) -> None:
    trade = await ask(day)
    results = await decide_at_once(day, trade)
    assert sum(not isinstance(result, Exception) for result in results) > 1


async def test_a_button_made_for_an_older_state_is_refused(day: Day) -> None:
    trade = await ask(day)
    view = await day.view(trade)
    await day.engine.approvals.postpone(day.actor(), view.order.id, 600)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        await day.approve(trade, version=view.version)
    assert await day.shipping(trade) == "awaiting_approval"


async def test_a_cancelled_order_takes_its_question_back(day: Day) -> None:
    trade = await ask(day)
    await day.world.control.act("cancel", trade.order_no)
    view = await day.until_shipping(trade, "cancelled")
    assert view.approval is not None and view.approval.state == "withdrawn"
    await day.later(hours=2)
    await day.quiet()
    assert day.owner.told("approval_reminder") == []


async def test_the_question_survives_a_restart(day: Day) -> None:
    trade = await ask(day)
    await day.close()
    await day.later(minutes=45)
    await day.open()
    await day.until_told("approval_escalated")
    assert await day.shipping(trade) == "awaiting_approval"
    await day.approve(trade)
    await day.until_shipping(trade, "succeeded")
