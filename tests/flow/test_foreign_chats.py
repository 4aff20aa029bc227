"""The account also buys: what is said and paid there is none of the shop's orders, answers or alerts."""

import json

import pytest

from core.outside.xianyu.market import XianyuMarket
from tests.flow.shop import Buyer, Day, Trade

KNOWS_NO_SIDE = {
    "foreign.add": "UPDATE accounts SET id = id WHERE id < 0 AND :account_id + :now + length(:chat_no) > 0"
}
"""A shop that does not keep in which chats it buys."""


async def stranger(day: Day) -> tuple[str, Buyer]:
    """Something a stranger sells, and our own account as its buyer."""
    await day.world.control.account("stranger")
    item = await day.world.control.item("二手手机", 5000, virtual=True, account="stranger")
    return item, Buyer(day.world.control, day.world.market.accounts["shop"].unb, "stranger")


async def summary(day: Day, trade: Trade, words: str = "等待卖家发货") -> None:
    """The session's status line by itself: it travels with the map otherwise."""
    now_ms = day.world.market.now_ms()
    record = {"1": f"{trade.chat_no}@goofish", "2": 1, "3": {"redReminder": words}, "4": now_ms}
    await day.world.control.post("/push", record=record)
    await day.until(lambda: day.one("SELECT count(*) FROM inbox WHERE kind = 'order_hint'"), "the hint")


async def whole_trade(day: Day, item: str, us: Buyer) -> Trade:
    """We ask, order, pay, get it and confirm; the seller talks meanwhile."""
    control = day.world.control
    await us.says(item, "在吗")
    trade = await us.pays(item)
    await control.type_by_hand(trade.chat_no, "亲，马上发，多少钱都可以商量")
    await control.act("ship_in_app", trade.order_no)
    await control.act("confirm", trade.order_no)
    return trade


async def assert_silent(day: Day) -> None:
    await day.later(minutes=11)
    await day.quiet()
    assert await day.one("SELECT count(*) FROM orders") == 0
    assert await day.one("SELECT count(*) FROM inbox WHERE state != 'done'") == 0
    assert await day.one("SELECT count(*) FROM outbox WHERE kind = 'answer'") == 0
    assert day.record("sent") == []
    assert {kind for kind in day.owner.kinds if kind.startswith(("order", "chat"))} == set()


@pytest.mark.day(model=True)
async def test_our_own_purchase_is_no_order_no_answer_and_no_alert(day: Day) -> None:
    item, us = await stranger(day)
    await whole_trade(day, item, us)
    await day.until(lambda: day.one("SELECT count(*) >= 8 FROM inbox"), "its frames")
    await assert_silent(day)


@pytest.mark.day(replaced=KNOWS_NO_SIDE)
async def test_a_shop_that_does_not_keep_the_side_alarms_its_owner_with_its_own_purchase(day: Day) -> None:
    """The control."""
    item, us = await stranger(day)
    await day.world.control.fault("drop", probability=1, on="card")
    await summary(day, await us.pays(item))
    await day.quiet()
    await day.later(minutes=11)
    await day.until_told("order_nameless")


@pytest.mark.day(model=True)
async def test_the_side_is_kept_through_a_restart(day: Day) -> None:
    item, us = await stranger(day)
    trade = await us.orders(item)
    await day.until(lambda: day.one("SELECT count(*) FROM foreign_chats"), "the side")
    await day.close()
    await day.open()
    for kind in ("map", "card", "arouse"):
        await day.world.control.fault("drop", probability=1, on=kind)
    await day.world.control.pay(trade.order_no, show="nothing")
    await summary(day, trade)
    await day.world.control.type_by_hand(trade.chat_no, "付款看到了")
    await assert_silent(day)


@pytest.mark.day(model=True)
async def test_what_happened_while_nobody_was_there_is_told_apart_by_the_list_of_conversations(day: Day) -> None:
    await day.close()
    item, us = await stranger(day)
    await whole_trade(day, item, us)
    await day.open()
    await assert_silent(day)
    assert await day.one("SELECT count(*) FROM messages") == 0


async def test_a_hint_that_came_before_its_side_was_known_is_settled_without_a_card(day: Day) -> None:
    item, us = await stranger(day)
    await day.world.control.fault("drop", probability=1, on="arouse")
    for kind in ("map", "card"):
        await day.world.control.fault("drop", times=2, on=kind)
    trade = await us.pays(item)
    await summary(day, trade)
    await day.until(lambda: day.one("SELECT count(*) FROM inbox WHERE state = 'parked'"), "the hint")
    await us.orders(item)
    await day.until(lambda: day.one("SELECT count(*) FROM foreign_chats"), "the side")
    await assert_silent(day)


