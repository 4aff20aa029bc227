"""The owner works stock and settings through the front door."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import ManualClock
from core.config import Config, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import BadArgument, IllegalMove, NotFound, Refused
from core.store import books
from core.store.db import Store
from core.values.products import LedgerKind
from tests import stockroom as room


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def engine(store: Store) -> Engine:
    def work(tx) -> None:
        account = room.open_account(tx)
        for item in ("1001", "1002"):
            room.add_product(tx, account, item, text="给你", auto_ship="on")

    await store.write(work)
    return Engine(Shop(store, Settings(Config()), ManualClock(room.NOW), room.ZONE))


@pytest.mark.parametrize(("word", "product"), [("1", 1), ("p2", 2), ("P2", 2), ("1001", 1), ("商品 1002", 2)])
async def test_a_product_is_found_by_number_item_or_title(engine: Engine, word: str, product: int) -> None:
    assert await engine.stock.find(word) == product


@pytest.mark.parametrize(
    ("word", "key"), [("9", "no_such_product"), ("", "no_such_product"), ("商品", "ambiguous_product")]
)
async def test_no_product_is_guessed(engine: Engine, word: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        await engine.stock.find(word)
    assert refused.value.key == key


async def test_setting_stock_serves_short_orders_and_is_recorded(engine: Engine, store: Store) -> None:
    await engine.stock.set_free(room.owner("a"), 1, 0)
    short = [await store.write(lambda tx, n=n: room.learn(tx, 1, room.record(n, "1001"))) for n in (1, 2)]
    rows = await engine.stock.list(low_only=True)
    assert [(row.product.id, row.waiting_short) for row in rows] == [(1, 2)]
    product = await engine.stock.set_free(room.owner("b"), 1, 1)
    assert (product.free, product.reserved) == (0, 1)
    states = [(await engine.orders.show(order)).fulfilment for order in short]
    assert [task.state.value for task in states if task] == ["scheduled", "short"]
    assert (await engine.stock.set_unlimited(room.owner("c"), 1)).counted is False
    assert [row.waiting_short for row in await engine.stock.list()] == [0, 0]
    assert books.check_file(store.path, room.ZONE) == []


async def test_a_replayed_command_changes_stock_once(engine: Engine) -> None:
    await engine.stock.set_free(room.owner("same"), 1, 5)
    with pytest.raises(Refused, match="done_before"):
        await engine.stock.set_free(room.owner("same"), 1, 9)
    assert (await engine.items.show(1)).product.free == 5


async def test_a_stale_card_changes_nothing(engine: Engine) -> None:
    seen = (await engine.items.show(1)).product.version
    await engine.stock.set_free(room.owner("a"), 1, 5, seen)
    for act in (
        engine.stock.set_free(room.owner("b"), 1, 9, seen),
        engine.stock.set_unlimited(room.owner("c"), 1, seen),
    ):
        with pytest.raises(IllegalMove, match="changed_meanwhile"):
            await act
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        await engine.items.change(room.owner("d"), 1, "price", "1", seen)


async def set_at_once(engine: Engine, version: int | None) -> int:
    """Five people press at the same time; how many were told it is done."""
    presses = [engine.stock.set_free(room.owner(f"p{n}"), 1, n, version) for n in range(5)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    return sum(not isinstance(one, BaseException) for one in answers)


async def test_of_five_who_change_the_same_version_at_once_one_wins(engine: Engine) -> None:
    assert await set_at_once(engine, (await engine.items.show(1)).product.version) == 1


async def test_without_the_version_all_five_overwrite_each_other(engine: Engine) -> None:
    assert await set_at_once(engine, None) == 5


async def test_impossible_numbers_are_refused(engine: Engine) -> None:
    for quantity in (-1, 10**12):
        with pytest.raises(BadArgument, match="bad_number"):
            await engine.stock.set_free(room.OWNER, 1, quantity)
    with pytest.raises(NotFound):
        await engine.stock.set_free(room.OWNER, 99, 1)


async def test_an_import_shows_first_what_it_would_do_and_then_does_that(engine: Engine) -> None:
    lines = ["AAAA-1111-XXXX", "", " AAAA-1111-XXXX", "BBBB-2222-YYYY"]
    preview = await engine.stock.preview_keys(2, lines)
    assert (preview.new, preview.duplicate, preview.empty) == (2, 1, 1)
    assert preview.first_masked == ("****-XXXX", "****-YYYY")
    assert (await engine.items.show(2)).product.free == 0
    added = await engine.stock.add_keys(room.owner("a"), 2, lines)
    assert (added.added, added.duplicate) == (2, 1)
    assert (await engine.stock.preview_keys(2, lines)).new == 0
    assert (await engine.items.show(2)).product.free == 2


async def test_keys_that_arrive_go_to_orders_that_wait_for_them(engine: Engine, store: Store) -> None:
    await engine.items.change(room.owner("a"), 2, "keyed", "on")
    order = await store.write(lambda tx: room.learn(tx, 1, room.record(1, "1002")))
    await engine.stock.add_keys(room.owner("b"), 2, ["AAAA-1111-XXXX"])
    task = (await engine.orders.show(order)).fulfilment
    assert task is not None
    assert task.state == "scheduled"


async def test_a_change_is_previewed_without_being_written(engine: Engine) -> None:
    before, after = await engine.items.preview_change(1, "price", "45")
    assert (before.price_fen, after.price_fen) == (5000, 4500)
    assert (await engine.items.show(1)).product.price_fen == 5000
    before, after = await engine.items.change(room.owner("a"), 1, "price", "45", before.version)
    assert (before.price_fen, after.price_fen) == (5000, 4500)


async def test_a_product_shows_its_listings_and_movements(engine: Engine) -> None:
    await engine.stock.set_free(room.owner("a"), 1, 5)
    view = await engine.items.show(1)
    assert [listing.item_id for listing in view.listings] == ["1001"]
    assert len(view.ledger) == 1
    assert LedgerKind.adjustment in view.ledger[0]


async def test_the_product_of_an_order_nobody_described_is_made(engine: Engine, store: Store) -> None:
    told = room.record(1, "1003")
    order = await store.write(lambda tx: room.learn(tx, 1, told))
    product = await engine.items.product_of_order(order)
    assert product == 3
    assert await engine.items.product_of_order(order) == 3
    assert not (await engine.items.show(product)).product.configured


async def test_a_delivery_text_is_sealed_in_the_file(engine: Engine, store: Store) -> None:
    await engine.items.change(room.owner("a"), 1, "text", "SECRET-WORDS {order}")
    assert (await engine.items.show(1)).product.delivery_text == "SECRET-WORDS {order}"
    await store.close()
    assert all(b"SECRET-WORDS" not in file.read_bytes() for file in store.path.parent.iterdir())
