"""What is taken from the shelf for parcels that wait."""

from datetime import datetime

from core.values import Value
from core.values.ids import OrderId


class Pick(Value):
    """A position of a waiting parcel: what to take, how many, from where, and by when it must leave."""

    order_id: OrderId
    account: str
    title: str
    spec: str = ""
    quantity: int = 1
    location: str = ""
    fragile: bool = False
    ship_by_at: datetime
    """The platform's deadline."""
    pressing: bool = False
    """Whether that is so near that the owner's reminder has escalated."""


class PickList(Value):
    """What is picked, in the order of a walk along the shelf; `more`: there are others, whose deadlines are later."""

    picks: tuple[Pick, ...] = ()
    more: bool = False
