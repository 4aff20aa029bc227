"""What is known of a parcel before it is shipped."""

from enum import StrEnum

from core.values import Value
from core.values.ids import OrderId


class WaybillState(StrEnum):
    """Where a number bought beforehand stands."""

    free = "free"
    taken = "taken"
    """With its order; the platform may know it."""
    used = "used"
    """Its order shipped: never given to another."""
    void = "void"
    """The platform did not take it, or the owner put it away."""


class Doubt(StrEnum):
    """Why a person is asked before a number ships."""

    no_carrier = "no_carrier"
    """Only a number was given."""
    unknown_carrier = "unknown_carrier"
    """The table has no such carrier."""
    other_form = "other_form"
    """The number does not look like the carrier's."""
    used = "used"
    """Another order has this number."""


class Parcel(Value):
    """A carrier and a number as they would be shipped. `carrier` is a code; empty when nobody named one that is known.

    `choices` are codes it may be, the likeliest first; `used_by` is another order with this number.
    """

    carrier: str
    number: str
    choices: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    used_by: OrderId | None = None


class Listed(Value):
    """A list of numbers as it was read: (carrier, number) pairs, each number once, and the lines that are none."""

    good: tuple[tuple[str, str], ...]
    bad: tuple[str, ...] = ()
    twice: int = 0
    doubtful: int = 0
    """Numbers that do not look like their carrier's; they count as good."""


class NumbersPreview(Value):
    """What an import of numbers would do; `new` by carrier, `known` are in the pool already, or were."""

    new: tuple[tuple[str, int], ...]
    known: int
    listed: Listed


class NumbersLeft(Value):
    """The pool of one carrier."""

    carrier: str
    free: int = 0
    taken: int = 0
    used: int = 0
    void: int = 0


class BatchLine(Value):
    """A line of many parcels: whose, with which carrier and number; or the key of the refusal it would meet."""

    typed: str
    order_id: OrderId | None = None
    parcel: Parcel | None = None
    problem: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """What the refusal's text is filled with."""

    @property
    def ships(self) -> bool:
        """Whether it would be shipped."""
        return not self.problem and self.parcel is not None and bool(self.parcel.carrier)
