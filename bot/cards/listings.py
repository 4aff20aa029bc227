"""The list of products, and what the platform's own list of items brought: new, gone, too cheap, the same once more."""

from collections.abc import Iterable, Sequence

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from bot.cards.stock import left_words, name_of
from core.values.items import ItemRow, ItemView, NewItem
from core.values.notices import NoticeKind, Urgency
from core.values.products import Listing, Product
from core.values.sellers import Part

PAGE = 10
NEW_SHOWN = 10
TITLE_SHOWN = 24
NEW = "item new"
"""The words that list what nobody configured."""
HOW = {
    "virtual": ("new_items.virtual", "note.all_virtual"),
    "physical": ("new_items.physical", "note.all_physical"),
    "hand": ("new_items.hand", "note.all_hand"),
}
"""How all new products are sent: the words for it, and what it leaves open."""
OPENED = 3
"""Products of a page with a button of their own; leafing and what is new need the others."""


def list_card(rows: Sequence[ItemRow], pen: Pen, *, page: int = 1, part: Part | None = None) -> Draft:
    """All products, a line each, ten a page; those nobody configured come first."""
    pages = max(1, -(-len(rows) // PAGE))
    here = rows[(min(page, pages) - 1) * PAGE :][:PAGE]
    new = sum(not row.product.configured and not row.is_off for row in rows)
    whose = f" {part.word}" if part else ""
    return Draft(
        entity="items",
        title=" · ".join(filter(None, (pen("title.items", n=len(rows)), part.name if part else "", _news(new, pen)))),
        fields=tuple((f"p{row.product.id}", _row(row, pen)) for row in here),
        note=_leaf(min(page, pages), pages, pen) if rows else pen("note.items_none"),
        offers=(
            *((Offer(label=pen("button.new_items", n=new), words=NEW),) if new else ()),
            *((Offer(label=pen("button.next_page"), words=f"item{whose} page{page + 1}"),) if page < pages else ()),
            *((Offer(label=pen("button.first_page"), words=f"item{whose}"),) if page > 1 else ()),
            *(Offer(label=f"p{row.product.id}", words=f"item p{row.product.id}") for row in here[:OPENED]),
        )[:MAX_BUTTONS],
    )


def _leaf(page: int, pages: int, pen: Pen) -> str:
    return pen("note.page", page=page, pages=pages) if pages > 1 else ""


def _news(new: int, pen: Pen) -> str:
    return pen("item.n_new", n=new) if new else ""


def _row(row: ItemRow, pen: Pen) -> str:
    product = row.product
    auto = pen("item.auto") if product.auto_ship else pen("item.by_hand")
    floor = pen("item.floor", amount=pen.money(product.floor_fen)) if product.floor_fen is not None else ""
    facts = (
        clip(name_of(product), TITLE_SHOWN),
        _price(row, pen),
        floor,
        left_words(product, pen) if product.configured else "",
        auto if product.configured else pen("item.new"),
        pen.word("product_state", product.state) if product.state != "active" else "",
        pen("item.off") if row.is_off else "",
    )
    return " · ".join(filter(None, facts))


def _price(row: ItemRow, pen: Pen) -> str:
    """What it costs on the platform, marked where that is below its floor."""
    prices = row.prices or ((row.product.price_fen,) if row.product.price_fen is not None else ())
    words = "–".join(pen.money(fen) for fen in dict.fromkeys((*prices[:1], *prices[-1:])))
    floor = row.product.floor_fen
    return f"⚠️ {words}" if floor is not None and row.prices and row.prices[0] < floor else words


def new_card(rows: Sequence[NewItem], pen: Pen, *, account: str = "") -> Draft:
    """Items on sale that nobody configured: a button each, and one for all. Nothing is set by itself."""
    title = pen("title.items_new", n=len(rows)) if rows else pen("title.items_new_none")
    left = len(rows) - NEW_SHOWN
    return Draft(
        entity="items",
        urgency=Urgency.normal,
        title=" · ".join(filter(None, (title, account))),
        fields=tuple((f"p{row.product.id}", _new(row, pen)) for row in rows[:NEW_SHOWN]),
        note="\n".join(
            filter(None, (pen("note.more", n=left) if left > 0 else "", pen("note.items_new") if rows else ""))
        ),
        offers=_new_offers(rows, pen),
        kind=NoticeKind.items_new,
    )


def _new(row: NewItem, pen: Pen) -> str:
    twin = pen("item.twin", id=row.twin.id, left=left_words(row.twin, pen)) if row.twin else ""
    whose = " ".join(dict.fromkeys(filter(None, (pen.seller(one.account) for one in row.listings))))
    return " · ".join(filter(None, (clip(name_of(row.product), TITLE_SHOWN), _price(row, pen), whose, twin)))


def _new_offers(rows: Sequence[NewItem], pen: Pen) -> tuple[Offer, ...]:
    """The same goods once more are joined first: that is one press; the others are described one by one."""
    each = (_join_offer(row.product, row.twin, pen) if row.twin else _open(row.product, pen) for row in rows)
    many = sum(row.twin is None for row in rows) > 1
    every = (Offer(label=pen("button.all_new"), words=f"{NEW} all"),) if many else ()
    return (*tuple(each)[: MAX_BUTTONS - len(every)], *every)


def _open(product: Product, pen: Pen) -> Offer:
    return Offer(label=pen("button.set_up", id=product.id), words=f"item p{product.id}")


def _join_offer(product: Product, twin: Product, pen: Pen) -> Offer:
    label = pen("button.join", id=product.id, into=twin.id)
    return Offer(label=label, words=f"item p{product.id} join p{twin.id}", style=Style.good)


def all_question(rows: Sequence[NewItem], pen: Pen) -> Draft:
    """How are all of them sent? Each answer is asked about once more. The same goods once more are joined instead."""
    rows = [row for row in rows if row.twin is None]
    return Draft(
        entity="items",
        title=pen("title.all_new", n=len(rows)),
        fields=tuple((f"p{row.product.id}", clip(name_of(row.product), TITLE_SHOWN)) for row in rows[:NEW_SHOWN]),
        note=pen("note.all_new"),
        offers=(
            Offer(label=pen("button.all_virtual"), words=f"{NEW} virtual"),
            Offer(label=pen("button.all_physical"), words=f"{NEW} physical"),
            Offer(label=pen("button.all_by_hand"), words=f"{NEW} hand"),
            Offer(label=pen("button.no"), words="item"),
        ),
    )


def newest(rows: Sequence[NewItem]) -> int:
    """The newest product that all of them would be about; 0 when there is none."""
    return max((row.product.id for row in rows if row.twin is None), default=0)


def all_sure(rows: Sequence[NewItem], how: str, pen: Pen) -> Draft:
    """The last look before it is written. Its version tells what was looked at."""
    (words, note), rows = HOW[how], [row for row in rows if row.twin is None]
    return Draft(
        entity="items",
        version=newest(rows),
        title=pen("title.all_sure", n=len(rows), how=pen(words)),
        fields=tuple((f"p{row.product.id}", clip(name_of(row.product), TITLE_SHOWN)) for row in rows[:NEW_SHOWN]),
        note=pen(note),
        offers=(
            Offer(label=pen("button.save"), words=f"item new {how}", style=Style.good, confirms=True),
            Offer(label=pen("button.no"), words=NEW),
        ),
    )


def join_question(product: Product, into: Product, pen: Pen) -> Draft:
    """What becomes of a product that is another's goods once more: its items sell from the other's pool."""
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.join", id=product.id, into=into.id),
        fields=(
            (f"p{product.id}", clip(name_of(product), TITLE_SHOWN)),
            (f"→ p{into.id}", f"{clip(name_of(into), TITLE_SHOWN)} · {left_words(into, pen)}"),
        ),
        note=pen("note.join", into=into.id),
        offers=(
            Offer(
                label=pen("button.join_sure"),
                words=f"item p{product.id} join p{into.id}",
                style=Style.good,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words=f"item p{product.id}"),
        ),
    )


def split_question(view: ItemView, item_id: str, pen: Pen) -> Draft:
    """What becomes of a platform item that was joined by mistake; of none such, which there are."""
    product, mine = view.product, [one for one in view.listings if one.item_id == item_id]
    shown = mine or view.listings[:MAX_BUTTONS]
    sure = Offer(
        label=pen("button.split_sure"),
        words=f"item p{product.id} split {item_id}",
        style=Style.danger,
        confirms=True,
    )
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.split", id=product.id, item=clip(item_id, TITLE_SHOWN)) if mine else pen("title.split_which"),
        fields=tuple((one.item_id, _sold_as(one, pen)) for one in shown),
        note=pen("note.split", id=product.id),
        offers=(
            *((sure,) if mine else _splits(view, pen)),
            Offer(label=pen("button.no"), words=f"item p{product.id}"),
        ),
    )


