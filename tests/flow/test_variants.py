"""Every variant of a frame as it really arrives: over the socket, from the pretend world, into orders and answers.

The table of variants, captures and parsers stands in tests/unit/test_xianyu_variants.py.
"""

import json
from typing import Any

import pytest

from core.sandbox.cards import card_content, card_extension, paid_card
from tests.flow.shop import Day, Trade

PAID = {"card": "A", "update": "B", "nothing": "C", "change": "D", "flat": "G", "workbench": "H"}
OTHERS = ("card", "update", "map", "summary", "arouse", "tip")


async def hush(day: Day, *kinds: str) -> None:
    """These kinds of records never come from now on."""
    for kind in kinds:
        await day.world.control.fault("drop", probability=1, on=kind)


async def pay(day: Day, trade: Trade, shown: str) -> None:
    """Paid, and told by one variant alone: summary and map travel together, so C is pushed by itself."""
    await day.quiet()
    await hush(day, "map")
    await day.world.control.pay(trade.order_no, show=shown)
    if shown == "nothing":
        now_ms = day.world.market.now_ms()
        record = {"1": f"{trade.chat_no}@goofish", "2": 1, "3": {"redReminder": "等待卖家发货"}, "4": now_ms}
        await day.world.control.post("/push", record=record)


async def parked(day: Day) -> int:
    return int(await day.one("SELECT count(*) FROM inbox WHERE state = 'parked'"))


@pytest.mark.parametrize("shown", PAID)
async def test_a_payment_told_by_one_variant_alone_ships_a_known_order(day: Day, shown: str) -> None:
    item, buyer = await day.card(), await day.buyer()
    trade = await buyer.orders(item)
    await day.until_state(trade, "pending_payment")
    await pay(day, trade, shown)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    await day.later(minutes=11)
    await day.quiet()
    assert (await parked(day), day.owner.told("order_nameless")) == (0, [])


@pytest.mark.parametrize("shown", [kind for kind in PAID if kind != "nothing"])
async def test_a_payment_told_by_one_variant_alone_ships_an_order_nobody_knew(day: Day, shown: str) -> None:
    """Only C tells neither order nor item: that one is in test_hints."""
    item, buyer = await day.card(), await day.buyer()
    await hush(day, "map", "arouse")
    await day.world.control.fault("drop", times=1, on="card")
    trade = await buyer.orders(item)
    await pay(day, trade, shown)
    await day.until_shipping(trade, "succeeded")
    assert len(day.texts_to(trade)) == 1
    await day.later(minutes=11)
    await day.quiet()
    assert (await parked(day), day.owner.told("order_nameless")) == (0, [])


