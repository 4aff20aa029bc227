"""Stock and keys: what is left, how long it lasts, what an import would add."""

from collections.abc import Sequence

from bot.cards.card import BRIEF, MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clip
from bot.cards.pen import Pen
from core.values.notices import NoticeKind, Urgency
from core.values.orders import OrderState
from core.values.products import Product
from core.values.sellers import Part
from core.values.views import KeysAdded, KeysPreview, ReturnPreview, StockRow, VoidPreview

ROWS_SHOWN = 20
TITLE_SHOWN = 24


def name_of(product: Product) -> str:
    """A product's title with its spec."""
    return " ".join(filter(None, (product.title, product.spec)))


def left_words(product: Product, pen: Pen) -> str:
    """How much is left: the number, or without end."""
    return pen("stock.left", n=product.free) if product.counted else pen("stock.unlimited")


def list_card(rows: Sequence[StockRow], pen: Pen, *, low_only: bool, part: Part | None = None) -> Draft:
    """Every product's stock on one line each."""
    left = len(rows) - ROWS_SHOWN
    empty = pen("note.stock_none_low") if low_only else pen("note.stock_none")
    whose = f" {part.word}" if part else ""
    low, every = f"stock low{whose}", f"stock{whose}"
    other = Offer(label=pen("button.all"), words=every) if low_only else Offer(label=pen("button.low"), words=low)
    title = pen("title.stock_low", n=len(rows)) if low_only else pen("title.stock", n=len(rows))
    return Draft(
        entity="stock",
        title=f"{title} · {part.name}" if part else title,
        fields=tuple((f"p{row.product.id}", _row(row, pen)) for row in rows[:ROWS_SHOWN]),
        note=pen("note.more", n=left) if left > 0 else "" if rows else empty,
        offers=(
            *_openings(rows),
            other,
            Offer(label=pen("button.refresh"), words=low if low_only else every),
        ),
    )


def _openings(rows: Sequence[StockRow]) -> tuple[Offer, ...]:
    return tuple(Offer(label=f"p{row.product.id}", words=f"stock p{row.product.id}") for row in rows[: MAX_BUTTONS - 2])


def _row(row: StockRow, pen: Pen) -> str:
    product = row.product
    facts = (
        f"{_sign(product)} {clip(name_of(product), TITLE_SHOWN)}",
        left_words(product, pen),
        pen("stock.reserved", n=product.reserved) if product.reserved else "",
        _rate(row, pen),
        pen("stock.short", n=row.waiting_short) if row.waiting_short else "",
    )
    return " · ".join(filter(None, facts))


def _sign(product: Product) -> str:
    if not product.counted:
        return "♾"
    return "📭" if product.free == 0 else "🟡" if product.free <= product.low_at else "🟢"


def _rate(row: StockRow, pen: Pen) -> str:
    if not row.sold_7_days:
        return ""
    sold = pen("stock.sold_7_days", n=row.sold_7_days)
    days = row.product.free * 7 // row.sold_7_days
    return f"{sold} · {pen('stock.lasts', n=days)}" if row.product.counted and row.product.free else sold


def stock_card(
    row: StockRow,
    pen: Pen,
    *,
    lead: str = "",
    remark: str = "",
    kind: NoticeKind = BRIEF,
    urgency: Urgency = Urgency.normal,
) -> Draft:
    """One product's stock, the numbers of its books. Its copies are drawn again as stock, not as configuration."""
    product = row.product
    facts = (
        (pen("label.left"), str(product.free) if product.counted else pen("stock.unlimited")),
        (pen("label.reserved"), _reserved(row, pen)),
        (pen("label.sold"), str(product.sold)),
        (pen("label.low_at"), str(product.low_at)),
        (pen("label.rate"), _rate(row, pen)),
        (pen("label.short"), pen("stock.short", n=row.waiting_short) if row.waiting_short else ""),
    )
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        urgency=urgency,
        title=" · ".join((*filter(None, (lead,)), _named(product, lead), left_words(product, pen))),
        fields=tuple(fact for fact in facts if fact[1]),
        note="\n".join(filter(None, (remark, _refill(product, pen)))),
        offers=(
            Offer(label=pen("button.item"), words=f"item p{product.id}"),
            *((Offer(label=pen("button.locks"), words="stock locks"),) if row.kept else ()),
            Offer(label=pen("button.refresh"), words=f"stock p{product.id}"),
        ),
        kind=kind,
    )


def _reserved(row: StockRow, pen: Pen) -> str:
    """How many are reserved, and for whom where some are kept for no order."""
    reserved, kept = row.product.reserved, row.kept
    return pen("stock.reserved_for", n=reserved, orders=reserved - kept, kept=kept) if kept else str(reserved)


def _named(product: Product, lead: str) -> str:
    """The product's number and name; its sign stands before them unless a lead says more."""
    name = f"p{product.id} · {name_of(product)}"
    return name if lead else f"{_sign(product)} {name}"


