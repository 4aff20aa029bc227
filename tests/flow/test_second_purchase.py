"""The same buyer, the same item, the same chat, twice: each status finds its own order, each order its own goods."""

import pytest

from tests.flow.shop import Buyer, Day, Trade

PAID, DONE, CLOSED, REFUND = "等待卖家发货", "交易成功", "交易关闭", "买家申请退款"
FORGETS_TEXTS = {
    "outbox.sent_in_chat": "SELECT id, kind, key, order_id, body, state, tried_at, result FROM outbox "
    "WHERE chat_id = :chat_id AND id < 0"
}
"""A shop that does not know which messages were another order's."""


async def tell(day: Day, trade: Trade, words: str, at_ms: int | None = None) -> None:
    """The chat's status line by itself."""
    record = {"1": f"{trade.chat_no}@goofish", "2": 1, "3": {"redReminder": words}}
    record["4"] = at_ms or day.world.market.now_ms()
    await day.world.control.post("/push", record=record)


async def only_summaries(day: Day) -> None:
    """From now on nothing names an order: neither card, map, update nor tip."""
    for kind in ("card", "map", "update", "tip", "platform_card"):
        await day.world.control.fault("drop", probability=1, on=kind)


async def questions(day: Day) -> int:
    return int(await day.one("SELECT count(*) FROM outbox WHERE kind = 'find_order'"))


async def shipped_once(day: Day, **fields: str) -> tuple[str, Buyer, Trade]:
    item, buyer = await day.card(**fields), await day.buyer()
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.until_state(trade, "shipped")
    await day.quiet()
    return item, buyer, trade


async def test_two_orders_of_one_chat_get_two_keys(day: Day) -> None:
    item, buyer = await day.card(text="卡密 {keys}"), await day.buyer()
    await day.engine.stock.add_keys(day.actor(), await day.product(item), ["AAAA-1111", "BBBB-2222"])
    trades = [await buyer.pays(item), await buyer.pays(item)]
    assert trades[0].chat_no == trades[1].chat_no
    for trade in trades:
        await day.until_shipping(trade, "succeeded")
    assert sorted(day.texts_to(trades[0])) == ["卡密 AAAA-1111", "卡密 BBBB-2222"]


@pytest.mark.parametrize("shown", ["card", "update", "change", "flat", "nothing"])
async def test_a_second_purchase_is_found_by_whatever_tells_of_it(day: Day, shown: str) -> None:
    item, buyer, first = await shipped_once(day)
    await only_summaries(day)
    second = await buyer.orders(item)
    if shown not in ("flat", "nothing"):
        await day.world.control.fault("drop", probability=0, on=shown)
    await day.world.control.pay(second.order_no, show=shown)
    if shown == "nothing":
        await tell(day, second, PAID)
    await day.until_shipping(second, "succeeded")
    assert (len(day.texts_to(second)), await day.state(first)) == (2, "shipped")


@pytest.mark.day(settings={"watch.catch_up_minutes": 1440})
async def test_a_second_payment_is_found_while_the_first_order_still_waits(day: Day) -> None:
    """The status says what the first order is already; only its instant says that it may be another."""
    item = await day.item("手机壳", virtual=False, mode="physical", auto_ship="on", delay="120-120")
    buyer = await day.buyer()
    first = await buyer.pays(item)
    await day.until_state(first, "pending_ship")
    await day.quiet()
    await only_summaries(day)
    before = await questions(day)
    await day.later(minutes=1)
    second = await buyer.orders(item)
    await day.world.control.pay(second.order_no, show="nothing")
    await tell(day, second, PAID)
    await day.until_state(second, "pending_ship")
    assert (await day.state(first), await questions(day)) == ("pending_ship", before + 1)


@pytest.mark.day(settings={"watch.catch_up_minutes": 1440})
async def test_the_same_status_of_the_same_event_asks_nothing(day: Day) -> None:
    """The control: said again about the first order it is nothing."""
    item = await day.item("手机壳", virtual=False, mode="physical", auto_ship="on", delay="120-120")
    trade = await (await day.buyer()).pays(item)
    await day.until_state(trade, "pending_ship")
    await day.quiet()
    before, paid_ms = await questions(day), await day.one("SELECT paid_at FROM orders")
    await tell(day, trade, PAID, paid_ms + 999)
    await day.quiet()
    assert await questions(day) == before


