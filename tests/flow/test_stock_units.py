"""Units and keys through the life of an order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import IllegalMove, Refused
from core.moves import items, stock
from core.moves.apply import apply
from core.moves.planning import fill_short
from core.moves.step import OrderStep
from core.rules.orders import OrderEvent
from core.store.db import Store, Tx
from core.store.stock import find_product
from core.values.orders import PlatformStatus
from core.values.products import Product
from tests import stockroom as room


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path)
    yield opened
    await opened.close()


def shelf(product: Product) -> tuple[int, int, int]:
    return product.free, product.reserved, product.sold


def kinds(tx: Tx) -> list[str]:
    return [row["kind"] for row in tx.all("notices.due", now=room.cause(1).now_ms, most=100)]


async def test_a_paid_order_takes_its_units_and_shipping_sells_them(store: Store) -> None:
    def work(tx: Tx) -> list[tuple[int, int, int]]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="给你", auto_ship="on")
        room.stock_up(tx, product, 5)
        told = room.record(1, "i1", quantity=2)
        order = room.learn(tx, account, told)
        reserved = shelf(find_product(tx, product))
        room.ship(tx, order, told)
        return [reserved, shelf(find_product(tx, product))]

    assert await store.write(work) == [(3, 2, 0), (3, 0, 2)]


async def test_a_cancelled_order_gives_its_unit_and_its_key_back(store: Store) -> None:
    def work(tx: Tx) -> tuple[tuple[int, int, int], tuple[str, ...], tuple[str, ...]]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="给你 {keys}")
        room.key_up(tx, product, ["AAAA-1111", "BBBB-2222"])
        order = room.learn(tx, account, room.record(1, "i1"))
        had = stock.keys_of(tx, order)
        apply(tx, room.cause(), room.TERMS, OrderStep(order, OrderEvent.cancel))
        return shelf(find_product(tx, product)), had, stock.keys_of(tx, order)

    assert await store.write(work) == ((2, 0, 0), ("AAAA-1111",), ())


async def test_a_key_whose_text_may_be_out_is_never_given_again(store: Store) -> None:
    def work(tx: Tx) -> tuple[tuple[int, int, int], tuple[str, ...]]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="给你 {keys}", auto_ship="on")
        room.key_up(tx, product, ["AAAA-1111"])
        told = room.record(1, "i1")
        order = room.learn(tx, account, told)
        room.begin(tx, order)
        room.do_effect(tx, order, "confirm", told)
        room.do_effect(tx, order, "deliver", told)
        apply(tx, room.cause(), room.TERMS, OrderStep(order, OrderEvent.cancel))
        return shelf(find_product(tx, product)), stock.keys_of(tx, order)

    assert await store.write(work) == ((0, 0, 1), ("AAAA-1111",))


async def test_an_unlimited_product_reserves_nothing(store: Store) -> None:
    def work(tx: Tx) -> tuple[bool, tuple[int, int, int], bool]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1")
        order = room.learn(tx, account, room.record(1, "i1"))
        took = stock.reserve(tx, room.cause(), order, product, 7)
        return took, shelf(find_product(tx, product)), stock.release(tx, room.cause(), order)

    assert await store.write(work) == (True, (0, 0, 0), False)


async def test_reserving_twice_for_an_order_is_once_and_so_are_selling_and_releasing(store: Store) -> None:
    def work(tx: Tx) -> tuple[list[bool], tuple[int, int, int]]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1")
        room.stock_up(tx, product, 3)
        order = room.learn(tx, account, room.record(1, "i1"))
        done = [stock.reserve(tx, room.cause(), order, product, 1) for _ in range(3)]
        done += [stock.sell(tx, room.cause(), order), stock.sell(tx, room.cause(), order)]
        return [*done, stock.release(tx, room.cause(), order)], shelf(find_product(tx, product))

    assert await store.write(work) == ([True, True, True, True, False, False], (2, 0, 1))


async def test_too_few_units_change_nothing(store: Store) -> None:
    def work(tx: Tx) -> tuple[bool, tuple[int, int, int], int]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="x")
        room.key_up(tx, product, ["AAAA-1111", "BBBB-2222"])
        order = room.learn(tx, account, room.record(1, "i1", PlatformStatus.pending_payment))
        took = stock.reserve(tx, room.cause(), order, product, 3)
        return took, shelf(find_product(tx, product)), len(tx.all("stock.ledger_of", product_id=product, most=9))

    assert await store.write(work) == (False, (2, 0, 0), 1)


async def test_low_stock_is_told_once_a_crossing_and_an_empty_shelf_by_its_own_name(store: Store) -> None:
    def work(tx: Tx) -> list[list[str]]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", low_at="2")
        room.stock_up(tx, product, 5)
        orders = [room.learn(tx, account, room.record(n, "i1", PlatformStatus.pending_payment)) for n in range(7)]
        told = []
        for order in orders[:5]:
            stock.reserve(tx, room.cause(), order, product, 1)
            told.append([kind for kind in kinds(tx) if kind.startswith("stock")])
        room.stock_up(tx, product, 3)
        stock.reserve(tx, room.cause(), orders[5], product, 1)
        return [*told, [kind for kind in kinds(tx) if kind.startswith("stock")]]

    told = await store.write(work)
    assert [sorted(kinds) for kinds in told] == [
        [],
        [],
        ["stock_low"],
        ["stock_low"],
        ["stock_low", "stock_out"],
        ["stock_low", "stock_low", "stock_out"],
    ]


async def test_units_that_arrive_go_to_short_orders_in_order_of_payment(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="给你", auto_ship="on")
        room.stock_up(tx, product, 0)
        orders = [room.learn(tx, account, room.record(n, "i1")) for n in (1, 2, 3)]
        stock.set_free(tx, room.cause(), product, 2)
        fill_short(tx, room.cause(), room.TERMS, product)
        rows = [tx.one("fulfilments.state", id=order) for order in orders]
        return [row["state"] for row in rows if row]

    assert await store.write(work) == ["scheduled", "scheduled", "short"]


async def test_sold_units_that_come_back_can_be_sold_again_but_never_more_than_were_sold(store: Store) -> None:
    def work(tx: Tx) -> tuple[int, int, int]:
        account = room.open_account(tx)
        product = room.add_product(tx, account, "i1", text="给你", auto_ship="on")
        room.stock_up(tx, product, 2)
        told = room.record(1, "i1", quantity=2)
        order = room.learn(tx, account, told)
        room.ship(tx, order, told)
        stock.give_back(tx, room.cause(), order, 1)
        stock.give_back(tx, room.cause(), order, 1)
        with pytest.raises(Refused):
            stock.give_back(tx, room.cause(), order, 1)
        return shelf(find_product(tx, product))

    assert await store.write(work) == (2, 0, 2)


async def test_setting_stock_by_an_old_card_is_refused_with_who_changed_it(store: Store) -> None:
    def work(tx: Tx) -> None:
        product = room.add_product(tx, room.open_account(tx), "i1", title="新名字")
        stock.set_free(tx, room.cause(), product, 5, version=1)

    with pytest.raises(IllegalMove) as refused:
        await store.write(work)
    assert refused.value.key == "changed_meanwhile"
    assert refused.value.facts["by"] == "老板"


async def test_the_stock_of_a_keyed_product_is_its_keys(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        product = room.add_product(tx, room.open_account(tx), "i1")
        room.key_up(tx, product, ["AAAA-1111"])
        refused = []
        for change in (stock.set_free, lambda *args: stock.set_unlimited(*args[:3])):
            with pytest.raises(Refused) as error:
                change(tx, room.cause(), product, 4)
            refused.append(error.value.key)
        return refused

    assert await store.write(work) == ["stock_is_keys", "stock_is_keys"]


async def test_loose_units_do_not_become_keys(store: Store) -> None:
    def work(tx: Tx) -> None:
        product = room.add_product(tx, room.open_account(tx), "i1")
        room.stock_up(tx, product, 4)
        room.key_up(tx, product, ["AAAA-1111"])

    with pytest.raises(Refused, match="has_loose_units"):
        await store.write(work)


async def test_a_key_the_shop_ever_had_is_left_out_whatever_the_product(store: Store) -> None:
    def work(tx: Tx) -> list[tuple[int, int]]:
        account = room.open_account(tx)
        first, second = (room.add_product(tx, account, item) for item in ("i1", "i2"))
        added = [
            room.keys.add_keys(tx, room.cause(), first, ["AAAA-1111", " AAAA-1111 ", "BBBB-2222", ""]),
            room.keys.add_keys(tx, room.cause(), second, ["AAAA-1111", "CCCC-3333"]),
        ]
        return [(one.added, one.duplicate) for one in added]

    assert await store.write(work) == [(2, 1), (1, 1)]


async def test_keys_are_sealed_in_the_file(store: Store) -> None:
    def work(tx: Tx) -> None:
        room.key_up(tx, room.add_product(tx, room.open_account(tx), "i1"), ["AAAA-SECRET-1111"])

    await store.write(work)
    await store.close()
    assert all(b"SECRET" not in file.read_bytes() for file in store.path.parent.iterdir())


async def test_unlimited_takes_the_shelf_out_of_the_books(store: Store) -> None:
    def work(tx: Tx) -> tuple[bool, tuple[int, int, int], int]:
        product = room.add_product(tx, room.open_account(tx), "i1")
        room.stock_up(tx, product, 4)
        items.change(tx, room.cause(actor=room.owner("r9")), product, "counted", "off")
        after = find_product(tx, product)
        newest = tx.all("stock.ledger_of", product_id=product, most=1)[0]
        return after.counted, shelf(after), newest["quantity"]

    assert await store.write(work) == (False, (0, 0, 0), -4)
