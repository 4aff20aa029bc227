"""Products, their listings, movements and keys: rows become values here."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from core.clock import from_ms, to_ms
from core.errors import NotFound
from core.store.db import Reader, Tx
from core.store.vault import Vault
from core.values.fulfilment import ShipMode
from core.values.ids import KeepId, OrderId, ProductId
from core.values.money import Fen
from core.values.products import KeyState, LedgerKind, LedgerRow, Product, ProductState


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on a product's shelf: the few numbers every movement needs."""

    product_id: ProductId
    counted: bool
    keyed: bool
    free: int
    low_at: int
    version: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an order has of a product; `state` is held, sold or released."""

    product_id: ProductId
    quantity: int
    state: str


def find_shelf(tx: Tx, product_id: int) -> Shelf:
    """The shelf of a product that exists."""
    row = tx.one("stock.find_shelf", id=product_id)
    assert row is not None, f"product {product_id} is named by a row and must exist"
    counted, keyed = bool(row["counted"]), bool(row["keyed"])
    return Shelf(ProductId(product_id), counted, keyed, row["free"], row["low_at"], row["version"])


def find_reservation(tx: Tx, order_id: int) -> Reservation | None:
    """What an order has reserved, or had."""
    row = tx.one("stock.reservation", order_id=order_id)
    return Reservation(ProductId(row["product_id"]), row["quantity"], row["state"]) if row else None


def count_with_buyer(tx: Tx, order_id: int) -> int:
    """How many units of an order could come back to the shelf: counted, no keys, sold and not returned."""
    row = tx.one("stock.with_buyer", order_id=order_id)
    return int(row["n"]) if row else 0


async def read_with_buyer(reader: Reader, order_id: int) -> int:
    """The same outside a transaction."""
    row = await reader.one("stock.with_buyer", order_id=order_id)
    return int(row["n"]) if row else 0


def find_product(tx: Tx, product_id: int) -> Product:
    """One product; NotFound."""
    row = tx.one("stock.find_product", id=product_id)
    if row is None:
        raise NotFound("no_such_product", product=product_id)
    return product_of(row, tx.vault)


async def read_product(reader: Reader, product_id: int) -> Product:
    """The same outside a transaction."""
    row = await reader.one("stock.find_product", id=product_id)
    if row is None:
        raise NotFound("no_such_product", product=product_id)
    return product_of(row, reader.vault)


async def list_products(reader: Reader) -> tuple[Product, ...]:
    """Every product, by number."""
    return tuple(product_of(row, reader.vault) for row in await reader.all("stock.products"))


async def list_named(reader: Reader, word: str) -> tuple[ProductId, ...]:
    """The products a platform item id or a part of a title names; at most two, so that a doubt shows."""
    rows = await reader.all("stock.products_of_item", item_id=word)
    if not rows:
        return tuple(ProductId(row["id"]) for row in await reader.all("stock.products_titled", like=like(word)))
    return tuple(ProductId(row["product_id"]) for row in rows[:2])


def like(word: str) -> str:
    """The LIKE pattern of "holds this word", its wildcards escaped with a backslash."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def products_of_accounts(reader: Reader, accounts: Sequence[int]) -> frozenset[int]:
    """The products some accounts sell."""
    rows = await reader.all("stock.products_of_accounts", accounts=orjson.dumps(accounts).decode())
    return frozenset(row["product_id"] for row in rows)


async def list_ledger(reader: Reader, product_id: int, most: int) -> tuple[LedgerRow, ...]:
    """The newest movements of a product, newest first."""
    return tuple(movement_of(row) for row in await reader.all("stock.ledger_of", product_id=product_id, most=most))


async def sold_since(reader: Reader, since: datetime) -> dict[int, int]:
    """Units sold since an instant, by product."""
    rows = await reader.all("stock.sold_since", since=to_ms(since))
    return {row["product_id"]: row["n"] for row in rows}


async def short_waiting(reader: Reader) -> dict[int, int]:
    """Units that short orders wait for, by product."""
    return {row["product_id"]: row["n"] for row in await reader.all("stock.short_waiting")}


async def known_prints(reader: Reader, prints: list[str]) -> frozenset[str]:
    """Which of these key fingerprints some product already has."""
    rows = await reader.all("stock.known_keys", prints=orjson.dumps(prints).decode())
    return frozenset(row["fingerprint"] for row in rows)


async def states_of_keys(reader: Reader, product_id: int, prints: Sequence[str]) -> tuple[KeyState, ...]:
    """What became of the keys of a product among these fingerprints; one that it never had is left out."""
    rows = await reader.all("stock.keys_named", product_id=product_id, prints=orjson.dumps(prints).decode())
    return tuple(KeyState(row["state"]) for row in rows)


def product_of(row: sqlite3.Row, vault: Vault) -> Product:
    """A row of stock.find_product."""
    return Product(
        id=ProductId(row["id"]),
        title=row["title"],
        spec=row["spec"],
        configured=bool(row["configured"]),
        mode=ShipMode(row["mode"]),
        auto_ship=bool(row["auto_ship"]),
        delay_min_minutes=row["delay_min_minutes"],
        delay_max_minutes=row["delay_max_minutes"],
        price_fen=row["price_fen"],
        floor_fen=row["floor_fen"],
        postage_fen=Fen(row["postage_fen"]),
        max_quantity=row["max_quantity"],
        counted=bool(row["counted"]),
        keyed=bool(row["keyed"]),
        free=row["free"],
        reserved=row["reserved"],
        sold=row["sold"],
        low_at=row["low_at"],
        carrier=row["carrier"],
        delivery_text=None if row["delivery_text"] is None else vault.text(row["delivery_text"]),
        location=row["location"],
        fragile=bool(row["fragile"]),
        facts=row["facts"],
        state=ProductState(row["state"]),
        version=row["version"],
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
    )


def movement_of(row: sqlite3.Row) -> LedgerRow:
    """A row of stock.ledger_of."""
    return LedgerRow(
        product_id=ProductId(row["product_id"]),
        at=from_ms(row["at"]),
        kind=LedgerKind(row["kind"]),
        quantity=row["quantity"],
        free_after=row["free_after"],
        reserved_after=row["reserved_after"],
        sold_after=row["sold_after"],
        order_id=None if row["order_id"] is None else OrderId(row["order_id"]),
        keep_id=None if row["keep_id"] is None else KeepId(row["keep_id"]),
        actor=row["actor"],
    )
