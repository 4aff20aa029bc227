"""A refund asked, withdrawn or agreed to, and an end, from every place an order can stand in (laws 2, 5, 7).

After each: the machines, the shelf and its keys, what waits to leave, and what the owner's card says. When the day ends
the books are verified.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cards.orders import order_card
from bot.cards.pen import Pen
from bot.texts import load
from core.errors import Refused, ShopError
from core.store.queries import load as load_queries
from tests.flow.shop import Day, Trade, open_day
from tests.flow.stages import SLOW, STAGES, Stage, goods, reach

HELD = ("scheduled", "awaiting_approval", "manual", "held", "executing")
"""Where a request holds the goods; in the other states nothing goes by itself, or everything has gone."""
OPEN = "('waiting', 'claimed', 'asking', 'unknown')"
places = pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
before_shipping = [pytest.param(stage, id=name) for name, stage in STAGES.items() if stage.order == "pending_ship"]


@asynccontextmanager
async def open_stage(folder: Path, stage: Stage) -> AsyncIterator[tuple[Day, Trade]]:
    async with open_day(folder, settings=SLOW if stage.slow else {}) as day:
        yield day, await reach(day, stage)


async def ask(day: Day, trade: Trade) -> None:
    await day.world.control.act("ask_refund", trade.order_no)
    await day.until_state(trade, "refunding")


async def shelf(day: Day) -> tuple[int, int, int]:
    row = (await day.rows("SELECT free, reserved, sold FROM products ORDER BY id LIMIT 1"))[0]
    return row["free"], row["reserved"], row["sold"]


async def keys(day: Day) -> dict[str, int]:
    rows = await day.rows("SELECT state, count(*) AS n FROM card_keys GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def goods_waiting(day: Day) -> int:
    """Effects that would bring the goods, or the word of them, out."""
    return int(
        await day.one(
            "SELECT count(*) FROM outbox WHERE kind IN ('confirm', 'deliver', 'consign', 'consign_parcel') "
            f"AND state IN {OPEN}"
        )
    )


async def card(day: Day, trade: Trade) -> str:
    """The order's card as the owner reads it."""
    view = await day.view(trade)
    draft = order_card(view, Pen(load("zh"), ZoneInfo("Asia/Shanghai"), datetime.now(UTC)))
    return "\n".join((draft.title, *(f"{label} {value}" for label, value in draft.fields), draft.note))


def units(stage: Stage) -> int:
    return 2 if stage.shipping == "awaiting_approval" else 1


def unsettled(stage: Stage) -> tuple[int, int, int]:
    """The shelf while nothing is decided: reserved, or sold when it shipped."""
    if stage.shipping == "short":
        return 0, 0, 0
    gone = units(stage)
    return (stage.keys - gone, 0, gone) if stage.order != "pending_ship" else (stage.keys - gone, gone, 0)


def settled(stage: Stage) -> tuple[int, int, int]:
    """The shelf when the order closed: what the buyer may have is sold for good, the rest is back."""
    return (stage.keys - 1, 0, 1) if stage.out else (stage.keys, 0, 0)


@places
async def test_a_refund_asked_for_stops_what_has_not_left(tmp_path: Path, stage: Stage) -> None:
    async with open_stage(tmp_path, stage) as (day, trade):
        await ask(day, trade)
        await day.until_told("order_refunding")
        held = stage.shipping in HELD
        assert await day.shipping(trade) == ("held" if held else stage.shipping)
        assert await shelf(day) == unsettled(stage)
        assert await goods_waiting(day) == (2 if stage.shipping == "unknown" else 0), "the doubt stays one"
        words = await card(day, trade)
        assert "同意退款只能在闲鱼 App" in words
        out = stage.out and stage.shipping != "unknown"
        assert ("货已经发出" in words) == out
        await let_go(day)
        assert len(day.texts_to(trade)) == (1 if stage.out else 0), "nothing leaves while the money is asked back"
        assert day.is_shipped(trade) == (stage.order != "pending_ship")


async def let_go(day: Day) -> None:
    """Whatever held the shop up ends, and half an hour passes."""
    await day.engine.pauses.resume(day.actor(), None)
    if (await day.engine.pauses.show()).stopped:
        await day.engine.pauses.resume_all(day.actor())
    await day.later(minutes=30)
    await day.quiet()


