"""A key that was delivered is the buyer's: the owner's people see its end alone (law 11)."""

from core.rules.text import mask_key
from tests.flow.shop import Day

KEY = "KEY-ONE-1111"


async def test_a_conversation_shows_no_key_that_was_delivered_in_it(day: Day) -> None:
    item = await day.item(mode="virtual", text="您的卡密：{keys}")
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "manual")
    await day.engine.stock.add_keys(day.actor(), view.order.lines[0].product_id, [KEY])
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")
    chats = day.engine.chats
    shown = await chats.show(await chats.find(f"#{view.order.id}"))
    latest = (await chats.list_latest())[0]
    assert [line.text for line in (*shown.lines, *latest.lines)].count(f"您的卡密：{mask_key(KEY)}") == 2
    assert not any(KEY in line.text for line in (*shown.lines, *latest.lines))
    assert day.texts_to(trade) == [f"您的卡密：{KEY}"]
