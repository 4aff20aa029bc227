"""Four products at a counter: ten of p1, four of p2, a key of p3; p4 is not counted."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from core.flows.watch import Watch
from core.flows.work import Work
from core.store import books
from core.values.keeps import Want
from tests import stockroom
from tests.counter import Counter, open_counter


@asynccontextmanager
async def open_shelves(folder: Path) -> AsyncIterator[Counter]:
    """At the end the books must be right."""
    async with open_counter(folder) as counter:
        await counter.store.write(add)
        yield counter
        assert books.check_file(counter.store.path, stockroom.ZONE) == []


def add(tx) -> None:
    account = stockroom.open_account(tx)
    for n in range(1, 5):
        stockroom.add_product(tx, account, f"90000{n}", auto_ship="on", text="好的", price="50")
    stockroom.stock_up(tx, 1, 10)
    stockroom.stock_up(tx, 2, 4)
    stockroom.key_up(tx, 3, ["AAAA-1111"])


def watch(c: Counter) -> Watch:
    """The shop's own pass over what is due; a new one is the shop after a restart."""
    inner = c.engine._shop
    work = Work(
        store=c.store, settings=inner.settings, clock=c.clock, chance=inner.chance, zone=stockroom.ZONE,
        steps=inner.steps, run="r", markets={}, accounts={}, prompts={},
    )  # fmt: skip
    return Watch(work)


async def free(c: Counter, number: int = 1) -> tuple[int, int, int]:
    product = (await c.engine.items.show(number)).product
    return product.free, product.reserved, product.sold


async def keep(c: Counter, *wants: tuple[int, int]) -> int:
    lines = [Want(product_id=product, quantity=n) for product, n in wants]
    return (await c.engine.keeps.keep(c.actor(), lines)).id


def rows(c: Counter, words: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(c.store.path)) as file:
        return file.execute(words).fetchall()


def execute(c: Counter, words: str) -> None:
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        file.execute(words)
