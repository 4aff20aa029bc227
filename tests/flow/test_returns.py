"""Goods that came back: asked about, on the shelf again, sold again, and taken back when that was a slip."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import Refused
from core.moves.apply import apply
from core.moves.step import OrderStep
from core.rules.orders import OrderEvent
from core.store import books
from core.values.fulfilment import FulfilmentState
from tests import stockroom
from tests.counter import OPERATOR, Counter, open_counter, state
from tests.flow.parcels import labels


async def sold(c: Counter, quantity: int = 2, free: int = 3, kind: str = "counted") -> int:
    """An order that shipped and then closed: so many of its units are with the buyer."""

    def work(tx) -> int:
        account = stockroom.open_account(tx)
        settings = {"keyed": "on"} if kind == "keys" else {}
        product = stockroom.add_product(tx, account, "900001", auto_ship="on", price="50", text="好的", **settings)
        if kind == "keys":
            stockroom.key_up(tx, product, [f"KEY-{n}" for n in range(free)])
        elif kind == "counted":
            stockroom.stock_up(tx, product, free)
        told = stockroom.record(1, "900001", quantity=quantity)
        order = stockroom.learn(tx, account, told)
        stockroom.ship(tx, order, told)
        apply(tx, stockroom.cause(5), stockroom.TERMS, OrderStep(order, OrderEvent.cancel))
        return order

    return await c.store.write(work)


async def shelf(c: Counter) -> tuple[int, int, int]:
    product = (await c.engine.items.show(1)).product
    return product.free, product.reserved, product.sold


def balance(c: Counter) -> None:
    with closing(sqlite3.connect(c.store.path)) as file:
        file.row_factory = sqlite3.Row
        assert [one for one in books.find_wrong(file, stockroom.ZONE) if one.law == 7] == []


async def test_what_came_back_is_asked_about_and_is_on_the_shelf_again(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c)
        assert await shelf(c) == (1, 0, 2)
        card = await c.type("查单 #1")
        assert "退货入库 #1" in card.note
        card = await c.press("退货入库")
        assert "2 件" in card.title and "1 → 3" in card.plain() and await shelf(c) == (1, 0, 2)
        card = await c.press("入库 2 件")
        assert await shelf(c) == (3, 0, 2), "sold counts what ever left"
        assert "已放回货架" in card.plain()
        assert "↩️ 退货入库" not in labels(await c.type("查单 #1"))
        balance(c)


async def test_a_part_may_come_back_and_never_more_than_left(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c)
        for _ in range(2):
            await c.type("退货 #1 1")
            await c.press("入库 1 件")
        assert await shelf(c) == (3, 0, 2)
        for words in ("退货 #1", "退货 #1 1", "退货 #1 0"):
            card = await c.type(words)
            assert card.ref == "refused:0" and "0 件" in card.plain()
        balance(c)


async def test_a_double_press_takes_in_once_and_an_old_card_nothing(tmp_path: Path):
    """Each by a guard of its own: the button is used once, the card is of a version of the product."""
    async with open_counter(tmp_path) as c:
        await sold(c)
        await c.type("退货 #1 1")
        first = c.last
        await c.type("退货 #1 1")
        second = c.last
        await c.press("入库", card=first)
        await c.press("入库", card=first)
        await c.press("入库", card=second)
        assert await shelf(c) == (2, 0, 2)
        await c.engine.stock.take_in(c.actor(), 1, 1)
        assert await shelf(c) == (3, 0, 2), "the control: without a version the second unit goes in as well"


@pytest.mark.parametrize("kind", ["keys", "unlimited"])
async def test_keys_and_what_is_not_counted_never_come_back(tmp_path: Path, kind: str):
    async with open_counter(tmp_path) as c:
        await sold(c, kind=kind)
        assert "↩️ 退货入库" not in labels(await c.type("查单 #1"))
        assert (await c.type("退货 #1")).ref == "refused:0"
        with pytest.raises(Refused, match="nothing_to_give_back"):
            await c.engine.stock.take_in(c.actor(), 1, 1)


async def test_what_came_back_goes_first_to_an_order_that_waits(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c, quantity=2, free=2)

        def waits(tx) -> int:
            return stockroom.learn(tx, 1, stockroom.record(2, "900001", quantity=2))

        waiting = await c.store.write(waits)
        assert await state(c, waiting) is FulfilmentState.short
        await c.engine.stock.take_in(c.actor(), 1, 2)
        assert await state(c, waiting) is not FulfilmentState.short and await shelf(c) == (0, 2, 2)
        balance(c)


async def test_a_slip_is_taken_back_from_the_list_of_what_can_be(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c)
        await c.engine.stock.take_in(c.actor(), 1, 2)
        card = await c.type("撤销")
        assert "退货入库 #1" in card.plain()
        await c.press("退货入库")
        assert await shelf(c) == (1, 0, 2)
        balance(c)
        assert "↩️ 退货入库" in labels(await c.type("查单 #1")), "it can come back after all"


async def test_what_was_sold_again_meanwhile_is_not_taken_back(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c, quantity=2, free=2)
        await c.engine.stock.take_in(c.actor(), 1, 2)
        await c.store.write(lambda tx: stockroom.learn(tx, 1, stockroom.record(2, "900001", quantity=1)))
        card = await c.type("撤销")
        assert "已卖出一些" in card.plain() and not any("退货" in label for label in labels(card))
        act = (await c.store.people.one("acts.last_of", entity="order", entity_id=1, verb="returned"))["id"]
        assert (await c.type(f"撤销 r{act}")).ref == "refused:0"
        assert await shelf(c) == (1, 1, 2)
        balance(c)


async def test_the_count_of_stock_is_the_owners(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c)
        await c.type("退货 #1", OPERATOR)
        await c.type("returned #1", OPERATOR)
        assert await shelf(c) == (1, 0, 2) and c.last.card.ref == "refused:0"


async def test_a_request_walked_again_after_a_crash_takes_in_once(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await sold(c)
        actor = c.actor()
        await c.engine.stock.take_in(actor, 1, 1)
        with pytest.raises(Refused, match="done_before"):
            await c.engine.stock.take_in(actor, 1, 1)
        assert await shelf(c) == (2, 0, 2)
