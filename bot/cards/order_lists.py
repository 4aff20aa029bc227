"""Lists of orders: what the shop has, and what waits for a person."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clip, mask_nick
from bot.cards.orders import SAID_ELSEWHERE, goods
from bot.cards.pen import Pen
from bot.cards.standing import state_word, waited
from core.values.sellers import Part
from core.values.views import OrderPage, OrderRow, PendingRow

COUNTED = ("pending_payment", "pending_ship", "risk", "manual", "held", "short", "failed", "unknown", "refunding")
"""The counts worth a place on the first line of the list, in this order."""
GOODS_SHOWN = 40
PENDING_SHOWN = 12
MENDS = {"login_expired": ("button.log_in", "login"), "challenged": ("button.reconnect", "reconnect")}
"""What brings an account back, by what it waits for: the verb on the button, and the command."""


def list_card(
    page: OrderPage, pen: Pen, *, filter_name: str, text: str, paged: bool, part: Part | None = None
) -> Draft:
    """A page of orders, newest first, with the counts on top and the next page one press away."""
    title = pen("title.orders", filter=pen.word("filter", filter_name), n=_count(page))
    return Draft(
        entity="orders",
        title=" · ".join(filter(None, (title, part.name if part else "", text))),
        fields=((pen("label.counts"), _counts(page, pen)), *(_row(row, pen) for row in page.rows)),
        note=pen("note.orders") if page.rows else pen("note.orders_none"),
        offers=_chips(page, pen, filter_name, text, part.word if part else "", paged=paged),
    )


def _count(page: OrderPage) -> str:
    return f"{len(page.rows)}+" if page.more else str(len(page.rows))


def _counts(page: OrderPage, pen: Pen) -> str:
    counts = (f"{pen.word('filter', name)} {page.counts[name]}" for name in COUNTED if page.counts.get(name))
    return " · ".join(counts) or pen("order.none_open")


def _row(row: OrderRow, pen: Pen) -> tuple[str, str]:
    order = row.order
    facts = (
        state_word(order, row.fulfilment, pen),
        clip(goods(order.lines, pen), GOODS_SHOWN),
        pen.seller(order.account),
        pen.money(order.amount_fen),
        pen.ago(order.paid_at or order.created_at),
    )
    return f"#{order.id}", " · ".join(filter(None, facts))


def _chips(page: OrderPage, pen: Pen, filter_name: str, text: str, part: str, *, paged: bool) -> tuple[Offer, ...]:
    query = _words(f"orders {filter_name}", part, text)
    newest = (Offer(label=pen("button.newest"), words=query),) if paged else ()
    older: tuple[Offer, ...] = ()
    if page.more and page.rows:
        older = (
            Offer(
                label=pen("button.older"),
                words=_words(f"orders {filter_name}", part, f"<{page.rows[-1].order.id}", text),
            ),
        )
    others = [name for name in ("all", "risk", "manual", "failed", "today") if name != filter_name]
    chips = tuple(Offer(label=pen.word("filter", name), words=_words(f"orders {name}", part)) for name in others)
    return (*newest, *older, *chips)[:MAX_BUTTONS]


def _words(*parts: str) -> str:
    return " ".join(filter(None, parts))


def pending_card(rows: Sequence[PendingRow], pen: Pen, part: Part | None = None) -> Draft:
    """Everything that waits for a person, oldest first; the first ones open with a press."""
    fields = tuple(_waiting(row, pen) for row in rows[:PENDING_SHOWN])
    left = len(rows) - len(fields)
    return Draft(
        entity="pending",
        title=_words(
            pen("title.pending", n=len(rows)) if rows else pen("title.pending_none"), f"· {part.name}" if part else ""
        ),
        fields=fields,
        note=pen("note.more", n=left) if left > 0 else "",
        offers=_open_offers(rows, pen, part.word if part else ""),
    )


def _waiting(row: PendingRow, pen: Pen) -> tuple[str, str]:
    about = goods(row.order.lines, pen) if row.order else row.account
    facts = (
        _kind(row, pen),
        clip(about, GOODS_SHOWN),
        pen.seller(row.account) if about != row.account else "",
        mask_nick(row.buyer) if row.buyer and row.order is None else "",
        waited(row.since_at, pen),
        _left(row.deadline_at, pen),
        pen.word("reason", row.reason) if row.reason not in ("", *SAID_ELSEWHERE) else "",
    )
    return _name(row), " · ".join(filter(None, facts))


def _kind(row: PendingRow, pen: Pen) -> str:
    return pen.word("pending_kind", row.kind)


def _left(deadline_at: datetime | None, pen: Pen) -> str:
    return pen.until(deadline_at) if deadline_at is not None else ""


def _name(row: PendingRow) -> str:
    if row.order is not None:
        return f"#{row.order.id}"
    return f"c{row.chat_id}" if row.chat_id is not None else "!"


def _open_offers(rows: Sequence[PendingRow], pen: Pen, part: str) -> tuple[Offer, ...]:
    opens = [_open(row, pen) for row in rows]
    return (*opens[: MAX_BUTTONS - 1], Offer(label=pen("button.refresh"), words=_words("pending", part)))


def _open(row: PendingRow, pen: Pen) -> Offer:
    """A button with the thing's short name on it; what needs a decision is opened in colour."""
    if row.kind in MENDS:
        verb, word = MENDS[row.kind]
        return Offer(label=f"{pen(verb)} {row.account}", words=f"{word} {row.account}", style=Style.good)
    style = Style.good if row.kind == "awaiting_approval" else Style.plain
    words = f"order #{row.order.id}" if row.order is not None else f"chat c{row.chat_id}"
    return Offer(label=_name(row), words=words, style=style)
