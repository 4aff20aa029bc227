"""Whom a parcel goes to: masked where others read along, whole for whoever ships, in private (law 11)."""

import re

from bot.cards.card import Draft, Offer
from bot.cards.clean import clean, clip
from bot.cards.pen import Pen
from core.values.receivers import Receiver
from core.values.views import OrderView

_TOWN = re.compile(r"^(.{1,24}?(?:市|州|盟|地区)(?:.{1,10}?(?:区|县|市|旗))?)")
LONGEST = 200


def receiver_card(view: OrderView, receiver: Receiver | None, pen: Pen, *, whole: bool) -> Draft:
    """Name, phone and address; in a group the last four digits and the town."""
    number = view.order.id
    shown = _whole(receiver) if whole else _masked(receiver)
    labels = ("label.name", "label.phone", "label.address")
    note = "" if whole else pen("note.receiver_private", id=number)
    return Draft(
        entity="receiver",
        title=pen("title.receiver", id=number),
        fields=tuple((pen(label), text) for label, text in zip(labels, shown, strict=False) if text),
        note=note if receiver is not None else pen("note.no_receiver"),
        offers=(Offer(label=pen("button.details"), words=f"order #{number}"),),
        copyable=clip(" ".join(shown), 64) if whole and shown else "",
    )


def _whole(receiver: Receiver | None) -> tuple[str, ...]:
    if receiver is None:
        return ()
    return tuple(clean(text, LONGEST) for text in (receiver.name, receiver.phone, receiver.address))


def _masked(receiver: Receiver | None) -> tuple[str, ...]:
    if receiver is None:
        return ()
    name, phone, address = _whole(receiver)
    town = _TOWN.match(address)
    digits = re.sub(r"\D", "", phone)
    return f"{name[:1]}**", f"****{digits[-4:]}" if len(digits) >= 8 else "****", f"{town[1] if town else ''}****"
