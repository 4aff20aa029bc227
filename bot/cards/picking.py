"""The picking list: a line for each thing to take, in the order of a walk along the shelf."""

from collections.abc import Sequence

from bot.cards.card import MAX_BUTTONS, Draft, Offer
from bot.cards.clean import clip
from bot.cards.pen import Pen
from core.values.picking import Pick, PickList

PAGE = 10
TITLE_SHOWN = 40
OPENED = 3
"""Orders of a page with a button of their own; leafing needs the others."""


def pick_card(found: PickList, pen: Pen, *, page: int = 1) -> Draft:
    """What waits on the shelf, ten a page; how it is sorted stands below."""
    picks = found.picks
    pages = max(1, -(-len(picks) // PAGE))
    here = picks[(min(page, pages) - 1) * PAGE :][:PAGE]
    return Draft(
        entity="picking",
        title=_title(found, pen),
        fields=tuple((pick.location or pen("pick.no_place"), _line(pick, pen)) for pick in here),
        note=_note(min(page, pages), pages, pen) if picks else "",
        offers=(*_leaf(min(page, pages), pages, pen), *_orders(here), _again(page, pen))[:MAX_BUTTONS],
    )


def _title(found: PickList, pen: Pen) -> str:
    orders = len({pick.order_id for pick in found.picks})
    pressing = len({pick.order_id for pick in found.picks if pick.pressing})
    title = pen("title.pick", n=f"{orders}+" if found.more else orders) if orders else pen("title.pick_none")
    return " · ".join(filter(None, (title, pen("pick.pressing", n=pressing) if pressing else "")))


def _line(pick: Pick, pen: Pen) -> str:
    name = clip(" ".join(filter(None, (pick.title, pick.spec))), TITLE_SHOWN)
    left = pen.until(pick.ship_by_at)
    facts = (
        f"{name} ×{pick.quantity}",
        pen("pick.fragile") if pick.fragile else "",
        f"#{pick.order_id}",
        pen.seller(pick.account),
        pen("pick.soon", left=left) if pick.pressing else left,
    )
    return " · ".join(filter(None, facts))


def _note(page: int, pages: int, pen: Pen) -> str:
    leaf = pen("note.page", page=page, pages=pages) if pages > 1 else ""
    return "\n".join(filter(None, (leaf, pen("note.pick"))))


def _leaf(page: int, pages: int, pen: Pen) -> tuple[Offer, ...]:
    following = (Offer(label=pen("button.next_page"), words=f"pick page{page + 1}"),) if page < pages else ()
    return (*following, *((Offer(label=pen("button.first_page"), words="pick"),) if page > 1 else ()))


def _orders(picks: Sequence[Pick]) -> tuple[Offer, ...]:
    """The orders of a page that must leave first."""
    first = dict.fromkeys(pick.order_id for pick in sorted(picks, key=lambda pick: pick.ship_by_at))
    return tuple(Offer(label=f"#{order}", words=f"order #{order}") for order in [*first][:OPENED])


def _again(page: int, pen: Pen) -> Offer:
    return Offer(label=pen("button.refresh"), words=f"pick page{page}" if page > 1 else "pick")