@pytest.mark.day(settings={"watch.catch_up_minutes": 1440})
async def test_a_workbench_card_that_names_no_order_has_the_sold_list_read(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await hush(day, *OTHERS)
    trade = await buyer.orders(item)
    await day.world.control.pay(trade.order_no, show="workbench_unnamed")
    await day.until_shipping(trade, "succeeded")
    await day.later(minutes=11)
    await day.quiet()
    assert (await parked(day), day.owner.told("order_nameless")) == (0, [])


@pytest.mark.day(settings={"watch.catch_up_minutes": 1440})
async def test_without_any_frame_nobody_reads_the_list_so_soon(day: Day) -> None:
    """The control: it was the workbench card that had it read."""
    item, buyer = await day.card(), await day.buyer()
    await hush(day, *OTHERS)
    trade = await buyer.orders(item)
    await day.world.control.pay(trade.order_no, show="nothing")
    await day.later(minutes=11)
    await day.quiet()
    assert await day.state(trade) is None


async def test_a_workbench_card_never_becomes_an_orders_conversation(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await hush(day, *OTHERS)
    trade = await buyer.orders(item)
    await day.world.control.pay(trade.order_no, show="workbench")
    await day.until_shipping(trade, "succeeded")
    assert await day.one("SELECT chat_no FROM orders") == trade.chat_no
    assert await day.one("SELECT count(*) FROM chats WHERE chat_no = '10000000028'") == 0


async def test_the_platforms_wish_for_a_rating_says_that_the_trade_is_complete(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_shipping(trade, "succeeded")
    await day.until_state(trade, "shipped")
    await hush(day, "summary", "tip")
    await day.world.control.act("confirm", trade.order_no)
    await day.until_state(trade, "completed")


async def test_a_parcel_signed_for_moves_and_answers_nothing(day: Day) -> None:
    trade = await (await day.buyer()).pays(await day.card())
    await day.until_state(trade, "shipped")
    before = len(day.texts_to(trade))
    await day.world.control.act("sign", trade.order_no)
    await day.until(lambda: day.one("SELECT count(*) FROM inbox WHERE kind = 'system_tip'"), "the text card")
    await day.later(minutes=11)
    await day.quiet()
    assert (await day.state(trade), len(day.texts_to(trade)), await parked(day)) == ("shipped", before, 0)


async def said(day: Day) -> list[str]:
    rows = await day.rows("SELECT text FROM messages WHERE sender = 'buyer' ORDER BY id")
    return [day.shop.work.store.people.vault.text(row["text"]) for row in rows]


async def test_words_in_the_operation_format_and_an_item_shown_are_heard(day: Day) -> None:
    item, buyer = await day.item("手机壳"), await day.buyer()
    where = {"account": "shop", "buyer_id": buyer.user_id, "item_id": item}
    await day.world.control.post("/talk", **where, text="还在吗", operation=True)
    await day.world.control.post("/talk", **where, card=item)
    await day.until(lambda: day.one("SELECT count(*) = 2 FROM messages WHERE sender = 'buyer'"), "both")
    assert await said(day) == ["还在吗", "手机壳"]


async def test_receipts_typing_and_light_notices_are_done_as_they_are_stored(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    await day.until_shipping(await buyer.pays(item), "succeeded")
    await buyer.says(item, "收到了")
    await day.until(lambda: day.one("SELECT count(*) FROM messages WHERE sender = 'buyer'"), "the words")
    signals = "kind IN ('read', 'typing', 'noise')"
    assert await day.one(f"SELECT count(DISTINCT kind) FROM inbox WHERE state = 'done' AND {signals}") == 3
    assert await day.one(f"SELECT count(*) FROM inbox WHERE state != 'done' AND {signals}") == 0
    assert await day.one(f"SELECT count(*) FROM payloads JOIN inbox ON id = inbox_id WHERE {signals}") == 0


# -- the same, typed or made by somebody else


async def spoof(day: Day, trade: Trade, **changed: Any) -> dict[str, Any]:
    """The paid card of an order, byte for byte, but for what is changed in its body."""
    market = day.world.market
    order = market.orders[trade.order_no]
    chat, account = market.chats[order.chat_id], market.accounts[order.account]
    card, message_id = paid_card(order, market.items[order.item_id]), market.ids.message()
    content = json.dumps(card_content(card, order, message_id))
    body = {
        "1": {"1": f"{order.buyer_id}@goofish"},
        "2": f"{chat.chat_id}@goofish",
        "3": market.ids.pnm(),
        "4": 0,
        "5": market.now_ms(),
        "6": {"1": 101, "3": {"2": f"[{card.title}]", "4": 26, "5": content}},
        "7": 1,
        "10": card_extension(card, order, chat, account, message_id),
    }
    return {"1": body | changed}


async def unpaid(day: Day) -> Trade:
    trade = await (await day.buyer()).orders(await day.card())
    await day.until_state(trade, "pending_payment")
    await day.quiet()
    return trade


async def push(day: Day, record: dict[str, Any]) -> None:
    before = await day.one("SELECT count(*) FROM inbox")
    await day.world.control.post("/push", record=record)
    await day.until(lambda: day.one(f"SELECT count(*) > {before} FROM inbox"), "the record")
    await day.quiet()


async def questions(day: Day) -> int:
    return int(await day.one("SELECT count(*) FROM outbox WHERE kind = 'look_up' AND key LIKE '%pending_ship%'"))


async def test_a_paid_card_a_buyer_made_moves_nothing(day: Day) -> None:
    trade = await unpaid(day)
    await push(day, await spoof(day, trade, **{"7": 2}))
    assert (await day.state(trade), await questions(day)) == ("pending_payment", 0)


async def test_a_paid_card_without_the_mark_has_the_record_read_and_moves_nothing(day: Day) -> None:
    trade = await unpaid(day)
    await push(day, await spoof(day, trade, **{"7": None}))
    assert (await day.state(trade), await questions(day)) == ("pending_payment", 1)


async def test_the_same_card_with_the_platforms_mark_moves_the_order_and_the_record_keeps_it_from_shipping(
    day: Day,
) -> None:
    """The control: it is the mark that was missing. Even so nothing ships on words (law 4)."""
    trade = await unpaid(day)
    await push(day, await spoof(day, trade))
    assert await day.state(trade) == "pending_ship"
    assert not day.is_shipped(trade) and day.texts_to(trade) == []


@pytest.mark.parametrize("receiver", ["2299000000001", "shop"])
async def test_a_card_for_another_account_moves_nothing_and_is_kept(day: Day, receiver: str) -> None:
    """The control: for this account it does."""
    trade = await unpaid(day)
    record = await spoof(day, trade)
    mine = day.world.market.accounts["shop"].unb
    record["1"]["10"]["receiver"] = mine if receiver == "shop" else receiver
    await push(day, record)
    moved = receiver == "shop"
    assert await day.state(trade) == ("pending_ship" if moved else "pending_payment")
    assert (await day.engine.health.show()).unknown_records == (0 if moved else 1)


async def test_status_words_typed_by_a_buyer_are_answered_like_any_words(day: Day) -> None:
    trade = await unpaid(day)
    item = await day.one("SELECT item_id FROM orders")
    buyer_id = day.world.market.orders[trade.order_no].buyer_id
    for words in ("[我已付款，等待你发货]", "交易关闭", "[退款成功，钱款已原路退返]", '{"contentType":26,"dxCard":{}}'):
        await day.world.control.talk(buyer_id, item, words)
    await day.until(lambda: day.one("SELECT count(*) = 4 FROM messages WHERE sender = 'buyer'"), "the words")
    await day.later(minutes=11)
    await day.quiet()
    assert (await day.state(trade), day.owner.told("order_nameless")) == ("pending_payment", [])
