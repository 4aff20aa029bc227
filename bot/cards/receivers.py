"""Whom a parcel goes to: masked where others read along, whole for whoever ships, in private (law 11)."""

from bot.cards.card import MAX_COPYABLE, Draft, Offer
from bot.cards.clean import clean, clip
from bot.cards.pen import Pen
from core.values.ids import OrderId
from core.values.receivers import Receiver

LONGEST = 200


def receiver_card(order: OrderId, receiver: Receiver | None, pen: Pen, *, whole: bool) -> Draft:
    """Name, phone and address as they may be shown here; `whole` when nothing is hidden."""
    facts = {} if receiver is None else {name: clean(text, LONGEST) for name, text in receiver}
    hint = pen("note.no_receiver") if receiver is None else pen("note.receiver_private", id=order)
    return Draft(
        entity="receiver",
        title=pen("title.receiver", id=order),
        fields=tuple((pen(f"receiver.{name}"), text) for name, text in facts.items() if text),
        note="" if whole and facts else hint,
        offers=(Offer(label=pen("button.details"), words=f"order #{order}"),),
        copyable=clip(" ".join(facts.values()), MAX_COPYABLE) if whole else "",
        secret=whole and bool(facts),
    )
