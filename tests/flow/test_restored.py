"""A key that left the shop is never sold again: not after a restore, nor when a person gave it by hand (laws 2 and 7)."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.tools.backup import backup, restore
from tests.flow.people import Trade
from tests.flow.shop import Day

ZONE = ZoneInfo("Asia/Shanghai")
KEYS = [f"KEY{n}-ABCD-{n:04}" for n in range(1, 6)]
BLIND = {
    "stock.keys_in_hand": "SELECT id, product_id, order_id, '' AS shipping, 0 AS here FROM card_keys"
    " WHERE 0 AND :prints = :chat_id"
}
"""The look-up of keys in own words, off."""


async def keyed(day: Day, keys: list[str] | None = None) -> str:
    """An item whose orders are sent a key each."""
    item = await day.card(text="您的卡密：{keys} 请收好")
    await day.engine.stock.add_keys(day.actor(), await day.product(item), KEYS if keys is None else keys)
    return item


async def sell(day: Day, item: str, nick: str) -> Trade:
    trade = await (await day.buyer(nick)).pays(item)
    await day.until_shipping(trade, "succeeded")
    return trade


async def sell_and_restore(day: Day, folder: Path, **options: object) -> tuple[str, list[Trade]]:
    """One key sold before a backup and two after it; the shop runs on the restored file."""
    item = await keyed(day)
    trades = [await sell(day, item, "甲")]
    backup(day.folder / "data", folder / "one.zip", ZONE)
    trades += [await sell(day, item, nick) for nick in ("乙", "丙")]
    await day.close()
    restore(day.folder / "data", folder / "one.zip", ZONE)
    await day.open(**options)
    await day.until_online()
    return item, trades


async def states(day: Day) -> list[str]:
    return [row["state"] for row in await day.rows("SELECT state FROM card_keys ORDER BY id")]


async def test_a_restored_shop_stands_still_and_sells_no_key_that_was_sent_since(day: Day, tmp_path: Path) -> None:
    item, before = await sell_and_restore(day, tmp_path)
    view = await day.engine.pauses.show()
    assert view.stopped
    await day.until_told("restored")
    await day.until(lambda: len(day.owner.told("key_gone")) == 2, "the keys sent since were found")
    assert await states(day) == ["sold", "void", "void", "free", "free"]
    after = await (await day.buyer("丁")).pays(item)
    await day.later(minutes=5)
    assert day.texts_to(after) == [], "nothing leaves before a person says so"
    await day.engine.pauses.resume_all(day.actor())
    await day.until_shipping(after, "succeeded")
    said = [text for trade in (*before, after) for text in day.texts_to(trade)]
    assert [[key for key in KEYS if key in text] for text in said] == [[key] for key in KEYS[:4]]
    await day.close()
    await day.open()
    assert len(day.owner.told("restored")) == 1, "told once, and never again when it runs on"


async def test_without_the_look_up_the_next_buyer_gets_a_key_that_was_sent(day: Day, tmp_path: Path) -> None:
    item, before = await sell_and_restore(day, tmp_path, replaced=BLIND)
    await day.engine.pauses.resume_all(day.actor())
    after = await sell(day, item, "丁")
    assert [KEYS[1] in day.texts_to(trade)[0] for trade in (before[1], after)] == [True, True], "sold twice"


async def test_an_order_that_was_planned_before_the_keys_were_found_gives_its_key_back(day: Day) -> None:
    """Its key was already given to somebody else by hand: it gets the next."""
    item = await keyed(day)
    await day.configure(item, auto_ship="off")
    waits = await (await day.buyer("乙")).pays(item)
    await day.until_shipping(waits, "manual")
    chat = (await (await day.buyer("甲")).says(item, "在吗"))["chat_id"]
    await day.world.control.type_by_hand(chat, f"{KEYS[0]}，拿好")
    await day.until_told("key_gone")
    assert await states(day) == ["void", "reserved", "free", "free", "free"]
    await day.ship(waits)
    await day.until_shipping(waits, "succeeded")
    assert day.texts_to(waits) == [f"您的卡密：{KEYS[1]} 请收好"]


async def test_the_last_key_given_by_hand_leaves_the_order_that_had_it_short(day: Day) -> None:
    item = await keyed(day, KEYS[:1])
    await day.configure(item, auto_ship="off")
    waits = await (await day.buyer("乙")).pays(item)
    await day.until_shipping(waits, "manual")
    chat = (await (await day.buyer("甲")).says(item, "在吗"))["chat_id"]
    await day.world.control.type_by_hand(chat, KEYS[0])
    await day.until_told("key_gone")
    assert await states(day) == ["void"]
    await day.later(hours=1)
    await day.quiet()
    assert day.texts_to(waits) == []


@pytest.mark.parametrize("words", ["{key}", "你的码是{key}，别给别人", "卡密：{key} 密码见说明", "一\n{key}\n二"])
async def test_a_key_the_owner_types_in_the_app_is_not_sold_again(day: Day, words: str) -> None:
    item = await keyed(day)
    chat = (await (await day.buyer("甲")).says(item, "在吗"))["chat_id"]
    await day.world.control.type_by_hand(chat, words.format(key=KEYS[0]))
    notice = await day.until_told("key_gone")
    assert KEYS[0] not in notice.detail
    assert (await states(day))[0] == "void"
    after = await sell(day, item, "乙")
    assert KEYS[1] in day.texts_to(after)[0]
    await day.world.control.type_by_hand(chat, KEYS[0])
    await day.quiet()
    assert len(day.owner.told("key_gone")) == 1, "what is void is told once"


async def test_a_key_the_owner_says_through_the_shop_is_not_sold_again(day: Day) -> None:
    item = await keyed(day)
    await (await day.buyer("甲")).says(item, "在吗")
    chat_id = await day.until(lambda: day.rows("SELECT id FROM chats"))
    await day.engine.chats.say(day.actor(), chat_id[0]["id"], KEYS[0])
    await day.until_told("key_gone")
    assert (await states(day))[0] == "void"


async def test_the_key_of_the_very_order_typed_by_hand_stays_with_it_and_is_not_sent_twice(day: Day) -> None:
    item = await keyed(day)
    await day.configure(item, auto_ship="off")
    trade = await (await day.buyer("甲")).pays(item)
    await day.until_shipping(trade, "manual")
    await day.world.control.type_by_hand(trade.chat_no, f"{KEYS[0]} 先拿去用")
    await day.until_told("chat_takeover")
    assert day.owner.told("key_gone") == []
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")
    assert [text for text in day.texts_to(trade) if "您的卡密" in text] == [], "the buyer has it already"
    assert await states(day) == ["sold", "free", "free", "free", "free"]


async def test_the_key_of_an_order_typed_by_hand_does_not_come_back_when_it_closes(day: Day) -> None:
    item = await keyed(day)
    await day.configure(item, auto_ship="off")
    trade = await (await day.buyer("甲")).pays(item)
    await day.until_shipping(trade, "manual")
    await day.world.control.type_by_hand(trade.chat_no, KEYS[0])
    await day.until_told("chat_takeover")
    await day.world.control.act("cancel", trade.order_no)
    await day.until_shipping(trade, "cancelled")
    assert await states(day) == ["sold", "free", "free", "free", "free"]


async def test_only_free_keys_are_voided_by_hand(day: Day) -> None:
    item = await keyed(day)
    await sell(day, item, "甲")
    product, stock = await day.product(item), day.engine.stock
    lines = [KEYS[0], KEYS[1], KEYS[1], "", "NEVER-HERE-1"]
    preview = await stock.preview_void(product, lines)
    assert (preview.free, preview.sold, preview.reserved, preview.void, preview.unknown) == (1, 1, 0, 0, 1)
    assert await stock.void_keys(day.actor(), product, lines) == 1
    assert await states(day) == ["sold", "void", "free", "free", "free"]
    moved = await day.rows("SELECT quantity, free_after FROM ledger WHERE kind = 'write_off'")
    assert [tuple(row) for row in moved] == [(-1, 3)]
    assert await day.one("SELECT count(*) FROM acts WHERE verb = 'void_keys'") == 1
    assert await stock.void_keys(day.actor(), product, lines) == 0
    assert KEYS[2] in day.texts_to(await sell(day, item, "乙"))[0]


async def test_a_key_of_an_order_in_doubt_given_to_another_stays_and_is_told(day: Day) -> None:
    """Its buyer may have it: taking it away would give that buyer a second one."""
    await day.world.control.fault("drop", probability=1, on="echo")
    await day.world.control.fault("timeout_after_effect", times=1, on="send")
    item = await keyed(day)
    trade = await (await day.buyer("乙")).pays(item)
    await day.until(lambda: day.record("sent", chat_id=trade.chat_no))
    await day.world.control.type_by_hand(trade.chat_no, day.texts_to(trade)[0])
    await day.until_shipping(trade, "unknown")
    await day.world.control.fault("drop", probability=0, on="echo")
    chat = (await (await day.buyer("甲")).says(item, "在吗"))["chat_id"]
    await day.world.control.type_by_hand(chat, KEYS[0])
    notice = await day.until_told("key_gone")
    assert notice.detail.endswith("#1")
    assert (await states(day))[0] == "reserved"
