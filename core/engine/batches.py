"""Many parcels at once: a line each, judged before anything ships, shipped one by one when a person says so.

A line without a number takes the next one bought beforehand; which one it is, is known when it ships.
"""

from collections.abc import Mapping, Sequence

from core.engine.numbers import Numbers
from core.engine.orders import Orders
from core.engine.parcels import Parcels
from core.engine.shipping import Shipping
from core.errors import Refused
from core.rules.carriers import code_of, is_code
from core.values.ids import OrderId
from core.values.parcels import BatchLine, Doubt, Parcel
from core.values.people import Actor
from core.values.views import OrderView

Typed = tuple[str, str | None, str | None]
"""A line as it was typed: the order, the carrier's words, the number."""
DONE = "done_before"


class Batches:
    """Lists of parcels."""

    def __init__(self, orders: Orders, shipping: Shipping, parcels: Parcels, numbers: Numbers) -> None:
        self._orders = orders
        self._shipping = shipping
        self._parcels = parcels
        self._numbers = numbers

    async def judge(self, lines: Sequence[Typed]) -> tuple[BatchLine, ...]:
        """What each line would do; an order or a number that stands there twice is told of at its second line."""
        judged: list[BatchLine] = []
        left = dict(await self._numbers.list_free())
        for line in lines:
            one = await self._judge(line, left)
            if one.order_id is not None and any(one.order_id == other.order_id for other in judged):
                one = one.model_copy(update={"problem": "order_twice", "facts": (("order", str(one.order_id)),)})
            if one.ships and one.parcel is not None and not one.parcel.number:
                left[one.parcel.carrier] -= 1
            judged.append(_told_of_twice(one, judged))
        return tuple(judged)

    async def _judge(self, line: Typed, left: Mapping[str, int]) -> BatchLine:
        word, carrier, number = line
        typed = " ".join(filter(None, line))
        try:
            order_id = await self._orders.find(word)
            view = (await self._shipping.preview(order_id)).view
            judged = self._parcels.judge(order_id, carrier, number) if number else None
            parcel = await judged if judged is not None else _next(view, carrier, left)
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
        number, parcel = line.parcel.number or None, line.parcel
        try:
            view = await self._shipping.ship(apart, OrderId(line.order_id), None, parcel.carrier, number)
        except Refused as error:
            return line if error.key == DONE else line.model_copy(update={"problem": error.key, "facts": _words(error)})
        given = view.fulfilment.tracking_no if view.fulfilment else None
        return line.model_copy(update={"parcel": parcel.model_copy(update={"number": given or parcel.number})})


def _next(view: OrderView, carrier: str | None, left: Mapping[str, int]) -> Parcel:
    """The number the order has, or the next one of the pool, then empty here; of the only carrier if none is named.

    Refused("no_label", "tracking_needed", "unknown_carrier", "no_numbers_left").
    """
    task, number = view.fulfilment, view.order.id
    if task is None or not view.is_parcel:
        raise Refused("no_label", order=number)
    if task.tracking_no and (not carrier or code_of(carrier) == task.carrier):
        return Parcel(carrier=task.carrier or "", number=task.tracking_no)
    code = _named(carrier, left)
    if code is None:
        raise Refused("tracking_needed", order=number)
    if left.get(code, 0) < 1:
        raise Refused("no_numbers_left", carrier=code, order=number)
    return Parcel(carrier=code, number="")


def _named(carrier: str | None, left: Mapping[str, int]) -> str | None:
    if carrier and not is_code(carrier):
        raise Refused("unknown_carrier", carrier=carrier)
    there = [code for code, n in left.items() if n > 0]
    only = there[0] if len(there) == 1 else None
    return code_of(carrier) if carrier else only


def _words(error: Refused) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in error.facts.items())


def _told_of_twice(one: BatchLine, before: Sequence[BatchLine]) -> BatchLine:
    """The same number for another order of the list: one parcel for two, or a slip."""
    same = [other for other in before if other.parcel and one.parcel and other.parcel.number == one.parcel.number]
    if one.parcel is None or not one.parcel.number or not same or Doubt.used in one.parcel.doubts:
        return one
    doubts = (*one.parcel.doubts, Doubt.used)
    return one.model_copy(
        update={"parcel": one.parcel.model_copy(update={"doubts": doubts, "used_by": same[0].order_id})}
    )