def _sold_as(one: Listing, pen: Pen) -> str:
    facts = (clip(one.title, TITLE_SHOWN), one.spec, pen.seller(one.account), pen.money(one.price_fen))
    return " · ".join(filter(None, facts))


def _splits(view: ItemView, pen: Pen) -> tuple[Offer, ...]:
    """An item each, by its last digits: the whole number stands above."""
    items = tuple(dict.fromkeys(one.item_id for one in view.listings))[: MAX_BUTTONS - 1]
    words = f"item p{view.product.id} split"
    return tuple(Offer(label=pen("button.split_one", item=item[-6:]), words=f"{words} {item}") for item in items)


def off_card(rows: Sequence[ItemRow], pen: Pen, account: str) -> Draft:
    """Items that are no longer on sale; where another account still sells from the same pool, pausing is offered."""
    title = pen("title.items_off", n=len(rows))
    paused = [row for row in rows if not row.is_off and row.product.state == "active"]
    return Draft(
        entity="items",
        urgency=Urgency.quiet,
        title=" · ".join(filter(None, (title, account))),
        fields=tuple((f"p{row.product.id}", _off(row, pen)) for row in rows[:NEW_SHOWN]),
        note=pen("note.items_off"),
        offers=(
            *(pause_offer(row.product, pen) for row in paused[:OPENED]),
            Offer(label=pen("button.items"), words="item"),
        ),
        kind=NoticeKind.items_off,
    )


