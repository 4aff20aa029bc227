"""A refund asked, withdrawn or agreed to, and an end, from every place an order can stand in (laws 2, 5, 7).

After each: the machines, the shelf and its keys, what waits to leave, and what the owner's card says. When the day ends
the books are verified.
"""

from pathlib import Path

import pytest

from tests.flow.shop import Day, Trade
from tests.flow.stages import (
    STAGES,
    Stage,
    ask,
    card,
    goods,
    keys,
    let_go,
    next_buyer_gets_another,
    open_stage,
    shelf,
)

HELD = ("scheduled", "awaiting_approval", "manual", "held", "executing")
"""Where a request holds the goods; in the other states nothing goes by itself, or everything has gone."""
OPEN = "('waiting', 'claimed', 'asking', 'unknown')"
places = pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
before_shipping = [pytest.param(stage, id=name) for name, stage in STAGES.items() if stage.order == "pending_ship"]


async def goods_waiting(day: Day) -> int:
    """Effects that would bring the goods, or the word of them, out."""
    return int(
        await day.one(
            "SELECT count(*) FROM outbox WHERE kind IN ('confirm', 'deliver', 'consign', 'consign_parcel') "
            f"AND state IN {OPEN}"
        )
    )


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
