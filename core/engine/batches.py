"""Many parcels at once: a line each, judged before anything ships, shipped one by one when a person says so."""

from collections.abc import Sequence

from core.engine.orders import Orders
from core.engine.parcels import Parcels
from core.engine.shipping import Shipping
from core.errors import Refused
from core.values.ids import OrderId
from core.values.parcels import BatchLine, Doubt
from core.values.people import Actor

Typed = tuple[str, str | None, str | None]
"""A line as it was typed: the order, the carrier's words, the number."""
DONE = "done_before"


class Batches:
    """Lists of parcels."""

    def __init__(self, orders: Orders, shipping: Shipping, parcels: Parcels) -> None:
        self._orders = orders
        self._shipping = shipping
        self._parcels = parcels

    async def judge(self, lines: Sequence[Typed]) -> tuple[BatchLine, ...]:
        """What each line would do; an order or a number that stands there twice is told of at its second line."""
        judged: list[BatchLine] = []
        for line in lines:
            one = await self._judge(line)
            if one.order_id is not None and any(one.order_id == other.order_id for other in judged):
                one = one.model_copy(update={"problem": "order_twice", "facts": (("order", str(one.order_id)),)})
            judged.append(_told_of_twice(one, judged))
        return tuple(judged)

    async def _judge(self, line: Typed) -> BatchLine:
        word, carrier, number = line
        typed = " ".join(filter(None, line))
        try:
            order_id = await self._orders.find(word)
            await self._shipping.preview(order_id)
            parcel = await self._parcels.judge(order_id, carrier, number or "")
        except Refused as error:
            return BatchLine(typed=typed, problem=error.key, facts=_words(error))
        known = parcel.carrier or (parcel.choices[0] if len(parcel.choices) == 1 else "")
        if not known:
            facts = (("carrier", carrier or parcel.number),)
            return BatchLine(typed=typed, order_id=order_id, problem="unknown_carrier", facts=facts)
        return BatchLine(typed=typed, order_id=order_id, parcel=parcel.model_copy(update={"carrier": known}))

    async def ship(self, actor: Actor, lines: Sequence[Typed]) -> tuple[BatchLine, ...]:
        """Ship what can be, an act each; a line that was shipped before a crash is done, and is not done again."""
        judged = await self.judge(lines)
        return tuple([await self._ship(actor, line) if line.ships else line for line in judged])

    async def _ship(self, actor: Actor, line: BatchLine) -> BatchLine:
        assert line.order_id is not None
        assert line.parcel is not None
        apart = actor.model_copy(update={"request": f"{actor.request}:{line.order_id}"})
        try:
            await self._shipping.ship(apart, OrderId(line.order_id), None, line.parcel.carrier, line.parcel.number)
        except Refused as error:
            if error.key != DONE:
                return line.model_copy(update={"problem": error.key, "facts": _words(error)})
        return line


def _words(error: Refused) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in error.facts.items())


def _told_of_twice(one: BatchLine, before: Sequence[BatchLine]) -> BatchLine:
    """The same number for another order of the list: one parcel for two, or a slip."""
    same = [other for other in before if other.parcel and one.parcel and other.parcel.number == one.parcel.number]
    if one.parcel is None or not same or Doubt.used in one.parcel.doubts:
        return one
    doubts = (*one.parcel.doubts, Doubt.used)
    return one.model_copy(
        update={"parcel": one.parcel.model_copy(update={"doubts": doubts, "used_by": same[0].order_id})}
    )