@places
async def test_a_refund_withdrawn_brings_the_order_back_and_lets_nothing_go(tmp_path: Path, stage: Stage) -> None:
    async with open_stage(tmp_path, stage) as (day, trade):
        await ask(day, trade)
        await day.world.control.act("withdraw_refund", trade.order_no)
        view = await day.until_state(trade, stage.order)
        assert view.refund is not None and view.refund.state == "withdrawn"
        assert await shelf(day) == unsettled(stage)
        await let_go(day)
        if stage.shipping not in HELD:
            assert await day.shipping(trade) == stage.shipping
            return
        assert await day.shipping(trade) == "held"
        await day.until_told("order_back_from_refund")
        assert len(day.texts_to(trade)) == (1 if stage.out else 0)
        await day.approve(trade)
        await day.later(minutes=1)
        await day.until_shipping(trade, "succeeded")
        assert len(day.texts_to(trade)) == 1, "a text the buyer has is not sent again"
        assert (await shelf(day))[1:] == (0, units(stage))


@places
async def test_money_given_back_closes_everything(tmp_path: Path, stage: Stage) -> None:
    async with open_stage(tmp_path, stage) as (day, trade):
        await ask(day, trade)
        await day.world.control.act("agree_refund", trade.order_no)
        await closed(day, trade, stage)
        view = await day.view(trade)
        assert view.refund is not None and view.refund.state == "refunded"
        assert "退款" in await card(day, trade)


@pytest.mark.parametrize("by", ["buyer", "seller"])
@pytest.mark.parametrize("stage", before_shipping)
async def test_a_paid_order_that_closes_gives_back_what_is_still_here(tmp_path: Path, stage: Stage, by: str) -> None:
    async with open_stage(tmp_path, stage) as (day, trade):
        await day.world.control.act("cancel", trade.order_no, by=by)
        await closed(day, trade, stage)
        assert (await day.view(trade)).refund is None


async def closed(day: Day, trade: Trade, stage: Stage) -> None:
    """The order is over: nothing waits, the shelf is settled, and the next buyer gets no key this one may have."""
    await day.until_state(trade, "cancelled")
    await day.until_told("order_cancelled")
    assert await day.shipping(trade) == ("succeeded" if stage.order != "pending_ship" else "cancelled")
    assert await shelf(day) == settled(stage)
    assert await goods_waiting(day) == 0
    assert ("账上算已售" in await card(day, trade)) == (stage.out and stage.shipping != "unknown")
    await let_go(day)
    texts = day.texts_to(trade)
    assert len(texts) == (1 if stage.out else 0)
    free, _, sold = settled(stage)
    assert await keys(day) == {name: n for name, n in (("free", free), ("sold", sold)) if n}
    if free:
        await next_buyer_gets_another(day, texts)


async def next_buyer_gets_another(day: Day, texts: list[str]) -> None:
    product = await day.one("SELECT id FROM products ORDER BY id LIMIT 1")
    item = await day.one("SELECT item_id FROM listings WHERE product_id = ?", product)
    await day.engine.items.change(day.actor(), product, "auto_ship", "on")
    await day.engine.items.change(day.actor(), product, "max_quantity", "-")
    trade = await (await day.buyer("下一位")).pays(item)
    await day.later(minutes=2)
    await day.until_shipping(trade, "succeeded")
    assert not {*day.texts_to(trade)} & {*texts}, "a key was sold twice"


# -- unpaid


@pytest.mark.parametrize("by", ["buyer", "seller", "timeout"])
async def test_an_unpaid_order_that_closes_never_held_anything(day: Day, by: str) -> None:
    trade = await (await day.buyer()).orders(await goods(day))
    await day.until_state(trade, "pending_payment")
    await day.world.control.act("cancel", trade.order_no, by=by)
    await day.until_state(trade, "cancelled")
    await day.quiet()
    assert await shelf(day) == (3, 0, 0)
    assert day.owner.told("order_cancelled") == [], "nobody is woken for an order nobody paid"


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
