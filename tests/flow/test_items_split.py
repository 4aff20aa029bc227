"""A platform item joined to another product by mistake is goods of its own again; the books do not move."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import Refused
from core.store import books
from tests import stockroom as room
from tests.counter import open_counter
from tests.flow.test_items_seen import MONTH, POINTS, see


async def test_an_item_joined_by_mistake_is_split_off_and_the_books_do_not_move(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        account = await c.store.write(room.open_account)
        await see(c, [MONTH, POINTS])
        await c.store.write(lambda tx: room.stock_up(tx, 1, 16))
        await c.engine.items.change(c.actor(), 1, "auto_ship", "on")
        await c.type("商品 p2 并入 p1")
        assert "拆出" in c.last.card.note
        await c.press("并入")
        sold = await c.store.write(lambda tx: room.learn(tx, account, room.record(5, POINTS.item_id)))
        card = await c.type("商品 p1 拆出")
        assert [button.verb for button in card.buttons] == ["✂️ …900001", "✂️ …900002", "取消"]
        asked = await c.press("…900002")
        assert "900002" in asked.title and "已有的订单和库存都留在 p1" in asked.note
        question = c.last
        await c.press("拆出", card=question)
        await c.press("拆出", card=question)
        assert c.last.card.ref == "refused:0", "once"
        later = await c.store.write(lambda tx: room.learn(tx, account, room.record(6, POINTS.item_id)))
        lines = await c.store.people.all("lists.lines", ids=f"[{sold}, {later}]")
        assert [row["product_id"] for row in lines] == [1, 3], "the orders there were stay with their units"
        product = (await c.engine.items.show(1)).product
        assert (product.free, product.reserved) == (15, 1)
        assert not (await c.engine.items.show(3)).product.configured, "it is asked about first"
        with closing(sqlite3.connect(c.store.path)) as file:
            file.row_factory = sqlite3.Row
            assert [one for one in books.find_wrong(file, room.ZONE) if one.law == 7] == []
        assert "拆出" in (await c.type("审计 p1")).plain()


async def test_the_only_item_and_an_item_of_another_are_not_split_off(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as c:
        await c.store.write(room.open_account)
        await see(c, [MONTH, POINTS])
        with pytest.raises(Refused, match="split_all"):
            await c.engine.items.split(c.actor(), 1, MONTH.item_id)
        with pytest.raises(Refused, match="split_nothing"):
            await c.engine.items.split(c.actor(), 1, POINTS.item_id)
        assert [row.product.id for row in await c.engine.items.list()] == [1, 2]
