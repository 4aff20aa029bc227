"""Products and their listings: a platform item is a listing of a product."""

from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.fulfilment import ShipMode
from core.values.ids import AccountId, ItemId, KeepId, OrderId, ProductId
from core.values.money import Fen


class ProductState(StrEnum):
    """Whether a product may sell and ship by itself."""

    active = "active"
    paused = "paused"


class Product(Value):
    """What is sold: configuration, floor, stock and keys belong here, the spec included.

    `counted` False means unlimited (outside the books). `keyed` products deliver one card key a unit.
    `delivery_text` may hold `{keys}`, `{order}` and `{title}`. Delays are minutes within 0–120.
    """

    id: ProductId
    title: str
    spec: str = ""
    configured: bool = False
    mode: ShipMode = ShipMode.virtual
    auto_ship: bool = False
    delay_min_minutes: int = 5
    delay_max_minutes: int = 30
    price_fen: Fen | None = None
    floor_fen: Fen | None = None
    postage_fen: Fen = Fen(0)
    max_quantity: int | None = None
    counted: bool = False
    keyed: bool = False
    free: int = 0
    reserved: int = 0
    sold: int = 0
    low_at: int = 5
    carrier: str | None = None
    delivery_text: str | None = None
    location: str = ""
    """Where it lies on the shelf."""
    fragile: bool = False
    """Whether it breaks on its way."""
    facts: str = ""
    """What may be told to buyers about it: the item's description and the owner's own notes."""
    state: ProductState = ProductState.active
    version: int = 1
    created_at: datetime
    updated_at: datetime


class Listing(Value):
    """A platform item (with one spec) that sells a product."""

    account_id: AccountId
    account: str
    item_id: ItemId
    spec: str = ""
    product_id: ProductId
    title: str = ""
    price_fen: Fen | None = None
    on_sale: bool = True
    """Whether the platform's list had it when it was last read."""


class Lack(StrEnum):
    """What a product that is to ship by itself has not."""

    no_text = "no_text"
    """Neither a delivery text nor keys."""
    no_keys = "no_keys"
    """Its text promises keys, and it has none by its settings."""
    keys_out = "keys_out"
    """None of its keys is left."""


class LedgerKind(StrEnum):
    """Why units moved. free + reserved + sold = receipts + adjustments + returns + write-offs (law 7)."""

    receipt = "receipt"
    adjustment = "adjustment"
    returned = "returned"
    write_off = "write_off"
    reserve = "reserve"
    release = "release"
    sell = "sell"


class LedgerRow(Value):
    """One movement of units; `quantity` is signed for adjustment and write_off, positive otherwise."""

    product_id: ProductId
    at: datetime
    kind: LedgerKind
    quantity: int
    free_after: int
    reserved_after: int
    sold_after: int
    order_id: OrderId | None = None
    keep_id: KeepId | None = None
    actor: str


class KeyState(StrEnum):
    """A card key belongs to at most one order."""

    free = "free"
    reserved = "reserved"
    sold = "sold"
    void = "void"


class ItemRecord(Value):
    """The platform's own record of an item."""

    item_id: ItemId
    title: str
    description: str = ""
    price_fen: Fen | None = None
    quantity: int | None = None
    specs: tuple[tuple[str, Fen | None], ...] = ()
