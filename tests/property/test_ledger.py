"""Whatever happens to units and keys, in whatever order, the books balance after every step (law 7)."""

import sqlite3
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.errors import IllegalMove, OutOfStock, Refused
from core.moves import keeps, keys, stock
from core.moves.cause import Cause
from core.store import books, queries
from core.store.db import Tx, connect, prepare
from core.values.ids import ProductId
from core.values.keeps import Want
from core.values.orders import PlatformStatus
from tests import stockroom as room

ORDERS = 12
QUANTITIES = st.integers(1, 4)
ORDER = st.integers(1, ORDERS)
KEPT_FOR = timedelta(minutes=15)


class Shelf(RuleBasedStateMachine):
    """One counted product and one of keys; a model that only counts beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path, vault = prepare(Path(self.folder.name))
        self.connection = connect(path)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.tx = Tx(self.connection, queries.load(), vault)
        self.free = {1: 0, 2: 0}
        self.held: dict[int, tuple[int, int]] = {}
        self.gone: dict[int, tuple[int, int]] = {}
        self.back: dict[int, int] = {}
        self.keys = 0
        self.kept: dict[int, int] = {}
        self.collected: dict[int, int] = {}
        self.asked = 0

    @initialize()
    def open(self) -> None:
        account = room.open_account(self.tx)
        for item in ("i1", "i2"):
            room.add_product(self.tx, account, item)
        room.stock_up(self.tx, 1, 0)
        self.receive_keys(1)
        for n in range(ORDERS):
            room.learn(self.tx, account, room.record(n, "i1", PlatformStatus.pending_payment))

    @rule(free=st.integers(0, 9))
    def count(self, free: int) -> None:
        stock.set_free(self.tx, room.cause(), 1, free)
        self.free[1] = free

    @rule(n=QUANTITIES)
    def receive_keys(self, n: int) -> None:
        new = [f"KEY-{self.keys + i:05}" for i in range(n)]
        added = keys.add_keys(self.tx, room.cause(), 2, [*new, *new[:1]])
        assert (added.added, added.duplicate) == (n, 1)
        self.keys += n
        self.free[2] += n

    @rule(order=ORDER, product=st.sampled_from([1, 2]), quantity=QUANTITIES)
    def reserve(self, order: int, product: int, quantity: int) -> None:
        known = order in self.held or order in self.gone
        took = stock.reserve(self.tx, room.cause(), order, product, quantity)
        assert took == (known or self.free[product] >= quantity)
        if took and not known:
            self.held[order] = product, quantity
            self.free[product] -= quantity

    @rule(order=ORDER)
    def release(self, order: int) -> None:
        assert stock.release(self.tx, room.cause(), order) == (order in self.held)
        if order in self.held:
            product, quantity = self.held.pop(order)
            self.free[product] += quantity

    @rule(order=ORDER)
    def sell(self, order: int) -> None:
        assert stock.sell(self.tx, room.cause(), order) == (order in self.held)
        if order in self.held:
            self.gone[order] = self.held.pop(order)

    @precondition(lambda self: self.gone)
    @rule(order=ORDER, quantity=st.sampled_from((1, 2, -1)))
    def give_back(self, order: int, quantity: int) -> None:
        """Goods come back, or that is taken back; never more than left, never out of an empty shelf."""
        product, had = self.gone.get(order, (2, 0))
        back = self.back.get(order, 0) + quantity
        try:
            stock.give_back(self.tx, room.cause(), order, quantity)
        except Refused:
            assert product == 2 or not 0 <= back <= had or self.free[1] + quantity < 0
            return
        assert product == 1 and 0 <= back <= had
        self.free[product] += quantity
        self.back[order] = back

    @rule(quantity=QUANTITIES, keyed=st.booleans())
    def keep(self, quantity: int, keyed: bool) -> None:
        """All lines or none: with a key among them it is none."""
        wants = [Want(product_id=ProductId(1), quantity=quantity), Want(product_id=ProductId(2), quantity=1)][
            : 1 + keyed
        ]
        self.connection.execute("SAVEPOINT wish")
        try:
            number = keeps.keep(self.tx, self.person(), wants, room.NOW + KEPT_FOR, "")
        except OutOfStock:
            self.connection.execute("ROLLBACK TO wish")
            assert keyed or quantity > self.free[1]
        else:
            assert not keyed
            self.kept[number] = quantity
            self.free[1] -= quantity
        self.connection.execute("RELEASE wish")

    @precondition(lambda self: self.kept)
    @rule(pick=st.integers(0, 99), how=st.sampled_from(["put_back", "collect", "expire"]))
    def end_keep(self, pick: int, how: str) -> None:
        number = sorted(self.kept)[pick % len(self.kept)]
        quantity = self.kept.pop(number)
        if how == "expire":
            assert not keeps.expire(self.tx, room.cause(14.9), room.TERMS, number)
            assert keeps.expire(self.tx, room.cause(15), room.TERMS, number)
            assert not keeps.expire(self.tx, room.cause(16), room.TERMS, number)
        else:
            getattr(keeps, how)(self.tx, self.person(), room.TERMS, number, None)
        if how == "collect":
            self.collected[number] = quantity
        else:
            self.free[1] += quantity

    @precondition(lambda self: self.collected)
    @rule(pick=st.integers(0, 99))
    def bring_back(self, pick: int) -> None:
        number = sorted(self.collected)[pick % len(self.collected)]
        with suppress(IllegalMove):
            keeps.put_back(self.tx, self.person(), room.TERMS, number, None)
        keeps.put_back(self.tx, self.person(), room.TERMS, number, 2)
        self.free[1] += self.collected.pop(number)
        with suppress(IllegalMove):
            keeps.put_back(self.tx, self.person(), room.TERMS, number, None)

    def person(self) -> Cause:
        """Somebody's own act."""
        self.asked += 1
        return room.cause(actor=room.owner(f"r{self.asked}"))

    @rule()
    def unlimited(self) -> None:
        stock.set_unlimited(self.tx, room.cause(), 1)
        room.stock_up(self.tx, 1, 0)
        self.free[1] = 0

    @invariant()
    def the_books_balance(self) -> None:
        self.tx.write_rest()
        found = [finding for finding in books.find_wrong(self.connection, room.ZONE) if finding.law == 7]
        assert not found, found

    @invariant()
    def the_shelf_is_as_counted(self) -> None:
        rows = {row["id"]: row["free"] for row in self.tx.all("stock.products")}
        assert not rows or rows == self.free

    @invariant()
    def no_key_is_in_two_hands(self) -> None:
        given = [key for order in range(1, ORDERS + 1) for key in stock.keys_of(self.tx, order)]
        wanted = sum(n for product, n in (*self.held.values(), *self.gone.values()) if product == 2)
        assert len(given) == len(set(given)) == wanted

    def teardown(self) -> None:
        self.connection.close()
        self.folder.cleanup()


Shelf.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestTheBooksBalance = Shelf.TestCase


def test_a_movement_outside_the_moves_is_seen_by_the_same_invariant() -> None:
    shelf = Shelf()
    shelf.open()
    shelf.connection.execute("UPDATE products SET free = free + 1 WHERE id = 1")
    assert {finding.law for finding in books.find_wrong(shelf.connection, room.ZONE)} == {7}
    shelf.teardown()


def test_the_schema_itself_refuses_to_go_below_nothing() -> None:
    shelf = Shelf()
    shelf.open()
    try:
        shelf.connection.execute("UPDATE products SET free = -1 WHERE id = 1")
    except sqlite3.IntegrityError:
        refused = True
    else:
        refused = False
    shelf.teardown()
    assert refused
