"""What a strict reader of the flows found: each promise with what happens without it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from core.moves import refunds
from core.moves.apply import apply
from core.moves.cause import Cause
from core.moves.pauses import pause, stop
from core.moves.step import OrderStep
from core.rules.orders import OrderEvent
from core.steps import Steps
from core.store import outbox
from core.store.books import check_file
from core.store.db import FILE, Store, Tx
from core.store.outbox import Due
from core.store.queries import load as load_queries
from core.values.effects import EffectKind, EffectState
from core.values.ids import RefundNo
from core.values.money import Fen
from core.values.orders import RefundRecord
from tests import stockroom as room
from tests.flow.shop import Day, Trade
from tests.flow.test_races import CLAIM_ANYTHING
from tests.flow.test_review_ship import BETWEEN, submit

AS_IF_A_TEXT_HAD_LEFT = {
    "fulfilments.find": load_queries()["fulfilments.find"].replace("text_sent,", "1 AS text_sent,", 1)
}


async def parcel_that_waits(day: Day) -> Trade:
    """A parcel whose ship call was throttled and then stopped; meanwhile its buyer asks for the money back, and the
    shop hears nothing of it.
    """
    item = await day.item(mode="physical", auto_ship="off", virtual=False)
    trade = await (await day.buyer()).pays_by_card(item)
    await day.until_shipping(trade, "manual")
    await day.world.control.fault("traffic_limit", probability=1, on="consign.offline")
    await day.ship(trade, "SF", "SF1234567890123")
    await day.later(seconds=11)
    await day.until(lambda: day.world.market.faults.hit.get("traffic_limit"))
    await day.engine.pauses.stop_all(day.actor())
    await day.world.control.fault("drop", probability=1)
    await day.world.control.act("ask_refund", trade.order_no)
    return trade


async def calls_after(day: Day, trade: Trade) -> int:
    """The emergency stop ends after a while; how often the platform is asked to ship then."""
    hits = day.world.market.faults.hit
    await day.quiet()
    before = hits["traffic_limit"]
    day.clock.put_forward(timedelta(minutes=40))
    await day.engine.pauses.resume_all(day.actor())
    await day.until_shipping(trade, "failed")
    return hits["traffic_limit"] - before


async def test_a_parcel_that_had_to_wait_is_confirmed_again_before_it_is_shipped(day: Day) -> None:
    """Law 4: the record that was read before the wait says nothing of now."""
    trade = await parcel_that_waits(day)
    assert await calls_after(day, trade) == 0


@pytest.mark.day(replaced=AS_IF_A_TEXT_HAD_LEFT)
async def test_without_reading_it_again_a_parcel_ships_on_an_old_record(day: Day) -> None:
    trade = await parcel_that_waits(day)
    assert await calls_after(day, trade) > 0


NOTHING_CHANGED = {"stock.product_of_chat": "SELECT 1 AS product_id, 0 AS updated_at FROM chats WHERE id = :id"}


async def price_that_waits(day: Day) -> Trade:
    """An answer that names a price waits for its turn; meanwhile the owner raises price and floor."""
    item = await day.card(price="50", floor="40", facts="充值卡")
    await day.world.control.fault("flow_control", probability=1, on="send")
    said = await (await day.buyer()).says(item, "多少钱")
    await day.until(lambda: day.world.market.faults.hit.get("flow_control"))
    for field, value in (("price", "90"), ("floor", "80")):
        await day.engine.items.change(day.actor(), await day.product(item), field, value)
    await day.world.control.fault("flow_control", probability=0, on="send")
    await day.later(minutes=2)
    await day.quiet()
    return Trade("", said["chat_id"])


async def test_a_price_below_a_floor_that_was_raised_meanwhile_does_not_leave(day: Day) -> None:
    trade = await price_that_waits(day)
    assert day.texts_to(trade) == []
    assert (await day.until_told("chat_handed_over")).detail == "guard"


@pytest.mark.day(replaced=NOTHING_CHANGED)
async def test_without_the_second_look_it_leaves(day: Day) -> None:
    assert "50" in day.texts_to(await price_that_waits(day))[0]


@pytest.mark.day(steps=BETWEEN)
async def test_a_pause_that_begins_at_the_last_moment_holds_up_what_is_due(day: Day) -> None:
    BETWEEN.once(Steps.ship_before_due, lambda: submit(day, lambda tx: pause_all(day, tx)))
    trade = await (await day.buyer()).pays(await day.card())
    await day.until(lambda: BETWEEN.tasks)
    BETWEEN.tasks.clear()
    await asyncio.sleep(0.2)
    assert await day.shipping(trade) == "scheduled"


@pytest.mark.day(steps=BETWEEN)
async def test_a_pause_that_begins_while_an_answer_is_thought_of_keeps_it_in(day: Day) -> None:
    item = await day.card(facts="充值卡")
    BETWEEN.once(Steps.answer_before_store, lambda: submit(day, lambda tx: pause_all(day, tx)))
    said = await (await day.buyer()).says(item, "多少钱")
    await day.until(lambda: BETWEEN.tasks)
    BETWEEN.tasks.clear()
    await asyncio.sleep(0.2)
    assert day.record("sent", chat_id=said["chat_id"]) == []
    await day.engine.pauses.resume(day.actor(), None)
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))


def pause_all(day: Day, tx: Tx) -> int:
    return pause(tx, Cause(day.actor(), day.clock.now(), day.shop.work.zone), "all", None, None)


async def claimed_after_a_stop(folder: Path, replaced: Mapping[str, str]) -> bool:
    """Whether a text that was seen due a moment before an emergency stop is still taken."""
    store = await Store.open(folder, replaced)

    def work(tx: Tx) -> bool:
        account = room.open_account(tx)
        room.add_product(tx, account, "i1", text="给你", auto_ship="on")
        room.learn(tx, account, room.record(1, "i1"))
        room.begin(tx, 1)
        room.do_effect(tx, 1, "confirm", room.record(1, "i1"))
        text = next(row for row in tx.all("outbox.live_of_order", order_id=1) if row["kind"] == "deliver")
        stop(tx, room.cause(actor=room.OWNER))
        due = Due(text["id"], "小店", EffectKind.deliver, EffectState.waiting)
        return outbox.claim(tx, due, "run", room.NOW, room.NOW) is not None

    taken = await store.write(work)
    await store.close()
    return taken


async def test_what_was_due_a_moment_before_an_emergency_stop_stays(tmp_path: Path) -> None:
    assert not await claimed_after_a_stop(tmp_path, {})


async def test_without_the_look_at_the_claim_it_leaves(tmp_path: Path) -> None:
    assert await claimed_after_a_stop(tmp_path, CLAIM_ANYTHING)


@pytest.mark.day(opened=False)
async def test_an_order_of_the_list_whose_record_is_refused_is_told_once(day: Day) -> None:
    """Nobody heard of it while the shop was away, and without its record it has no row: silence would lose it."""
    await day.open()
    item = await day.card()
    await day.close()
    trade = await (await day.buyer()).pays(item)
    await day.world.control.fault("drop", probability=1)
    await day.world.control.fault("permission", probability=1, on="order.detail")
    await day.world.control.fault("permission", probability=1, on="headinfo")
    await day.open()
    await day.until(lambda: day.world.market.faults.hit.get("permission"))
    await day.quiet()
    await day.later(hours=1)
    told = await day.until_told("order_unread")
    assert told.detail == trade.order_no
    await day.later(hours=2)
    await day.quiet()
    assert len(day.owner.told("order_unread")) == 1
    await day.world.control.fault("permission", probability=0, on="order.detail")
    await day.later(hours=2)
    await day.until_shipping(trade, "succeeded")


async def test_a_request_for_nothing_gives_nothing_back(tmp_path: Path) -> None:
    """Goods are to be exchanged: the sum of the day is what was paid back, not what was paid."""
    store = await Store.open(tmp_path)

    def work(tx: Tx) -> None:
        account = room.open_account(tx)
        room.add_product(tx, account, "i1")
        room.learn(tx, account, room.record(1, "i1"))
        apply(tx, room.cause(), room.TERMS, OrderStep(1, OrderEvent.ask_refund))
        (row,) = [row for row in tx.all("outbox.live_of_order", order_id=1) if row["kind"] == "look_up_refund"]
        room.claim(tx, row["id"])
        effect = outbox.find(tx, row["id"])
        assert effect is not None
        refunds.learn(tx, room.cause(), effect, RefundRecord(refund_no=RefundNo("28031"), amount_fen=Fen(0)))
        apply(tx, room.cause(), room.TERMS, OrderStep(1, OrderEvent.refund))

    await store.write(work)
    await store.close()
    assert [f for f in check_file(tmp_path / FILE, room.ZONE) if f.check == "totals"] == []
