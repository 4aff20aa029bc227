"""Products with the platform items that sell them."""

from core.values import Value
from core.values.money import Fen
from core.values.products import Lack, Listing, Product


class ItemRow(Value):
    """A line of the list of products: with the platform items that sell it."""

    product: Product
    listings: tuple[Listing, ...] = ()

    @property
    def prices(self) -> tuple[Fen, ...]:
        """What it costs on the platform, the lowest first, each once; of what is on sale."""
        return tuple(sorted({one.price_fen for one in self.listings if one.on_sale and one.price_fen is not None}))

    @property
    def is_off(self) -> bool:
        """Whether the platform sells it nowhere now."""
        return bool(self.listings) and not any(one.on_sale for one in self.listings)


class NewItem(ItemRow):
    """A product nobody configured, with the one it may be again: the same title and specification in the same shop."""

    twin: Product | None = None


class ItemView(Value):
    """A product with its listings and movements."""

    product: Product
    listings: tuple[Listing, ...] = ()
    ledger: tuple[str, ...] = ()
    lack: Lack | None = None
    """Why it would not ship by itself though it is to."""
