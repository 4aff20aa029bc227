"""A product's configuration: what may be set, and a change as old → new."""

from collections.abc import Callable

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.stock import left_words, name_of
from core.values.fulfilment import ShipMode
from core.values.items import ItemView
from core.values.notices import NoticeKind
from core.values.products import Lack, Listing, Product, ProductState

LISTINGS_SHOWN = 4
LEDGER_SHOWN = 6
TEXT_SHOWN = 120

Write = Callable[[Product, Pen], str]


def _yes(value: bool, pen: Pen) -> str:
    return pen("item.yes") if value else pen("item.no")


def _title(product: Product, _: Pen) -> str:
    return name_of(product)


SHOWN: dict[str, Write] = {
    "title": _title,
    "state": lambda p, pen: pen.word("product_state", p.state),
    "mode": lambda p, pen: pen.word("ship_mode", p.mode),
    "auto_ship": lambda p, pen: _yes(p.auto_ship, pen),
    "delay": lambda p, pen: pen("item.delay", low=p.delay_min_minutes, high=p.delay_max_minutes),
    "price": lambda p, pen: pen.money(p.price_fen),
    "floor": lambda p, pen: pen.money(p.floor_fen),
    "postage": lambda p, pen: pen.money(p.postage_fen),
    "max_quantity": lambda p, pen: str(p.max_quantity or pen("item.no_limit")),
    "counted": left_words,
    "keyed": lambda p, pen: _yes(p.keyed, pen),
    "low_at": lambda p, _: str(p.low_at),
    "carrier": lambda p, _: p.carrier or "–",
    "text": lambda p, pen: clip(p.delivery_text, TEXT_SHOWN) if p.delivery_text else pen("item.no_text"),
    "location": lambda p, _: p.location or "–",
    "fragile": lambda p, pen: _yes(p.fragile, pen),
    "facts": lambda p, _: clip(p.facts, TEXT_SHOWN) if p.facts else "–",
}
"""Every setting of a product by the name `/item p3 NAME VALUE` takes, and how it reads."""

_PARCEL_ONLY = frozenset({"delay", "postage", "carrier", "location", "fragile"})
_VIRTUAL_ONLY = frozenset({"text", "keyed"})


def item_card(view: ItemView, pen: Pen) -> Draft:
    """A product as it is set up, with its listings and last movements."""
    product = view.product
    listings = tuple((pen("label.listing"), _listing(row, pen)) for row in view.listings[:LISTINGS_SHOWN])
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.item" if product.configured else "title.item_new", id=product.id, title=name_of(product)),
        fields=(*_settings(product, pen), *listings),
        note="\n".join(
            (
                *_lack(view.lack, product, pen),
                pen("note.item", id=product.id),
                *(_moved(line, pen) for line in view.ledger[-LEDGER_SHOWN:]),
            )
        ),
        offers=_switches(product, pen),
        kind=NoticeKind.redraw,
    )


def _lack(lack: Lack | None, product: Product, pen: Pen) -> tuple[str, ...]:
    """Why automatic shipping would come to nothing, and what to type."""
    return (pen(f"lack.{lack}", id=product.id),) if lack is not None else ()


def _moved(line: str, pen: Pen) -> str:
    """A movement: day, time, kind, signed units, for whom, what was free after it."""
    day, time, kind, *rest = line.split(" ")
    return " ".join((day, time, pen.word("ledger", kind), *rest))


def _settings(product: Product, pen: Pen) -> tuple[tuple[str, str], ...]:
    hidden = _PARCEL_ONLY if product.mode == ShipMode.virtual else _VIRTUAL_ONLY
    shown = (name for name in SHOWN if name != "title" and name not in hidden)
    return tuple((pen(f"field.{name}"), SHOWN[name](product, pen)) for name in shown)


def _listing(listing: Listing, pen: Pen) -> str:
    off = "" if listing.on_sale else pen("item.off")
    return " · ".join(
        filter(None, (listing.item_id, pen.seller(listing.account), listing.spec, pen.money(listing.price_fen), off))
    )


def _switches(product: Product, pen: Pen) -> tuple[Offer, ...]:
    """The switches a thumb can throw; numbers and texts are typed."""
    word = f"item p{product.id}"
    auto = ("auto_off", "off") if product.auto_ship else ("auto_on", "on")
    paused = product.state == ProductState.paused
    state = ("activate", "active") if paused else ("deactivate", "paused")
    other = ("to_parcel", "physical") if product.mode == ShipMode.virtual else ("to_virtual", "virtual")
    return (
        Offer(label=pen(f"button.{auto[0]}"), words=f"{word} auto_ship {auto[1]}"),
        Offer(label=pen(f"button.{other[0]}"), words=f"{word} mode {other[1]}"),
        Offer(label=pen(f"button.{state[0]}"), words=f"{word} state {state[1]}"),
        Offer(label=pen("button.stock"), words=f"stock p{product.id}"),
    )[:MAX_BUTTONS]


def change_question(
    before: Product, after: Product, field: str, words: str, pen: Pen, *, lack: Lack | None = None
) -> Draft:
    """A change as old → new, before it is written. `words` name the stored request: a text may hold a secret.

    `lack` is what automatic shipping would lack then.
    """
    changes = differences(before, after, pen)
    if not changes and before.configured:
        return _unchanged(before, field, pen)
    return Draft(
        entity="product",
        entity_id=before.id,
        version=before.version,
        title=pen("title.item_change", id=before.id, title=name_of(before)),
        fields=changes or ((pen(f"field.{field}"), SHOWN[field](after, pen)),),
        note="\n".join(_lack(lack, before, pen)),
        offers=(
            Offer(label=pen("button.save"), words=words, style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words=f"item p{before.id}"),
        ),
    )


def _unchanged(product: Product, field: str, pen: Pen) -> Draft:
    """What was typed is what it is: there is nothing to save."""
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.item_unchanged", id=product.id, title=name_of(product)),
        fields=((pen(f"field.{field}"), SHOWN[field](product, pen)),),
        offers=(Offer(label=pen("button.item"), words=f"item p{product.id}"),),
    )


def differences(before: Product, after: Product, pen: Pen) -> tuple[tuple[str, str], ...]:
    """What differs, as label and old → new."""
    pairs = ((name, write(before, pen), write(after, pen)) for name, write in SHOWN.items())
    return tuple((pen(f"field.{name}"), f"{old} → {new}") for name, old, new in pairs if old != new)
