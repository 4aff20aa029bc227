"""Many at once: the last unit is never sold twice, each key goes to one order.

The negative controls open the store with a guard taken out of its statement, or do what the guard forbids, and must
then oversell under the very same load: otherwise the load proves nothing.
"""

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from core.moves import stock
from core.store.db import Store, Tx
from core.values.orders import PlatformStatus
from tests import stockroom as room

ORDERS = 120
UNITS = 30
PROCESSES = 4

UNGUARDED_UNITS = {
    "stock.reserve": "UPDATE products SET free = max(free - :quantity, 0), reserved = reserved + :quantity, "
    "version = version + 1, updated_at = :now WHERE id = :product_id AND counted = 1"
}
UNGUARDED_KEYS = {
    "stock.claim_keys": "UPDATE card_keys SET state = 'reserved', order_id = :order_id, changed_at = :now WHERE id IN ("
    "SELECT id FROM card_keys WHERE product_id = :product_id ORDER BY id LIMIT :quantity)"
}


def fill(tx: Tx, keyed: bool) -> int:
    """A product with so many units (or keys) and unpaid orders for it; its id. Orders are numbered from 1."""
    account = room.open_account(tx)
    product = room.add_product(tx, account, "i1")
    if keyed:
        room.key_up(tx, product, [f"KEY-{n:04}" for n in range(UNITS)])
    else:
        room.stock_up(tx, product, UNITS)
    for n in range(ORDERS):
        room.learn(tx, account, room.record(n, "i1", PlatformStatus.pending_payment))
    return product


async def take(store: Store, product: int, orders: range) -> list[bool]:
    """Every order wants a unit at the same time."""
    wants = [store.write(lambda tx, n=n: stock.reserve(tx, room.cause(), n, product, 1)) for n in orders]
    return await asyncio.gather(*wants)


async def take_elsewhere(data_dir: Path, replaced: Mapping[str, str], product: int, orders: range) -> int:
    store = await Store.open(data_dir, replaced)
    try:
        return sum(await take(store, product, orders))
    finally:
        await store.close()


def in_process(data_dir: Path, replaced: dict[str, str], product: int, orders: range) -> int:
    return asyncio.run(take_elsewhere(data_dir, replaced, product, orders))


async def race(data_dir: Path, *, keyed: bool = False, replaced: Mapping[str, str] | None = None) -> tuple[int, Store]:
    """Four processes, many coroutines each; how many orders were told they have their unit, and the file after."""
    store = await Store.open(data_dir)
    product = await store.write(lambda tx: fill(tx, keyed))
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        shares = [range(n + 1, ORDERS + 1, PROCESSES) for n in range(PROCESSES)]
        runs = [loop.run_in_executor(pool, in_process, data_dir, dict(replaced or {}), product, s) for s in shares]
        return sum(await asyncio.gather(*runs)), store


async def test_four_processes_never_sell_a_unit_twice(tmp_path: Path) -> None:
    told, store = await race(tmp_path)
    row = await store.people.one("stock.find_product", id=1)
    await store.close()
    assert told == UNITS
    assert row is not None
    assert (row["free"], row["reserved"]) == (0, UNITS)


async def test_without_the_condition_the_same_load_oversells(tmp_path: Path) -> None:
    told, store = await race(tmp_path, replaced=UNGUARDED_UNITS)
    await store.close()
    assert told == ORDERS


async def test_four_processes_give_each_key_to_one_order(tmp_path: Path) -> None:
    told, store = await race(tmp_path, keyed=True)
    given = await store.write(lambda tx: [key for n in range(ORDERS) for key in stock.keys_of(tx, n + 1)])
    await store.close()
    assert told == UNITS
    assert sorted(given) == [f"KEY-{n:04}" for n in range(UNITS)]


async def test_without_the_state_in_the_claim_orders_lose_their_keys_to_others(tmp_path: Path) -> None:
    told, store = await race(tmp_path, keyed=True, replaced=UNGUARDED_KEYS)
    given = await store.write(lambda tx: [key for n in range(ORDERS) for key in stock.keys_of(tx, n + 1)])
    await store.close()
    assert len(given) < told


async def test_coroutines_of_one_shop_never_sell_a_unit_twice(tmp_path: Path) -> None:
    store = await Store.open(tmp_path)
    product = await store.write(lambda tx: fill(tx, False))
    told = await take(store, product, range(1, ORDERS + 1))
    await store.close()
    assert sum(told) == UNITS


async def test_looking_first_and_taking_later_oversells_under_the_same_load(tmp_path: Path) -> None:
    store = await Store.open(tmp_path, UNGUARDED_UNITS)
    product = await store.write(lambda tx: fill(tx, False))

    async def look_then_take(n: int) -> bool:
        row = await store.people.one("stock.find_product", id=product)
        if row is None or row["free"] < 1:
            return False
        return await store.write(lambda tx: stock.reserve(tx, room.cause(), n, product, 1))

    told = await asyncio.gather(*(look_then_take(n) for n in range(1, ORDERS + 1)))
    await store.close()
    assert sum(told) > UNITS
