"""A buyer: how often, how much, how it ended; the nick is masked wherever it stands (law 11)."""

from bot.cards.card import MAX_BUTTONS, Draft, Offer, Style
from bot.cards.clean import clip, mask_nick
from bot.cards.orders import goods
from bot.cards.pen import Pen
from bot.cards.standing import state_word
from core.values.buyers import BuyerView, Talk
from core.values.views import OrderRow

GOODS_SHOWN = 30
OPENED = 2
"""Orders with a button of their own."""


def buyer_card(view: BuyerView, pen: Pen) -> Draft:
    """A buyer as they stand: figures, the newest orders, the conversations."""
    buyer = view.buyer
    return Draft(
        entity="buyer",
        entity_id=buyer.id,
        title=pen("title.buyer", id=buyer.id, nick=mask_nick(buyer.nick)),
        fields=(
            (pen("label.first_seen"), pen.clock(buyer.first_seen_at)),
            (pen("label.orders"), _orders(view, pen)),
            (pen("label.money"), _money(view, pen)),
            *(((pen("label.blocked"), buyer.blocked_reason),) if buyer.blocked_reason else ()),
            *((f"#{row.order.id}", _order(row, pen)) for row in view.orders),
            *((f"c{talk.id}", _talk(talk, pen)) for talk in view.talks),
        ),
        note=pen("note.buyer_blocked") if buyer.blocked_reason else "",
        offers=_offers(view, pen),
    )


def _orders(view: BuyerView, pen: Pen) -> str:
    done = view.dealings
    facts = {"paid": view.buyer.paid_orders, "completed": done.completed, "closed": done.closed}
    return pen("buyer.orders", n=view.buyer.orders, refunded=done.refunded, **facts)


def _money(view: BuyerView, pen: Pen) -> str:
    done = view.dealings
    back = pen("buyer.refunded", amount=pen.money(done.refund_fen)) if done.refund_fen else ""
    return " · ".join(filter(None, (pen.money(done.paid_fen), back)))


def _order(row: OrderRow, pen: Pen) -> str:
    order = row.order
    facts = (
        state_word(order, row.fulfilment, pen),
        clip(goods(order.lines, pen), GOODS_SHOWN),
        pen.seller(order.account),
        pen.money(order.amount_fen),
        pen.ago(order.paid_at or order.created_at),
    )
    return " · ".join(filter(None, facts))


def _talk(talk: Talk, pen: Pen) -> str:
    mode = pen("chat.human") if talk.human else pen("chat.auto")
    return " · ".join(filter(None, (mode, pen.seller(talk.account), clip(talk.item_title, GOODS_SHOWN))))


def _offers(view: BuyerView, pen: Pen) -> tuple[Offer, ...]:
    word = f"b{view.buyer.id}"
    talks = (Offer(label=pen("button.chat"), words=f"chat c{talk.id}") for talk in view.talks[:1])
    orders = (Offer(label=f"#{row.order.id}", words=f"order #{row.order.id}") for row in view.orders[:OPENED])
    blocked = view.buyer.blocked_reason is not None
    switch = (
        Offer(label=pen("button.unblock"), words=f"unblock {word}")
        if blocked
        else Offer(label=pen("button.block"), words=f"block {word}", style=Style.danger)
    )
    return (*talks, *orders, switch, Offer(label=pen("button.refresh"), words=f"buyer {word}"))[:MAX_BUTTONS]
