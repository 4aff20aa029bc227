"""Keys that come without a word whose they are: asked, shown, taken in once; a restart between two presses loses nothing."""

from pathlib import Path

from bot.auth import Attachment
from bot.cards.card import Card
from core.values.people import ChatKind
from tests import stockroom
from tests.counter import OPERATOR, OWNER, STRANGER, Counter, open_counter
from tests.flow.parcels import labels

KEYS = Attachment(name="keys.txt", content="AAAA-1111\nBBBB-2222\n".encode("utf-16"))


def goods(tx) -> None:
    account = stockroom.open_account(tx)
    stockroom.add_product(tx, account, "900001", text="好的")
    for number in range(2, 10):
        stockroom.add_product(tx, account, f"90000{number}", keyed="on")


async def bring(c: Counter, who: str = OWNER, name: str = "keys.txt", **changes: object) -> Card | None:
    return await c.take(c.request(None, who, brought=name, attachment=KEYS, **changes))


async def free(c: Counter, product: int) -> int:
    return (await c.engine.items.show(product)).product.free


async def test_a_bare_file_offers_the_products_of_keys(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(goods)
        card = await bring(c)
        assert "2 行" in card.title and labels(card) == [f"p{n}" for n in range(2, 8)] and "2" in card.note
        asked = await c.press("p3")
        assert "AAAA-1111" not in asked.plain() and await free(c, 3) == 0, "shown before anything goes in"
        done = c.last
        await c.press("导入")
        assert await free(c, 3) == 2
        await c.press("导入", card=done)
        assert await free(c, 3) == 2 and c.last.card.ref == "refused:0"


async def test_words_without_a_product_are_asked_the_same(tmp_path: Path):
    """And the lines below them are the keys, whatever the button's own first line says."""
    async with open_counter(tmp_path) as c:
        await c.store.write(goods)
        await c.type("导入\nCCCC-3333\nDDDD-4444\nEEEE-5555")
        await c.press("p2")
        await c.press("导入")
        assert await free(c, 2) == 3
        assert (await c.type("导入")).ref == "refused:0", "nothing to take in"


async def test_a_restart_between_the_presses_loses_nothing(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(goods)
        await bring(c)
        first = c.last
    async with open_counter(tmp_path) as c:
        c.asked = 10
        await c.press("p4", card=first)
        sure = c.last
    async with open_counter(tmp_path) as c:
        c.asked = 20
        await c.press("导入", card=sure)
        assert await free(c, 4) == 2


async def test_without_a_product_of_keys_it_says_how_there_is_one(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        card = await bring(c)
        assert labels(card) == [] and "卡密 开" in card.note


async def test_only_whoever_may_import_is_asked_and_only_about_lists(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(goods)
        assert "2 行" not in (await bring(c, OPERATOR)).plain()
        assert not await c.desk.concerns(c.request(None, STRANGER, brought="keys.txt"))
        assert await bring(c, name="合同.pdf") is None
        private = await bring(c, name="密钥", chat=OWNER, chat_kind=ChatKind.private)
        assert private is not None and "2 行" in private.title, "in private whatever comes is meant"


async def test_a_forwarded_file_takes_nothing_in(tmp_path: Path):
    async with open_counter(tmp_path) as c:
        await c.store.write(goods)
        assert (await bring(c, forwarded=True)).ref == "refused:0"