async def test_headinfo_may_name_our_purchase_and_its_record_is_not_taken(day: Day) -> None:
    """The seller's words name the item, the summary a status: all that would make an order of it, had we sold it."""
    item, us = await stranger(day)
    for kind in ("map", "card", "arouse", "echo"):
        await day.world.control.fault("drop", probability=1, on=kind)
    trade = await us.orders(item)
    await day.world.control.type_by_hand(trade.chat_no, "拍下了吧")
    await day.until(lambda: day.one("SELECT count(*) FROM chats"), "the words")
    await day.world.control.pay(trade.order_no, show="nothing")
    await summary(day, trade)
    refused = "SELECT count(*) FROM outbox WHERE kind = 'look_up' AND state = 'refused'"
    await day.until(lambda: day.one(refused), "the end")
    await day.quiet()
    assert (await day.one("SELECT count(*) FROM orders"), day.is_shipped(trade)) == (0, False)


async def test_the_record_of_a_sale_is_taken_and_that_of_a_purchase_is_not(day: Day) -> None:
    """The control of the former: the same call, the same platform, and a sale of ours."""
    market = day.shop.work.markets["shop"]
    assert isinstance(market, XianyuMarket)
    item, us = await stranger(day)
    ours = await (await day.buyer()).orders(await day.item())
    theirs = await us.orders(item)
    assert await market.find_order(ours.order_no) is not None  # type: ignore[arg-type]
    assert await market.find_order(theirs.order_no) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["", "&role=seller"])
async def test_a_card_that_does_not_say_who_sells_gives_birth_to_nothing(day: Day, role: str) -> None:
    """The control says that we do: it is believed, and the owner asked, for the platform knows no such sale."""
    item, us = await stranger(day)
    await day.world.control.fault("drop", probability=1, on="card")
    await day.world.control.fault("drop", probability=1, on="map")
    await day.world.control.fault("drop", probability=1, on="arouse")
    trade = await us.pays(item)
    main = {
        "exContent": {"title": "我已付款，等待你发货"},
        "targetUrl": f"fleamarket://order_detail?id={trade.order_no}{role}",
    }
    content = json.dumps({"contentType": 26, "dxCard": {"item": {"main": main}}})
    body = {"1": {"1": "2299000000001@goofish"}, "2": f"{trade.chat_no}@goofish", "3": "5.PNM", "7": 1}
    body |= {"5": day.world.market.now_ms(), "6": {"3": {"2": "[我已付款，等待你发货]", "4": 26, "5": content}}}
    await day.world.control.post("/push", record={"1": body | {"10": {"sessionType": "1"}}})
    refused = "SELECT count(*) FROM outbox WHERE kind = 'look_up' AND state = 'refused'"
    await day.until(lambda: day.one(refused), "the record refused")
    await day.quiet()
    assert await day.one("SELECT count(*) FROM orders") == (1 if role else 0)
    assert bool(day.owner.told("order_manual")) is bool(role)


@pytest.mark.day(accounts=("shop", "second"))
async def test_one_account_of_ours_buys_from_another(day: Day) -> None:
    item = await day.card()
    us = Buyer(day.world.control, day.world.market.accounts["second"].unb)
    trade = await us.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.later(minutes=11)
    await day.quiet()
    rows = await day.rows("SELECT a.name FROM orders AS o JOIN accounts AS a ON a.id = o.account_id")
    assert [row["name"] for row in rows] == ["shop"]
    assert day.owner.told("order_nameless") == []
    assert await day.one("SELECT count(*) FROM foreign_chats") == 1


async def test_a_chat_in_which_we_sold_stays_ours_whatever_a_card_says(day: Day) -> None:
    """The same two people may trade both ways; a buyer is never silenced for it."""
    item, buyer = await day.card(), await day.buyer()
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    said = {"itemId": item, "orderId": "5127638256187075541", "itemSellerId": buyer.user_id, "extUserId": "1"}
    record = {"1": f"{trade.chat_no}@goofish", "2": 1, "3": said, "4": day.world.market.now_ms()}
    await day.world.control.post("/push", record=record)
    await buyer.says(item, "还有货吗")
    await day.until(lambda: day.one("SELECT count(*) FROM messages WHERE sender = 'buyer'"), "the words")
    assert await day.one("SELECT count(*) FROM foreign_chats") == 0


async def test_the_platforms_newest_word_counts(day: Day) -> None:
    item, buyer = await day.item(), await day.buyer()
    chat = (await buyer.says(item, "在吗"))["chat_id"]
    us = day.world.market.accounts["shop"].unb
    for seller, foreign in (("2299000000001", 1), (us, 0)):
        said = {"itemId": item, "itemSellerId": seller, "extUserId": buyer.user_id}
        record = {"1": f"{chat}@goofish", "2": 1, "3": said, "4": day.world.market.now_ms()}
        await day.world.control.post("/push", record=record)
        await day.until(lambda want=foreign: _is(day, want), f"foreign {foreign}")


async def _is(day: Day, wanted: int) -> bool:
    return bool(await day.one("SELECT count(*) FROM foreign_chats") == wanted)
