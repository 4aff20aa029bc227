"""Numbers of parcels: read out of what people paste, held against carriers and other orders, before anything ships."""

from collections.abc import Sequence

from core.engine.context import Shop
from core.engine.orders import Orders
from core.rules import waybills
from core.rules.carriers import code_of, find_carrier, guess, is_code, is_doubtful
from core.rules.shipping import check_tracking
from core.store import fulfilments
from core.values.carriers import CARRIERS, Waybill
from core.values.fulfilment import FulfilmentState, ShipMode
from core.values.parcels import Doubt, Parcel
from core.values.views import OrderRow

MOST_LOOKED_AT = 200
"""So many of the newest orders that are not shipped yet are looked at."""
WAITS = (FulfilmentState.scheduled, FulfilmentState.manual, FulfilmentState.failed)
OFFERED = 3
"""So many carriers are offered for a number of no known form."""


class Parcels:
    """Looking at parcels; only `Shipping` ships them."""

    def __init__(self, shop: Shop, orders: Orders) -> None:
        self._shop = shop
        self._orders = orders

    def read(self, text: str) -> tuple[Waybill, ...]:
        """The tracking numbers in a text."""
        return waybills.read_numbers(text)

    def read_codes(self, codes: Sequence[str], caption: str = "") -> tuple[Waybill, ...]:
        """The tracking numbers among the bar codes of a label; `caption` may name the carrier."""
        return waybills.read_codes(codes, caption)

    def speaks(self, text: str) -> bool:
        """Whether a text that calls no command is about a parcel."""
        return waybills.speaks_of_parcel(text)

    async def list_waiting(self) -> tuple[OrderRow, ...]:
        """Orders that wait for a parcel's number, oldest first."""
        page = await self._orders.list("toship", limit=MOST_LOOKED_AT)
        return tuple(row for row in reversed(page.rows) if _waits(row))

    async def judge(self, order_id: int | None, carrier: str | None, number: str) -> Parcel:
        """What would be shipped, and why to ask first. BadArgument("bad_tracking") for what can be no number."""
        checked = check_tracking(number)
        meant = find_carrier(carrier) if carrier else None
        code = code_of(carrier) if carrier and is_code(carrier) else ""
        looks = tuple(one.code for one in guess(checked))
        used_by = await fulfilments.read_user_of_number(self._shop.store.people, checked, order_id)
        doubts = (
            *((Doubt.no_carrier,) if not carrier else ()),
            *((Doubt.unknown_carrier,) if carrier and meant is None else ()),
            *((Doubt.other_form,) if meant is not None and is_doubtful(meant.code, checked) else ()),
            *((Doubt.used,) if used_by is not None else ()),
        )
        choices = dict.fromkeys((*((code,) if code else ()), *looks))
        common = (one.code for one in CARRIERS[:OFFERED])
        return Parcel(carrier=code, number=checked, choices=tuple(choices or common), doubts=doubts, used_by=used_by)


def _waits(row: OrderRow) -> bool:
    ship = row.fulfilment
    if ship is None or ship.state not in WAITS or ship.mode is not ShipMode.physical:
        return False
    return row.order.needs_postage is not False and not ship.tracking_no
