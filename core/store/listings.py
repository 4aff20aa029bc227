"""Platform items and the products they sell: rows become values here."""

import sqlite3

from core.store.db import Reader
from core.values.ids import AccountId, ItemId, ProductId
from core.values.products import Listing


async def list_all(reader: Reader) -> tuple[Listing, ...]:
    """Every platform item, by product."""
    return tuple(listing_of(row) for row in await reader.all("listings.all"))


async def list_of(reader: Reader, product_id: int) -> tuple[Listing, ...]:
    """The platform items that sell a product, those on sale first."""
    return tuple(listing_of(row) for row in await reader.all("listings.of", product_id=product_id))


def listing_of(row: sqlite3.Row) -> Listing:
    """A row of listings.of."""
    return Listing(
        account_id=AccountId(row["account_id"]),
        account=row["account"],
        item_id=ItemId(row["item_id"]),
        spec=row["spec"],
        product_id=ProductId(row["product_id"]),
        title=row["title"],
        price_fen=row["price_fen"],
        on_sale=bool(row["on_sale"]),
    )
