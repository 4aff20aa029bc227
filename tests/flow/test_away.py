"""First connect on a living shop, and what happened while nobody was there: nothing lost, nothing twice (law 1)."""

import pytest

from core.flows.catch_up import MOST_IN_VAIN
from tests.flow.shop import Day
from tests.flow.stages import card


@pytest.mark.day(opened=False)
async def test_orders_paid_before_the_first_connect_wait_behind_one_card(day: Day) -> None:
    item = await day.item()
    trades = [await (await day.buyer(nick)).pays(item) for nick in ("甲", "乙", "丙")]
    await day.later(minutes=5)
    await day.open()
    for trade in trades:
        view = await day.until_shipping(trade, "manual")
        assert view.fulfilment is not None and view.fulfilment.reason == "first_connect"
    await day.until_told("first_connect")
    await day.later(minutes=30)
    await day.quiet()
    assert len(day.owner.told("first_connect")) == 1
    assert not any(kind.startswith("order_") for kind in day.owner.kinds)
    assert not any(day.is_shipped(trade) for trade in trades)


@pytest.mark.day(opened=False)
async def test_the_owner_gives_old_orders_to_the_automatic_way(day: Day) -> None:
    item = await day.item()
    trades = [await (await day.buyer(nick)).pays(item) for nick in ("甲", "乙")]
    await day.later(minutes=5)
    await day.open()
    for trade in trades:
        await day.until_shipping(trade, "manual")
    await day.configure(item, mode="virtual", text="给您 {order}", auto_ship="on")
    assert await day.engine.shipping.take_first_connect(day.actor(), day.shop.work.accounts["shop"], by_hand=False) == 2
    for trade in trades:
        await day.until_shipping(trade, "succeeded")
        assert day.texts_to(trade) == [f"给您 {trade.order_no}"]


@pytest.mark.day(opened=False)
async def test_of_old_orders_given_to_the_automatic_way_a_risky_one_stays_with_the_owner(day: Day) -> None:
    item = await day.item()
    plain, dear = await (await day.buyer("甲")).pays(item), await (await day.buyer("乙")).pays(item, amount_fen=60000)
    await day.later(minutes=5)
    await day.open()
    for trade in (plain, dear):
        await day.until_shipping(trade, "manual")
    await day.configure(item, mode="virtual", text="给您 {order}", auto_ship="on", price="50")
    await day.engine.shipping.take_first_connect(day.actor(), day.shop.work.accounts["shop"], by_hand=False)
    await day.until_shipping(plain, "succeeded")
    await day.later(hours=1)
    await day.quiet()
    task = (await day.view(dear)).fulfilment
    assert task is not None and (task.state, task.reason) == ("manual", "risky")
    assert "有风险" in await card(day, dear)
    assert day.texts_to(dear) == []


@pytest.mark.day(opened=False)
async def test_the_owner_keeps_old_orders_in_his_hand(day: Day) -> None:
    item = await day.item()
    trade = await (await day.buyer()).pays(item)
    await day.later(minutes=5)
    await day.open()
    await day.until_shipping(trade, "manual")
    await day.configure(item, mode="virtual", text="给您 {order}", auto_ship="on")
    await day.engine.shipping.take_first_connect(day.actor(), day.shop.work.accounts["shop"], by_hand=True)
    await day.later(hours=1)
    await day.quiet()
    view = await day.view(trade)
    assert view.fulfilment is not None and (view.fulfilment.state, view.fulfilment.reason) == (
        "manual",
        "taken_by_hand",
    )


async def test_an_order_paid_while_nobody_was_there_ships_when_the_shop_is_back(day: Day) -> None:
    item = await day.card()
    await day.close()
    trade = await (await day.buyer()).pays(item)
    await day.later(hours=1)
    await day.open()
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    await day.quiet()
    assert day.owner.told("chat_takeover") == []


async def test_a_message_sent_while_nobody_was_there_is_answered_once(day: Day) -> None:
    item = await day.card()
    buyer = await day.buyer()
    await day.close()
    said = await buyer.says(item, "在吗")
    await day.open()
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))
    for _ in range(2):
        await day.close()
        await day.open()
    await day.quiet()
    assert len(day.record("sent", chat_id=said["chat_id"])) == 1


async def test_an_old_message_goes_to_the_owner_instead(day: Day) -> None:
    item = await day.card()
    buyer = await day.buyer()
    await day.close()
    said = await buyer.says(item, "在吗")
    await day.later(minutes=30)
    await day.open()
    await day.until_told("chat_handed_over")
    await day.quiet()
    assert day.record("sent", chat_id=said["chat_id"]) == []


async def test_an_order_that_closed_while_nobody_was_there_is_closed(day: Day) -> None:
    item = await day.card(auto_ship="off", stock="2")
    trade = await (await day.buyer()).pays(item)
    await day.until_shipping(trade, "manual")
    await day.close()
    await day.world.control.act("cancel", trade.order_no)
    await day.later(minutes=10)
    await day.open()
    view = await day.until_shipping(trade, "cancelled")
    assert view.product is not None and view.product.free == 2


