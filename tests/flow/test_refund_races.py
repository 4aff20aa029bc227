"""While the money is asked back: what people may do, what comes twice or late, and what the guards are for."""

from pathlib import Path

import pytest

from core.errors import Refused, ShopError
from core.store.queries import load as load_queries
from tests.flow.shop import Day, open_day
from tests.flow.stages import STAGES, ask, card, goods, keys, let_go, next_buyer_gets_another, open_stage, reach, shelf

# -- what people may do while it is open


@pytest.mark.parametrize("verb", ["ship", "release", "hand_over", "retry", "again"])
@pytest.mark.parametrize("name", ["held", "failed_before_the_text", "unknown"])
async def test_no_word_of_a_person_lets_goods_go_while_the_money_is_asked_back(
    tmp_path: Path, name: str, verb: str
) -> None:
    stage = STAGES[name]
    async with open_stage(tmp_path, stage) as (day, trade):
        await ask(day, trade)
        before = await day.shipping(trade)
        order_id = (await day.view(trade)).order.id
        ways = {
            "ship": lambda: day.engine.shipping.ship(day.actor(), order_id),
            "release": lambda: day.engine.shipping.release(day.actor(), order_id),
            "hand_over": lambda: day.engine.shipping.hand_over(day.actor(), order_id),
            "retry": lambda: day.engine.shipping.retry(day.actor(), order_id),
            "again": lambda: day.engine.shipping.settle(day.actor(), order_id, "again"),
        }
        with pytest.raises(ShopError):
            await ways[verb]()
        assert await day.shipping(trade) == before
        await let_go(day)
        assert len(day.texts_to(trade)) == (1 if stage.out else 0)


async def test_retrying_all_leaves_out_those_whose_money_is_asked_back(tmp_path: Path) -> None:
    async with open_stage(tmp_path, STAGES["failed_before_the_text"]) as (day, trade):
        await ask(day, trade)
        assert await day.engine.shipping.retry_failed(day.actor()) == 0
        assert await day.shipping(trade) == "failed"


async def test_a_text_said_to_have_arrived_while_the_money_is_asked_back_is_not_followed_by_the_ship_call(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path, STAGES["unknown"]) as (day, trade):
        await ask(day, trade)
        await day.settle(trade, "sent")
        assert await day.shipping(trade) == "held"
        await let_go(day)
        assert not day.is_shipped(trade)
        await day.world.control.act("agree_refund", trade.order_no)
        await day.until_state(trade, "cancelled")
        assert await shelf(day) == (2, 0, 1)


# -- races


async def test_a_request_told_twice_is_one(tmp_path: Path) -> None:
    async with open_stage(tmp_path, STAGES["manual"]) as (day, trade):
        await day.world.control.fault("duplicate", probability=1)
        await ask(day, trade)
        await day.quiet()
        assert await day.one("SELECT count(*) FROM refunds") == 1
        assert len(day.owner.told("order_refunding")) == 1


async def test_an_old_request_that_comes_after_its_end_changes_nothing(tmp_path: Path) -> None:
    """The frame is late: what the platform's record says counts."""
    async with open_stage(tmp_path, STAGES["manual"]) as (day, trade):
        await day.world.control.fault("delay", times=2, by_s=0.6)
        await day.world.control.act("ask_refund", trade.order_no)
        await day.world.control.act("withdraw_refund", trade.order_no)
        await day.later(minutes=1)
        await day.quiet(1.0)
        await day.until_state(trade, "pending_ship")
        assert await shelf(day) == (2, 1, 0)


async def test_a_request_while_the_ship_call_is_under_way_leaves_it_shipped(day: Day) -> None:
    """The goods are out and the platform knows: the request is about a shipped order then."""
    await day.world.control.fault("timeout_after_effect", times=1, on="consign.dummy")
    trade = await (await day.buyer()).pays(await goods(day))
    await day.until(lambda: day.is_shipped(trade))
    await ask(day, trade)
    await day.until_shipping(trade, "succeeded")
    await day.world.control.act("agree_refund", trade.order_no)
    await day.until_state(trade, "cancelled")
    assert await shelf(day) == (2, 0, 1)


async def test_a_request_while_nobody_knows_whether_the_text_arrived(tmp_path: Path) -> None:
    """Given up, the key counts as sold: a person who gave up in doubt did not say that it did not arrive."""
    async with open_stage(tmp_path, STAGES["unknown"]) as (day, trade):
        await ask(day, trade)
        await day.settle(trade, "give_up")
        assert await day.shipping(trade) == "cancelled"
        assert await shelf(day) == (2, 0, 1)
        await day.world.control.act("agree_refund", trade.order_no)
        await day.until_state(trade, "cancelled")
        assert await keys(day) == {"free": 2, "sold": 1}


async def test_withdrawn_approved_and_asked_again_holds_again(tmp_path: Path) -> None:
    async with open_stage(tmp_path, STAGES["manual"]) as (day, trade):
        for _ in range(2):
            await ask(day, trade)
            await day.world.control.act("withdraw_refund", trade.order_no)
            await day.until_state(trade, "pending_ship")
            await day.engine.pauses.pause(day.actor(), "all", None, None, "")
            await day.approve(trade)
            await day.until_shipping(trade, "scheduled")
        await ask(day, trade)
        assert await day.shipping(trade) == "held"
        with pytest.raises(Refused, match="refund_open"):
            await day.engine.shipping.release(day.actor(), (await day.view(trade)).order.id)
        assert await day.one("SELECT count(*) FROM refunds") == 3


async def test_a_part_given_back_counts_as_that_part(day: Day) -> None:
    """What the platform says is wanted back is what is counted, in the day's numbers and in the check of the books."""
    trade = await (await day.buyer()).pays(await goods(day))
    await day.until_shipping(trade, "succeeded")
    await day.world.control.act("ask_refund", trade.order_no, amount_fen=1200)

    async def read() -> bool:
        found = (await day.view(trade)).refund
        return found is not None and found.amount_fen == 1200

    await day.until(read, "the amount")
    assert "¥ 12.00 · 不想要了" in await card(day, trade)
    await day.world.control.act("agree_refund", trade.order_no)
    await day.until_state(trade, "cancelled")
    assert await day.one("SELECT sum(value) FROM daily WHERE name = 'refund_fen'") == 1200


# -- controls: what the guards are for


async def test_without_asking_whether_the_text_is_out_a_key_is_sold_twice(tmp_path: Path) -> None:
    """Law 7 off: the key of a closed order comes back although its buyer has it."""
    blind = {"outbox.text_out": "SELECT 1 FROM outbox WHERE :order_id IS NULL"}
    stage = STAGES["failed_after_the_text"]
    async with open_day(tmp_path, replaced=blind) as day:
        trade = await reach(day, stage)
        await day.world.control.act("cancel", trade.order_no)
        await day.until_state(trade, "cancelled")
        assert await keys(day) == {"free": 3}
        with pytest.raises(AssertionError, match="sold twice"):
            await next_buyer_gets_another(day, day.texts_to(trade))


async def test_without_the_hold_a_request_leaves_the_goods_where_they_go_by_themselves(tmp_path: Path) -> None:
    blind = {"fulfilments.move": load_queries()["fulfilments.move"].replace("state = :state,", _NEVER_HELD, 1)}
    async with open_day(tmp_path, replaced=blind, right=False) as day:
        trade = await reach(day, STAGES["scheduled"])
        await ask(day, trade)
        assert await day.shipping(trade) == "scheduled", "the hold is what keeps it here"


_NEVER_HELD = "state = CASE :state WHEN 'held' THEN state ELSE :state END,"
