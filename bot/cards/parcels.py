"""Parcels before they leave: whose carrier, whose order; every press says what it ships."""

from collections.abc import Sequence

from bot.cards.card import MAX_BUTTONS, MAX_VERB, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.orders import buyer_words, goods
from bot.cards.pen import Pen
from core.values.carriers import Waybill, name_of
from core.values.parcels import Doubt, Parcel
from core.values.views import OrderRow, OrderView

TITLE_SHOWN = 30


def parcel_question(view: OrderView, parcel: Parcel, pen: Pen, *, found: bool = False) -> Draft:
    """What would be shipped with which number: a button a carrier it may be of. `found`: read out of something."""
    number = view.order.id
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.parcel", id=number),
        fields=(
            (pen("label.parcel"), _named(parcel, pen)),
            (pen("label.goods"), goods(view.order.lines, pen)),
            (pen("label.amount"), pen.money(view.order.amount_fen)),
            (pen("label.buyer"), buyer_words(view, pen)),
        ),
        note="\n".join((*_doubts(parcel, number, pen), pen("note.parcel_found" if found else "note.parcel_press"))),
        offers=(
            *(_ship(number, code, parcel, pen) for code in parcel.choices[: MAX_BUTTONS - 1]),
            Offer(label=pen("button.no"), words=f"order #{number}"),
        ),
    )


def _named(parcel: Parcel, pen: Pen) -> str:
    return " ".join(filter(None, (name_of(parcel.carrier, pen.texts.locale), parcel.number)))


def _ship(number: int, code: str, parcel: Parcel, pen: Pen) -> Offer:
    name = name_of(code, pen.texts.locale)
    label = clip(pen("button.ship_by", carrier=name), MAX_VERB)
    style = Style.plain if parcel.doubts and code != parcel.choices[0] else Style.good
    return Offer(label=label, words=f"ship #{number} {code} {parcel.number}", style=style, confirms=True)


def _doubts(parcel: Parcel, number: int, pen: Pen) -> tuple[str, ...]:
    carrier = name_of(parcel.carrier, pen.texts.locale)
    facts = {"carrier": carrier, "other": parcel.used_by, "id": number}
    return tuple(pen(f"doubt.{doubt}", **facts) for doubt in parcel.doubts if doubt in Doubt)


def correct_question(view: OrderView, parcel: Parcel, pen: Pen) -> Draft:
    """Old number → new number of a parcel that left; the platform's own record is changed in its app alone."""
    number, order = view.order.id, view.order
    old = " ".join(filter(None, (name_of(order.carrier, pen.texts.locale), order.tracking_no)))
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.correct", id=number),
        fields=((pen("label.parcel"), f"{old or '–'} → {_named(parcel, pen)}"),),
        note="\n".join((*_doubts(parcel, number, pen), pen("note.correct"))),
        offers=(
            *(_correct(number, code, parcel, pen) for code in parcel.choices[: MAX_BUTTONS - 1]),
            Offer(label=pen("button.no"), words=f"order #{number}"),
        ),
    )


def _correct(number: int, code: str, parcel: Parcel, pen: Pen) -> Offer:
    label = clip(pen("button.correct_by", carrier=name_of(code, pen.texts.locale)), MAX_VERB)
    return Offer(label=label, words=f"correct #{number} {code} {parcel.number}", style=Style.good, confirms=True)


def choose_number(found: Sequence[Waybill], order: int | None, pen: Pen) -> Draft:
    """Several numbers stand there: which one."""
    named = f"#{order} " if order is not None else ""
    return Draft(
        entity="parcels",
        title=pen("title.choose_number", n=len(found)),
        fields=tuple(_seen(one, pen) for one in found[: MAX_BUTTONS - 1]),
        note=pen("note.choose_number"),
        offers=tuple(
            Offer(label=clip(one.number, MAX_VERB), words=f"parcel {named}{_typed(one)}")
            for one in found[: MAX_BUTTONS - 1]
        ),
    )


def _seen(one: Waybill, pen: Pen) -> tuple[str, str]:
    names = (name_of(code, pen.texts.locale) for code in one.carriers)
    return pen("label.tracking"), " · ".join((one.number, *names))


def _typed(one: Waybill) -> str:
    """The number with its likeliest carrier, as it is typed."""
    return " ".join((*one.carriers[:1], one.number))


def choose_order(one: Waybill, rows: Sequence[OrderRow], pen: Pen) -> Draft:
    """A number came alone: whose is it. Pressing an order asks once more, with what would be shipped."""
    left = len(rows) - (MAX_BUTTONS - 1)
    return Draft(
        entity="parcels",
        title=pen("title.choose_order", number=one.number) if rows else pen("title.no_parcel_waits"),
        fields=(_seen(one, pen), *(_waiting(row, pen) for row in rows[: MAX_BUTTONS - 1])),
        note="\n".join(filter(None, (pen("note.more", n=left) if left > 0 else "", _how(one, rows, pen)))),
        offers=tuple(
            Offer(label=f"#{row.order.id}", words=f"parcel #{row.order.id} {_typed(one)}")
            for row in rows[: MAX_BUTTONS - 1]
        ),
    )


def _how(one: Waybill, rows: Sequence[OrderRow], pen: Pen) -> str:
    return pen("note.choose_order" if rows else "note.name_order", number=one.number)


def _waiting(row: OrderRow, pen: Pen) -> tuple[str, str]:
    facts = (clip(goods(row.order.lines, pen), TITLE_SHOWN), pen.money(row.order.amount_fen))
    return f"#{row.order.id}", " · ".join(facts)


def nothing_read(pen: Pen, *, order: int | None, picture: bool) -> Draft:
    """No number was found: what to do instead."""
    return Draft(
        entity="parcels",
        title=pen("title.no_number_in_picture" if picture else "title.no_number"),
        note=pen("note.type_number", id=order or "42"),
        offers=(Offer(label=pen("button.details"), words=f"order #{order}"),) if order is not None else (),
    )