def _refill(product: Product, pen: Pen) -> str:
    if product.keyed:
        return pen("note.import_keys", id=product.id)
    return pen("note.set_stock", id=product.id) if product.counted else ""


def set_question(product: Product, wish: int | None, pen: Pen) -> Draft:
    """Old number → new number, before it is written; None means without end."""
    new = pen("stock.unlimited") if wish is None else str(wish)
    word = "unlimited" if wish is None else wish
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.set_stock", id=product.id, title=name_of(product)),
        fields=((pen("label.left"), f"{left_words(product, pen)} → {new}"),),
        note=pen("note.set_stock_reserved", n=product.reserved) if product.reserved else "",
        offers=(
            Offer(
                label=pen("button.set_sure", n=new),
                words=f"setstock p{product.id} {word}",
                style=Style.danger,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words=f"stock p{product.id}"),
        ),
    )


def return_question(preview: ReturnPreview, pen: Pen) -> Draft:
    """Old number → new number, and whether the buyer's money is back already."""
    product, order, n = preview.product, preview.view.order, preview.quantity
    repaid = order.state in (OrderState.cancelled, OrderState.refunding)
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.return", id=order.id, n=n),
        fields=(
            (pen("label.goods"), f"p{product.id} · {name_of(product)}"),
            (pen("label.left"), f"{product.free} → {product.free + n}"),
        ),
        note=pen("note.return") if repaid else pen("note.return_unasked"),
        offers=(
            Offer(
                label=pen("button.return_sure", n=n),
                words=f"returned #{order.id} {n}",
                style=Style.good,
                confirms=True,
            ),
            Offer(label=pen("button.no"), words=f"order #{order.id}"),
        ),
    )


def choose_keyed(rows: Sequence[StockRow], count: int, pen: Pen, again: str) -> Draft:
    """Keys came without a word whose they are: a button a product of keys. `again` names the stored request."""
    keyed = [row.product for row in rows if row.product.keyed]
    left = len(keyed) - MAX_BUTTONS
    more = pen("note.more", n=left) if left > 0 else ""
    return Draft(
        entity="keys",
        title=pen("title.whose_keys", n=count),
        fields=tuple((f"p{one.id}", f"{name_of(one)} · {left_words(one, pen)}") for one in keyed[:MAX_BUTTONS]),
        note="\n".join(filter(None, (more, pen("note.whose_keys" if keyed else "note.no_keyed")))),
        offers=tuple(Offer(label=f"p{one.id}", words=f"{again} import p{one.id}") for one in keyed[:MAX_BUTTONS]),
    )


def import_question(preview: KeysPreview, pen: Pen, words: str) -> Draft:
    """What an import of keys would add. `words` name the stored request: keys stand only in the vault (law 11)."""
    product = preview.product
    sure = Offer(label=pen("button.import_sure", n=preview.new), words=words, style=Style.good, confirms=True)
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.import", id=product.id, title=name_of(product)),
        fields=(
            (pen("label.new"), str(preview.new)),
            (pen("label.duplicate"), str(preview.duplicate)),
            (pen("label.empty"), str(preview.empty)),
            (pen("label.first"), " · ".join(preview.first_masked) or "–"),
        ),
        note=pen("note.import") if preview.new else pen("note.import_nothing"),
        offers=(*((sure,) if preview.new else ()), Offer(label=pen("button.no"), words=f"stock p{product.id}")),
    )


def void_question(preview: VoidPreview, pen: Pen, words: str) -> Draft:
    """How many of the given keys would never be sold. `words` name the stored request: no key stands here (law 11)."""
    product, n = preview.product, preview.free
    sure = Offer(label=pen("button.void_sure", n=n), words=words, style=Style.danger, confirms=True)
    counts = {"key_free": n, "reserved": preview.reserved, "sold": preview.sold, "key_void": preview.void}
    return Draft(
        entity="product",
        entity_id=product.id,
        version=product.version,
        title=pen("title.void_keys", id=product.id, title=name_of(product)),
        fields=(
            *((pen(f"label.{name}"), str(count)) for name, count in counts.items()),
            (pen("label.key_unknown"), str(preview.unknown)),
        ),
        note=pen("note.void_keys") if n else pen("note.void_nothing"),
        offers=(*((sure,) if n else ()), Offer(label=pen("button.no"), words=f"stock p{product.id}")),
    )


def gone_words(detail: str, pen: Pen) -> str:
    """Where a key was given away, and that it is void, or which order keeps it because its text is on its way."""
    chat, _, order = detail.partition(" ")
    return pen("note.key_twice", chat=chat, order=order) if order else pen("note.key_gone", chat=chat)


def imported_words(added: KeysAdded, pen: Pen) -> str:
    """What an import added, in a line."""
    return pen("note.imported", n=added.added, duplicate=added.duplicate)