async def test_the_status_of_the_older_order_reads_both_and_moves_the_right_one(day: Day) -> None:
    item, buyer, first = await shipped_once(day)
    second = await buyer.pays(item)
    await day.until_state(second, "shipped")
    await day.quiet()
    await only_summaries(day)
    await day.world.control.act("confirm", first.order_no)
    await tell(day, first, DONE)
    await day.until_state(first, "completed")
    await day.quiet()
    assert await day.state(second) == "shipped"


async def test_a_refund_of_the_completed_order_beside_an_open_one_is_seen(day: Day) -> None:
    item, buyer, first = await shipped_once(day)
    await day.world.control.act("confirm", first.order_no)
    await day.until_state(first, "completed")
    second = await buyer.orders(item)
    await day.until_state(second, "pending_payment")
    await day.quiet()
    await only_summaries(day)
    await day.world.control.act("ask_refund", first.order_no)
    await tell(day, first, REFUND)
    await day.until_state(first, "refunding")
    assert await day.state(second) == "pending_payment"


async def test_the_closing_of_the_newer_order_leaves_the_older_one(day: Day) -> None:
    item, buyer, first = await shipped_once(day)
    second = await buyer.orders(item)
    await day.until_state(second, "pending_payment")
    await day.quiet()
    await only_summaries(day)
    await day.world.control.act("cancel", second.order_no, by="timeout")
    await tell(day, second, CLOSED)
    await day.until_state(second, "cancelled")
    assert await day.state(first) == "shipped"


async def lost_second(day: Day) -> Trade:
    """The second order's text never leaves, and the first order's stands in the time its own would have."""
    await day.later(minutes=10)
    item, buyer, _ = await shipped_once(day, text="同一段话")
    await day.later(seconds=-120)
    await day.world.control.fault("timeout_before_effect", times=1, on="send")
    second = await buyer.pays(item)
    await day.until_shipping(second, "succeeded")
    return second


async def test_one_orders_text_is_no_proof_of_the_others(day: Day) -> None:
    second = await lost_second(day)
    assert day.texts_to(second) == ["同一段话", "同一段话"]


@pytest.mark.day(replaced=FORGETS_TEXTS, right=False)
async def test_a_shop_that_forgets_which_text_was_whose_cheats_the_second_buyer(day: Day) -> None:
    """The control."""
    await day.world.control.fault("drop", probability=1, on="echo")
    second = await lost_second(day)
    assert day.texts_to(second) == ["同一段话"]


async def test_a_late_echo_of_the_first_text_does_not_settle_the_second(day: Day) -> None:
    item, buyer, first = await shipped_once(day, text="同一段话")
    await day.later(minutes=5)
    await day.world.control.fault("timeout_before_effect", probability=1, on="send")
    second = await buyer.pays(item)
    await day.until(lambda: day.one("SELECT count(*) FROM outbox WHERE kind = 'deliver' AND state = 'asking'"), "doubt")
    sent = next(one for one in day.world.market.chats[first.chat_no].messages if one.text == "同一段话")
    seller = day.world.market.accounts["shop"].unb
    body = {
        "1": {"1": f"{seller}@goofish"},
        "2": f"{first.chat_no}@goofish",
        "3": "1.PNM",
        "5": sent.created_ms,
        "7": 2,
    }
    custom = {"2": sent.text, "4": 1, "5": '{"contentType":1,"text":{"text":"同一段话"}}'}
    body |= {"6": {"1": 101, "3": custom}, "10": {"senderUserId": seller, "reminderContent": sent.text}}
    await day.world.control.post("/push", record={"1": body})
    await day.world.control.fault("timeout_before_effect", probability=0, on="send")
    await day.until_shipping(second, "succeeded")
    assert len(day.texts_to(second)) == 2
