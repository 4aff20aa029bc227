"""What of a person's act on a product can be taken back by another act, and what stands against it."""

from core.errors import Refused
from core.rules.items import FIELDS, shown
from core.values.products import Product

SETSTOCK, RETURNED, ITEM = "setstock", "returned", "item "
UNLIMITED = "unlimited"
NOT_KEPT = frozenset({"text", "counted", "keyed"})
"""Fields whose former value is not on record, or whose change emptied the shelf."""


def field_of(verb: str) -> str | None:
    """The product's field a recorded verb is about; None when it is about none."""
    field = verb.removeprefix(ITEM)
    return field if verb.startswith(ITEM) and field in FIELDS else None


def check_product_act(verb: str, after: str, before: str, product: Product) -> None:
    """Refused says why a change of stock or of a setting cannot be taken back."""
    field = field_of(verb)
    if verb == SETSTOCK:
        if product.keyed:
            raise Refused("stock_is_keys", product=product.id)
        free_before(before, after, product)
    elif field is None or field in NOT_KEPT:
        raise Refused("undo_not_kept")
    elif shown(product, field) != after:
        raise Refused("undo_changed_since")


def free_before(before: str, after: str, product: Product) -> int | None:
    """Free units once a count is taken back: what moved since then has moved; None is without end.

    Refused("undo_sold") when so many are not there any more.
    """
    if before == UNLIMITED:
        return None
    free = int(before) if after == UNLIMITED or not product.counted else product.free + int(before) - int(after)
    if free < 0:
        raise Refused("undo_sold")
    return free
