"""A product that is to ship by itself and could not: said on its card and before the switch is thrown."""

from pathlib import Path

import pytest

from tests import stockroom
from tests.counter import open_counter


@pytest.mark.parametrize(
    ("settings", "keys", "said"),
    [
        ({}, 0, "没有发货内容也没有卡密"),
        ({"text": "给你 {keys}"}, 0, "有 {keys}，但这个商品没有卡密"),
        ({"keyed": "on"}, 0, "卡密一条不剩"),
        ({"keyed": "on"}, 2, ""),
        ({"text": "好的"}, 0, ""),
        ({"mode": "physical"}, 0, ""),
    ],
)
async def test_what_automatic_shipping_lacks_is_said_before_and_after(
    tmp_path: Path, settings: dict[str, str], keys: int, said: str
):
    """The controls are those that lack nothing, and the switch that is off."""

    def stage(tx) -> None:
        product = stockroom.add_product(tx, stockroom.open_account(tx), "900001", auto_ship="off", **settings)
        if keys:
            stockroom.key_up(tx, product, [f"KEY-{n}" for n in range(keys)])

    async with open_counter(tmp_path) as c:
        await c.store.write(stage)
        assert "⚠" not in (await c.type("商品 p1")).note
        asked = await c.type("商品 p1 自动发货 开")
        assert (said in asked.note) and ("⚠" in asked.note) == bool(said)
        done = await c.press("保存")
        shown = await c.type("商品 p1")
        assert said in shown.note and ("⚠" in shown.note) == bool(said), done.plain()


async def test_the_warning_goes_with_what_was_missing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(lambda tx: stockroom.add_product(tx, stockroom.open_account(tx), "900001", auto_ship="on"))
        assert "⚠" in (await c.type("商品 p1")).note
        await c.type("商品 p1 内容 给你")
        assert "⚠" not in c.last.card.note, "the text that is being saved is no longer missing"
        await c.press("保存")
        assert "⚠" not in (await c.type("商品 p1")).note
