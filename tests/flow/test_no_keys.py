"""A text that promises keys never reaches a buyer empty."""

import pytest

from core.errors import Refused
from tests.flow.shop import Day


async def test_goods_whose_text_needs_keys_that_were_never_given_are_manual_and_refused(day: Day) -> None:
    item = await day.item(mode="virtual", text="您的卡密：{keys}", auto_ship="on")
    trade = await (await day.buyer()).pays(item)
    view = await day.until_shipping(trade, "manual")
    assert view.fulfilment is not None and view.fulfilment.reason == "no_keys"
    with pytest.raises(Refused, match="keys_missing"):
        await day.ship(trade)
    assert day.texts_to(trade) == []
    await day.engine.stock.add_keys(day.actor(), view.order.lines[0].product_id, ["KEY-ONE-1111"])
    await day.ship(trade)
    await day.until_shipping(trade, "succeeded")
    assert day.texts_to(trade) == ["您的卡密：KEY-ONE-1111"]
