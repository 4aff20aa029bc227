"""Before goods leave: what would be sent, and the press that sends it."""

from collections.abc import Sequence

from bot.cards.card import MAX_BUTTONS, MAX_VERB, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.orders import buyer_words, goods
from bot.cards.pen import Pen
from core.values.carriers import name_of
from core.values.views import OrderRow, OrderView, ShipPreview

FAILED_SHOWN = 12
NEEDS_NUMBER = "tracking_needed"
"""The warning of a parcel without carrier and number."""
TYPED_OVER = 5
"""A bulk act over more things than this is confirmed by typing the number."""


def ship_preview(preview: ShipPreview, free: Sequence[tuple[str, int]], pen: Pen) -> Draft:
    """What /ship would do, keys masked. `free` are numbers bought beforehand, by carrier."""
    view = preview.view
    warnings = tuple(pen.word("warning", name) for name in preview.warnings)
    return Draft(
        entity="order",
        entity_id=view.order.id,
        version=view.version,
        title=pen("title.ship_preview", id=view.order.id),
        fields=(*_facts(view, pen), *_stock(preview, pen), *((pen("label.warning"), text) for text in warnings)),
        note=pen("note.manual_parcel", id=view.order.id) if NEEDS_NUMBER in preview.warnings else _text(preview, pen),
        offers=_press(preview, free, pen),
    )


def _press(preview: ShipPreview, free: Sequence[tuple[str, int]], pen: Pen) -> tuple[Offer, ...]:
    """The press that sends it; a parcel whose number is missing takes one bought beforehand, or it is typed."""
    number = preview.view.order.id
    no = Offer(label=pen("button.no"), words=f"order #{number}")
    if NEEDS_NUMBER in preview.warnings:
        return (*(_next(number, carrier, left, pen) for carrier, left in free[: MAX_BUTTONS - 1]), no)
    return (Offer(label=pen("button.ship_sure"), words=f"ship #{number}", style=Style.good, confirms=True), no)


def _next(number: int, carrier: str, left: int, pen: Pen) -> Offer:
    """The next number of a carrier."""
    name = name_of(carrier, pen.texts.locale)
    label = clip(pen("button.ship_next", carrier=name, n=left), MAX_VERB)
    return Offer(label=label, words=f"ship #{number} {carrier}", style=Style.good, confirms=True)


def _facts(view: OrderView, pen: Pen) -> tuple[tuple[str, str], ...]:
    return (
        (pen("label.goods"), goods(view.order.lines, pen)),
        (pen("label.amount"), pen.money(view.order.amount_fen)),
        (pen("label.buyer"), buyer_words(view, pen)),
    )


def _stock(preview: ShipPreview, pen: Pen) -> tuple[tuple[str, str], ...]:
    if preview.stock_left is None:
        return ()
    return ((pen("label.stock"), pen("stock.left_after", n=preview.stock_left)),)


def _text(preview: ShipPreview, pen: Pen) -> str:
    return pen("note.delivery_text", text=preview.text_masked) if preview.text_masked else ""


def give_up_question(view: OrderView, pen: Pen) -> Draft:
    """Giving up a doubtful send ends it: asked with the numbers."""
    number = view.order.id
    return Draft(
        entity="order",
        entity_id=number,
        version=view.version,
        title=pen("title.give_up", id=number, amount=pen.money(view.order.amount_fen)),
        fields=_facts(view, pen),
        note=pen("note.give_up"),
        offers=(
            Offer(
                label=pen("button.give_up_sure"), words=f"settle #{number} give_up", style=Style.danger, confirms=True
            ),
            Offer(label=pen("button.no"), words=f"order #{number}"),
        ),
    )


def retry_question(rows: tuple[OrderRow, ...], pen: Pen) -> Draft:
    """All failed shipments at once: a press for a few, the typed number for many."""
    count = len(rows)
    typed = count > TYPED_OVER
    total = sum(row.order.amount_fen or 0 for row in rows)
    sure = Offer(label=pen("button.retry_all", n=count), words=f"retry failed {count}", style=Style.good, confirms=True)
    return Draft(
        entity="failed",
        title=pen("title.retry_all", n=count, amount=pen.money(total)) if rows else pen("title.retry_none"),
        fields=tuple(_failed(row, pen) for row in rows[:FAILED_SHOWN]),
        note=pen("note.type_count", command=f"retry failed {count}") if typed else "",
        offers=(sure, Offer(label=pen("button.no"), words="pending")) if rows and not typed else (),
    )


def _failed(row: OrderRow, pen: Pen) -> tuple[str, str]:
    ship = row.fulfilment
    kind = pen.word("error_class", ship.error_class) if ship and ship.error_class else ""
    facts = (goods(row.order.lines, pen), kind, ship.error if ship else "")
    return f"#{row.order.id}", " · ".join(filter(None, facts))


def retried(count: int, pen: Pen) -> Draft:
    """What the bulk retry began."""
    return Draft(entity="failed", title=pen("title.retried", n=count))