async def test_an_order_shipped_in_the_app_while_nobody_was_there_is_shipped(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.close()
    await day.world.control.act("ship_in_app", trade.order_no)
    await day.later(minutes=10)
    await day.open()
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == []


async def test_what_was_due_while_nobody_was_there_is_not_shipped_to_a_buyer_who_left(day: Day) -> None:
    item = await day.item("手机壳", virtual=True, mode="physical", auto_ship="on", delay="20-20")
    trade = await (await day.buyer()).pays_by_card(item)
    await day.until_shipping(trade, "scheduled")
    await day.close()
    await day.world.control.act("cancel", trade.order_no)
    await day.later(hours=2)
    await day.open()
    await day.until_shipping(trade, "cancelled")
    await day.quiet()
    assert not day.is_shipped(trade)


@pytest.mark.day(settings={"watch.catch_up_minutes": 10})
async def test_an_order_of_which_no_push_came_is_found(day: Day) -> None:
    item = await day.card()
    await day.world.control.fault("drop", probability=1)
    trade = await (await day.buyer()).pays(item)
    await day.quiet()
    assert await day.order_id(trade) is None
    await day.world.control.fault("drop", probability=0)
    await day.later(minutes=11)
    await day.until_shipping(trade, "succeeded")


async def test_a_restart_says_how_long_it_was_away(day: Day) -> None:
    await day.until_told("ready")
    await day.until(lambda: _beat(day), "a sign of life")
    await day.close()
    await day.open()
    await day.until(lambda: len(day.owner.told("ready")) == 2)
    assert day.shop.away_s is not None and 0 <= day.shop.away_s < 10


async def _beat(day: Day) -> bool:
    return bool(await day.rows("SELECT 1 FROM heartbeat"))


async def test_what_was_told_to_nobody_is_told_after_the_restart(day: Day) -> None:
    day.owner.down = True
    trade = await (await day.buyer()).pays(await day.card(auto_ship="off"))
    await day.until_shipping(trade, "manual")
    await day.quiet()
    health = await day.engine.health.show()
    assert day.owner.told("order_manual") == []
    await day.close()
    day.owner.down = False
    await day.open()
    await day.later(minutes=2)
    await day.until_told("order_manual")
    assert health.notice_backlog >= 0


async def test_a_record_that_was_asked_for_in_vain_is_read_at_the_next_look(day: Day) -> None:
    """The platform refused the one call, and no list shows an order that was shipped."""
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.world.control.fault("permission", probability=1, on="order.detail")
    await day.world.control.act("confirm", trade.order_no)
    await day.until(lambda: _refused(day), "the refused look-up")
    await day.world.control.fault("permission", probability=0, on="order.detail")
    await day.later(minutes=31)
    await day.until_state(trade, "completed")


async def test_a_record_that_is_never_told_is_not_asked_for_without_end(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.world.control.fault("permission", probability=1, on="order.detail")
    await day.world.control.act("confirm", trade.order_no)
    await day.until(lambda: _refused(day), "the refused look-up")
    for _ in range(14):
        await day.later(minutes=31)
        await day.quiet()
    assert await _refused(day) == MOST_IN_VAIN
    assert await day.state(trade) == "shipped"


async def _refused(day: Day) -> int:
    return int(await day.one("SELECT count(*) FROM outbox WHERE kind = 'look_up' AND state = 'refused'"))


async def test_a_conversation_the_platform_will_not_show_keeps_no_order_waiting(day: Day) -> None:
    """Asked for twice, then left: the sold list is read all the same, and the account catches up."""
    item, talker = await day.card(), await day.buyer("甲")
    await day.close()
    await talker.says(item, "在吗")
    trade = await (await day.buyer("乙")).pays(item)
    await day.world.control.fault("chat_refused", probability=1, on="history")
    await day.later(hours=1)
    before = day.clock.now()
    await day.open(connected=False)
    await day.until_shipping(trade, "succeeded")

    async def caught_up() -> bool:
        return bool(await day.one("SELECT caught_up_at >= ? FROM accounts", before.timestamp() * 1000))

    await day.until(caught_up, "the account caught up")
    assert day.world.market.faults.hit["chat_refused"] >= 2


async def test_a_conversation_that_is_shown_at_the_second_try_is_heard(day: Day) -> None:
    item, talker = await day.card(), await day.buyer("甲")
    await day.close()
    said = await talker.says(item, "在吗")
    await day.world.control.fault("chat_refused", times=1, on="history")
    await day.open()
    await day.until(lambda: day.record("sent", chat_id=said["chat_id"]))


async def test_a_list_that_is_always_refused_is_asked_for_ever_less_often(day: Day) -> None:
    """Each look reads every conversation since the last whole one: a call a second would wake the risk control."""
    await day.quiet()
    await day.world.control.fault("other_ret", probability=1, on="sold.get", ret=["FAIL_BIZ_UNKNOWN::x"])
    day.shop.catch_up.want("shop")
    await day.until(lambda: day.world.market.faults.hit.get("other_ret"))
    for _ in range(20):
        await day.later(seconds=30)
        await day.quiet(0.1)
    assert 2 <= day.world.market.faults.hit["other_ret"] <= 7
    await day.world.control.fault("other_ret", probability=0, on="sold.get")
    before = await day.one("SELECT caught_up_at FROM accounts")
    await day.later(minutes=30)
    await day.until(lambda: _caught_up_since(day, before), "the account caught up")


async def _caught_up_since(day: Day, before: int) -> bool:
    return bool(await day.one("SELECT caught_up_at > ? FROM accounts", before))
