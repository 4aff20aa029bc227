"""A buyer's request for the money back: its facts, what to do about it, and saying no."""

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import mask_phones
from bot.cards.pen import Pen
from core.values.effects import EffectState
from core.values.orders import Refund, RefundState, RefuseReason
from core.values.views import OrderView

UNDER_WAY = (EffectState.waiting, EffectState.claimed, EffectState.asking)
Lines = tuple[tuple[str, str], ...]


def refund_lines(view: OrderView, pen: Pen) -> Lines:
    """What is, or was, wanted back and why; a request that came to nothing is not worth a line."""
    refund = view.refund
    if refund is None or refund.state in (RefundState.withdrawn, RefundState.refused):
        return ()
    facts = (pen.money(refund.amount_fen), mask_phones(refund.reason))
    return ((pen("label.refund"), " · ".join(filter(None, facts))),)


def refund_note(view: OrderView, pen: Pen) -> str:
    """What a person can do: agree in the app, refuse here when the platform lets it."""
    refund, number = view.refund, view.order.id
    lines = [pen("note.refunding")]
    if is_out(view):
        lines.append(pen("note.refunding_sent"))
    last = refund.refusals[0].state if refund is not None and refund.refusals else None
    if last in UNDER_WAY:
        lines.append(pen("note.refusing"))
    elif last is EffectState.unknown:
        lines.append(pen("note.refusal_unknown", id=number))
    elif may_refuse(refund):
        lines.append(pen("note.refusable", id=number))
    return "\n".join(lines)


def closed_note(view: OrderView, pen: Pen) -> str:
    """Of a closed order whose goods had left: what became of them in the books."""
    if not is_out(view):
        return ""
    return pen("note.closed_return", id=view.order.id) if view.with_buyer else pen("note.closed_sent")


def is_out(view: OrderView) -> bool:
    """Whether the buyer may have the goods."""
    return view.order.shipped_at is not None or (view.fulfilment is not None and view.fulfilment.text_sent)


def may_refuse(refund: Refund | None) -> bool:
    """Whether a no could be said now."""
    if refund is None or refund.state is not RefundState.asked or not refund.refusable or not refund.choices:
        return False
    return not refund.refusals or refund.refusals[0].state not in (*UNDER_WAY, EffectState.done)


def refund_offers(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    """The button that asks for the reason of a no, and the one for goods that came back."""
    return (*_refuse(view, pen), *return_offers(view, pen))


def _refuse(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    if not may_refuse(view.refund):
        return ()
    return (Offer(label=pen("button.refuse_refund"), words=f"refuse_refund #{view.order.id}", style=Style.danger),)


def return_offers(view: OrderView, pen: Pen) -> tuple[Offer, ...]:
    """The button for goods that came back, while the buyer has any that could be sold again."""
    return (Offer(label=pen("button.return"), words=f"returned #{view.order.id}"),) if view.with_buyer else ()


def choose_reason(view: OrderView, pen: Pen) -> Draft:
    """The platform's reasons, a button each."""
    number, refund = view.order.id, view.refund
    choices = refund.choices if refund is not None else ()
    buttons = tuple(Offer(label=one.words, words=f"refuse_refund #{number} {one.id}") for one in choices)
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.choose_reason", id=number),
        fields=(*refund_lines(view, pen), *((str(n), one.words) for n, one in enumerate(choices, 1))),
        note=pen("note.choose_reason"),
        offers=(*buttons[: MAX_BUTTONS - 1], Offer(label=pen("button.no"), words=f"order #{number}")),
    )


def refuse_question(view: OrderView, refund: Refund, reason: RefuseReason, pen: Pen) -> Draft:
    """The no, before it is said."""
    number = view.order.id
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.refuse_refund", id=number, amount=pen.money(refund.amount_fen)),
        fields=(*refund_lines(view, pen), (pen("label.refuse_reason"), reason.words)),
        note=pen("note.refuse_refund"),
        offers=(
            Offer(
                label=pen("button.refuse_sure"),
                words=f"refuse_refund #{number} {reason.id}",
                style=Style.danger,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words=f"order #{number}"),
        ),
    )
