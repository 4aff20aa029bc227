"""Units kept for somebody who is no order of a platform: a walk-in, a phone call."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from core.values import Value
from core.values.ids import KeepId, ProductId


class KeepState(StrEnum):
    """What became of kept units."""

    kept = "kept"
    collected = "collected"
    """Somebody took them away: sold, and no order."""
    put_back = "put_back"
    """A person put them back on the shelf."""
    expired = "expired"
    """The time was up: they are back by themselves."""
    returned = "returned"
    """They were collected and came back."""


class KeepLine(Value):
    """So many units of a product, and how many were free before and after they were kept."""

    product_id: ProductId
    title: str
    quantity: int
    free_before: int
    free_after: int


class Keep(Value):
    """What is, or was, kept: all of its lines or none. `by` is who kept it, `note` for whom, in their own words."""

    id: KeepId
    state: KeepState
    version: int
    lines: tuple[KeepLine, ...]
    note: str = ""
    by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class Want(Value):
    """So many units of a product are to be kept."""

    product_id: ProductId
    quantity: int


class Unavailable(Value):
    """One line of a wish that could not be kept as a whole, with how it stands with the product."""

    product_id: ProductId
    title: str
    requested: int
    free: int
    counted: bool
    keyed: bool

    @property
    def shortfall(self) -> int:
        """How many units too few are free."""
        return max(0, self.requested - self.free)

    @property
    def is_free(self) -> bool:
        """Whether this line alone could have been kept."""
        return self.counted and not self.keyed and not self.shortfall


def written(wants: Sequence[Want]) -> str:
    """What is wanted, as people type it: `p3 2 p5 1`."""
    return " ".join(f"p{want.product_id} {want.quantity}" for want in wants)