def _off(row: ItemRow, pen: Pen) -> str:
    still = selling(row.listings, pen)
    facts = (clip(name_of(row.product), TITLE_SHOWN), left_words(row.product, pen))
    return " · ".join((*facts, *((pen("item.still_on", where=still),) if still else ())))


def pause_offer(product: Product, pen: Pen) -> Offer:
    """A product that is sold out is kept from selling by itself."""
    return Offer(label=pen("button.pause_product", id=product.id), words=f"item p{product.id} state paused")


def selling(listings: Iterable[Listing], pen: Pen) -> str:
    """Where something is on sale now: the accounts."""
    return " ".join(dict.fromkeys(pen.seller(one.account) or one.account for one in listings if one.on_sale))


def below_floor_card(row: ItemRow, pen: Pen, urgency: Urgency) -> Draft:
    """An item costs less on the platform than its floor: nobody's guard stands there."""
    product = row.product
    low = [one for one in row.listings if one.on_sale and one.price_fen is not None]
    cheap = [one for one in low if product.floor_fen is not None and (one.price_fen or 0) < product.floor_fen]
    title = "title.price_below_floor" if cheap else "title.price_mended"
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        urgency=urgency,
        title=pen(title, id=product.id, title=clip(name_of(product), TITLE_SHOWN)),
        fields=(
            *((pen("label.listing"), _cheap(one, pen)) for one in (cheap or low)[:OPENED]),
            (pen("field.floor"), pen.money(product.floor_fen)),
        ),
        note=pen("note.price_below_floor") if cheap else "",
        offers=(Offer(label=pen("button.item"), words=f"item p{product.id}"),),
        kind=NoticeKind.price_below_floor,
    )


def _cheap(listing: Listing, pen: Pen) -> str:
    return " · ".join(filter(None, (listing.item_id, pen.seller(listing.account), pen.money(listing.price_fen))))
