"""The platform told a status and no order's number: parked, settled by map, headinfo or list, or told to a person."""

import sqlite3

import pytest

from core.store.db import FILE
from tests.contract import xianyu_frames
from tests.flow.shop import Day

PAID = "等待卖家发货"
CHAT = "77001"


def summary(day: Day, chat: str, words: str) -> dict[str, object]:
    now_ms = day.world.market.now_ms()
    return {"1": f"{chat}@goofish", "2": 1, "3": {"redReminder": words, "redReminderStyle": "1"}, "4": now_ms}


def parked(day: Day):
    return day.one("SELECT count(*) FROM inbox WHERE kind = 'order_hint' AND state = 'parked'")


def cards(day: Day):
    return day.one("SELECT count(*) FROM notices WHERE kind = 'order_nameless'")


async def hints(day: Day, chat: str = CHAT, words: str = PAID) -> None:
    await day.world.control.post("/push", record=summary(day, chat, words))
    await day.until(lambda: day.one("SELECT count(*) FROM inbox WHERE kind = 'order_hint'"), "the hint")
    await day.quiet()


async def test_a_hint_nobody_can_place_becomes_one_card_after_ten_minutes(day: Day) -> None:
    await hints(day)
    assert await parked(day) == 1
    await day.later(minutes=9)
    await day.quiet()
    assert await cards(day) == 0
    await day.later(minutes=2)
    await day.until(lambda: cards(day), "the card")
    await day.later(minutes=30)
    await day.quiet()
    assert (await cards(day), await parked(day)) == (1, 0)


@pytest.mark.parametrize("words", ["交易关闭", "交易成功"])
async def test_a_hint_about_something_over_is_over_too(day: Day, words: str) -> None:
    await hints(day, words=words)
    await day.later(minutes=11)
    await day.until(lambda: day.one("SELECT count(*) = 0 FROM inbox WHERE state = 'parked'"), "the end of it")
    assert await cards(day) == 0


async def test_a_hint_waits_through_a_restart(day: Day) -> None:
    await hints(day)
    await day.close()
    await day.open()
    await day.later(minutes=11)
    await day.until(lambda: cards(day), "the card")


async def test_headinfo_names_the_order_of_a_hint_once_the_item_is_known(day: Day) -> None:
    """The card and the map never come: only the chat's summary, and the buyer's word that names the item."""
    item, buyer = await day.card(), await day.buyer()
    for kind in ("card", "map", "update", "arouse"):
        await day.world.control.fault("drop", probability=1, on=kind)
    trade = await buyer.pays(item)
    await hints(day, trade.chat_no)
    assert (await parked(day), await day.one("SELECT count(*) FROM orders")) == (1, 0)
    await buyer.says(item, "拍好了")
    await day.quiet()
    await day.later(minutes=1)
    await day.until_shipping(trade, "succeeded")
    await day.later(minutes=11)
    await day.quiet()
    assert (await cards(day), await parked(day)) == (0, 0)
    assert await day.one("SELECT chat_no FROM orders") == trade.chat_no


@pytest.mark.day(errors=True)
async def test_a_hint_that_cannot_be_settled_holds_up_no_other(day: Day) -> None:
    """A bug strikes at the second hint; the first, already taken up again, is acted on all the same."""
    item, buyer, next_buyer = await day.card(), await day.buyer("甲"), await day.buyer("乙")
    for kind in ("card", "map", "update", "arouse"):
        await day.world.control.fault("drop", probability=1, on=kind)
    trade, other_trade = await buyer.pays(item), await next_buyer.pays(item)
    await hints(day, trade.chat_no)
    await hints(day, other_trade.chat_no)
    other = sqlite3.connect(day.folder / "data" / FILE, isolation_level=None)
    other.execute(
        "CREATE TRIGGER bug BEFORE UPDATE ON inbox WHEN OLD.state = 'parked' "
        "AND OLD.id = (SELECT max(id) FROM inbox WHERE state = 'parked') BEGIN SELECT RAISE(ABORT, 'a bug'); END"
    )
    other.close()
    await buyer.says(item, "拍好了")
    await next_buyer.says(item, "拍好了")
    await day.until(lambda: day.one("SELECT count(*) = 2 FROM messages WHERE sender = 'buyer'"), "both words")
    await day.later(minutes=1)
    await day.until(lambda: day.one("SELECT count(*) FROM outbox WHERE kind = 'find_order'"), "the question", 5)
    await day.until_shipping(trade, "succeeded")


async def test_a_map_settles_a_hint(day: Day) -> None:
    item, buyer = await day.card(), await day.buyer()
    for kind in ("card", "update"):
        await day.world.control.fault("drop", probability=1, on=kind)
    trade = await buyer.pays(item)
    await day.until_shipping(trade, "succeeded")
    await day.later(minutes=11)
    await day.quiet()
    assert (await cards(day), await parked(day)) == (0, 0)


async def test_words_of_a_buyer_are_no_hint(day: Day) -> None:
    """The negative control: the same words, typed."""
    await (await day.buyer()).says(await day.item(), f"[{PAID}]")
    await day.until(lambda: day.one("SELECT count(*) FROM messages WHERE sender = 'buyer'"), "the words")
    await day.later(minutes=11)
    await day.quiet()
    assert (await cards(day), await day.one("SELECT count(*) FROM inbox WHERE kind = 'order_hint'")) == (0, 0)


async def test_a_trade_card_cut_short_of_its_number_waits_and_is_told_like_a_hint(day: Day) -> None:
    """The captured refund card (S39) names its chat and item and no order, and nobody can tell which it is."""
    await day.world.control.post("/push", record=xianyu_frames.load("card_refund_asked")["payload"])
    await day.until(lambda: day.one("SELECT count(*) FROM inbox WHERE kind = 'order' AND state = 'parked'"), "the card")
    await day.quiet()
    await day.later(minutes=9)
    await day.quiet()
    assert await cards(day) == 0
    await day.later(minutes=2)
    await day.until(lambda: cards(day), "the owner's card")
    await day.quiet()
    assert await day.one("SELECT count(*) FROM inbox WHERE state = 'parked'") == 0
