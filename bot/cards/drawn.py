"""What a notice is about, read at the moment of showing and drawn as a card of the present state."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import accounts, chats, listings, logins, orders, pauses, shop
from bot.cards import telling as cards
from bot.cards.board import board_card
from bot.cards.card import Draft
from bot.cards.clean import clip, mask_phones
from bot.cards.items import item_card
from bot.cards.keeps import keep_card
from bot.cards.numbers import numbers_card
from bot.cards.pen import Pen
from bot.cards.pictures import daily_chart, with_picture
from bot.cards.report import report_card
from bot.cards.settings import config_wrong_card, reloaded_card
from bot.cards.standing import shown_state
from bot.cards.stock import gone_words, stock_card
from bot.charts.drawing import Drawing
from core.engine.front import Engine
from core.errors import BadConfig, NotFound
from core.values.carriers import name_of
from core.values.fulfilment import FulfilmentState
from core.values.ids import AccountId, ChatId, OrderId, ProductId
from core.values.items import ItemRow
from core.values.notices import Notice, NoticeKind
from core.values.orders import RefundState
from core.values.views import ChatView, OrderView, PendingRow, StockRow

K = NoticeKind

STILL_TRUE: dict[NoticeKind, FulfilmentState] = {
    K.approval_reminder: FulfilmentState.awaiting_approval,
    K.approval_escalated: FulfilmentState.awaiting_approval,
    K.approval_expired: FulfilmentState.held,
    K.manual_reminder: FulfilmentState.manual,
    K.manual_escalated: FulfilmentState.manual,
    K.order_unconfigured: FulfilmentState.manual,
}
"""The notice's own words stand in the title only while the order is still in the state they speak of."""
STOCK_LEADS = frozenset({K.stock_low, K.stock_out})
CHAT_LEADS = frozenset(
    {K.chat_handed_over, K.chat_takeover, K.chat_takeover_ended, K.guard_blocked, K.answer_refused, K.answer_unknown}
)
"""Notices about a chat: their own words stand in the title when first shown."""
UNSENT = frozenset({K.answer_refused, K.answer_unknown})
"""Notices about words to a buyer; those of a person can be sent again from there."""
SHOWN = 300
"""So many characters of a person's own words are quoted."""
REFUSALS = frozenset({K.refusal_done, K.refusal_failed, K.refusal_unknown})
PLAIN_ORDER = REFUSALS | {K.order_conflict, K.order_back_from_refund, K.order_cancelled, K.order_refunding}
"""Notices about an order whose own words stand in the title when first shown, whatever its state."""


@dataclass(frozen=True)
class Telling:
    """One notice being drawn. `fresh` is False when a card shown before is drawn again."""

    engine: Engine
    pen: Pen
    notice: Notice
    fresh: bool = True
    drawing: Drawing | None = None
    """Draws pictures; None where nobody sees them."""
    chat: str = ""
    """Where it is to stand."""


async def _order(telling: Telling) -> Draft:
    notice, pen = telling.notice, telling.pen
    view = await telling.engine.orders.show(OrderId(notice.entity_id))
    shown = shown_state(view.order, view.fulfilment)
    own = shown == STILL_TRUE.get(notice.kind) or (notice.kind in PLAIN_ORDER and telling.fresh)
    return orders.order_card(
        view,
        pen,
        full=notice.kind is K.redraw,
        lead=pen(f"notice.{_order_lead(notice, view)}") if own else "",
        remark=_remark(telling) if telling.fresh else "",
        kind=notice.kind,
        urgency=notice.urgency,
    )


def _order_lead(notice: Notice, view: OrderView) -> str:
    paid_back = view.refund is not None and view.refund.state is RefundState.refunded
    refunded = notice.kind is K.order_cancelled and paid_back
    return "order_refunded" if refunded else notice.kind.value


def _remark(telling: Telling) -> str:
    """What stands in no row: the platform's own words."""
    if telling.notice.kind is K.refusal_failed:
        return clip(telling.notice.detail, SHOWN)
    if telling.notice.kind is not K.order_conflict:
        return ""
    status = telling.pen.word("platform_status", telling.notice.detail)
    return telling.pen("note.order_conflict", status=status)


async def _items(telling: Telling) -> Draft:
    """What the platform's list brought, as it stands now; the account is named where there are several."""
    notice, pen = telling.notice, telling.pen
    account = pen.seller((await telling.engine.notices.account(AccountId(notice.entity_id))).name)
    named = {int(word) for word in notice.detail.split()}
    if notice.kind is K.items_off:
        return listings.off_card([r for r in await telling.engine.items.list() if r.product.id in named], pen, account)
    rows = [row for row in await telling.engine.items.list_new() if row.product.id in named]
    return listings.new_card(rows, pen, account=account)


async def _product(telling: Telling) -> Draft:
    product = ProductId(telling.notice.entity_id)
    if telling.notice.kind is K.price_below_floor:
        view = await telling.engine.items.show(product)
        shown = ItemRow(product=view.product, listings=view.listings)
        return listings.below_floor_card(shown, telling.pen, telling.notice.urgency)
    if telling.notice.kind is K.redraw:
        return item_card(await telling.engine.items.show(product), telling.pen)
    row = next((row for row in await telling.engine.stock.list() if row.product.id == product), None)
    if row is None:
        raise NotFound("no_such_product", word=f"p{product}")
    low = row.product.counted and row.product.free <= row.product.low_at and telling.notice.kind in STOCK_LEADS
    remark = gone_words(telling.notice.detail, telling.pen) if telling.notice.kind is K.key_gone else ""
    lead = telling.pen(f"notice.{telling.notice.kind}") if low or remark else ""
    card = stock_card(
        row, telling.pen, lead=lead, remark=remark, kind=telling.notice.kind, urgency=telling.notice.urgency
    )
    return await _whose(card, telling, row) if telling.pen.sellers.are_several else card


async def _whose(card: Draft, telling: Telling, row: StockRow) -> Draft:
    """Who sells it, where there are several; sold out for more than one of them, pausing it everywhere is offered."""
    view, pen = await telling.engine.items.show(row.product.id), telling.pen
    where = listings.selling(view.listings, pen)
    card = card.model_copy(update={"fields": (*card.fields, *(((pen("label.account"), where),) if where else ()))})
    shared = len({one.account_id for one in view.listings if one.on_sale}) > 1
    out = telling.notice.kind is K.stock_out and row.product.counted and not row.product.free
    if not (shared and out) or row.product.state == "paused":
        return card
    note = "\n".join(filter(None, (pen("note.sold_out_elsewhere", where=where), card.note)))
    return card.model_copy(update={"note": note, "offers": (listings.pause_offer(row.product, pen), *card.offers)})


async def _chat(telling: Telling) -> Draft:
    notice, pen = telling.notice, telling.pen
    view = await telling.engine.chats.show(ChatId(notice.entity_id))
    unsent = await telling.engine.chats.find_unsent(view.id) if notice.kind in UNSENT else None
    yours = pen("note.you_wrote", text=clip(mask_phones(unsent.text), SHOWN)) if unsent is not None else ""
    return chats.chat_card(
        view,
        pen,
        lead=pen(f"notice.{_chat_lead(notice, view)}") if telling.fresh and notice.kind in CHAT_LEADS else "",
        remark="\n".join(filter(None, (_why(notice, pen) if telling.fresh else "", yours))),
        hint=chats.say_hint(view, pen),
        unsent=unsent,
        kind=notice.kind,
        urgency=notice.urgency,
    )


def _chat_lead(notice: Notice, view: ChatView) -> str:
    """What a buyer says to a person who is in charge already is news, no call for help."""
    listening = notice.kind is K.chat_handed_over and view.mode == "human" and not notice.detail
    return "chat_said" if listening else notice.kind.value


def _why(notice: Notice, pen: Pen) -> str:
    """The detail in words: why a person is needed, what the guard saw, what the platform said."""
    if notice.kind is K.guard_blocked:
        kinds = " · ".join(pen.word("guard", kind) for kind in notice.detail.replace(",", " ").split())
        return pen("note.guard_saw", what=kinds)
    return pen.word("handed_over", notice.detail) if notice.kind is K.chat_handed_over else notice.detail


async def _account(telling: Telling) -> Draft:
    notice = telling.notice
    account = await telling.engine.notices.account(AccountId(notice.entity_id))
    if notice.kind is K.first_connect:
        waiting = _old_orders(await telling.engine.pending.list(), account.name, telling.pen)
        return accounts.first_connect_card(account, telling.pen, detail=waiting, urgency=notice.urgency)
    if notice.kind is K.line_trouble:
        trouble, urgency = notice.detail, notice.urgency
        return accounts.line_card(account, telling.pen, trouble=trouble, urgency=urgency, fresh=telling.fresh)
    if notice.kind is K.login_ending:
        return accounts.ending_card(account, telling.pen, fresh=telling.fresh)
    return accounts.trouble_card(account, telling.pen, kind=notice.kind, urgency=notice.urgency, detail=notice.detail)


def _old_orders(rows: Sequence[PendingRow], account: str, pen: Pen) -> str:
    """How many orders an account had before the shop, and what they are worth."""
    old = [row.order for row in rows if row.account == account and row.reason == K.first_connect and row.order]
    return pen("account.old_orders", n=len(old), amount=pen.money(sum(order.amount_fen or 0 for order in old)))


async def _login(telling: Telling) -> Draft:
    """A code stands in its own room alone, wherever its notice goes (a room that was given up)."""
    login = await telling.engine.accounts.find_login(telling.notice.entity_id)
    here = telling.chat == login.chat
    return logins.login_card(login if here else login.model_copy(update={"code": None}), telling.pen)


async def _shop(telling: Telling) -> Draft:
    if telling.notice.kind is K.ready:
        waiting = [row for row in await telling.engine.pending.list() if row.kind == FulfilmentState.awaiting_approval]
        return shop.ready_card(await telling.engine.notices.shop_ready(), telling.pen, waiting)
    if telling.notice.kind is K.goodbye:
        return shop.goodbye_card(await telling.engine.notices.shop_ready(), telling.pen)
    if telling.notice.kind is K.front_trouble:
        return shop.fact_card(telling.notice, telling.pen, telling.pen.word("front", telling.notice.detail))
    return shop.fact_card(telling.notice, telling.pen, telling.notice.detail)


async def _finding(telling: Telling) -> Draft:
    text = await telling.engine.notices.finding(telling.notice.entity_id)
    return shop.fact_card(telling.notice, telling.pen, text or telling.notice.detail)


async def _pause(telling: Telling) -> Draft:
    return pauses.pause_card(await telling.engine.pauses.show(), telling.pen, kind=telling.notice.kind)


async def _fact(telling: Telling) -> Draft:
    return shop.fact_card(telling.notice, telling.pen, telling.notice.detail)


async def _report(telling: Telling) -> Draft:
    """The day as it was when its report was due."""
    pen = telling.pen
    report = await telling.engine.stats.told(date.fromordinal(telling.notice.entity_id))
    return await with_picture(report_card(report, pen), daily_chart(report, pen), telling.drawing, pen)


async def _mute(telling: Telling) -> Draft:
    return cards.mute_over_card(*await telling.engine.telling.mute_over(telling.notice.entity_id), telling.pen)


async def _flood(telling: Telling) -> Draft:
    return cards.flood_card(telling.notice, telling.notice.detail, telling.pen)


async def _sample(telling: Telling) -> Draft:
    view = await telling.engine.telling.show()
    one = next((found for found in view.events if found.event == telling.notice.detail), view.events[0])
    return cards.sample_card(one, telling.pen)


async def _board(telling: Telling) -> Draft:
    return board_card(await telling.engine.board.show(), telling.pen)


async def _numbers(telling: Telling) -> Draft:
    notice, pen = telling.notice, telling.pen
    rows = await telling.engine.numbers.list()
    left = next((row.free for row in rows if row.carrier == notice.detail), 0)
    lead = pen("notice.waybills_low", carrier=name_of(notice.detail, pen.texts.locale), n=left)
    return numbers_card(rows, pen, lead=lead, kind=notice.kind, urgency=notice.urgency)


async def _config(telling: Telling) -> Draft:
    """A change of the file as it was; of a wrong file what is wrong with it now."""
    settings, pen = telling.engine.settings, telling.pen
    if telling.notice.kind is not K.config_wrong:
        return reloaded_card(await settings.changed(telling.notice.entity_id), pen, by_itself=True)
    try:
        await settings.look()
    except BadConfig as error:
        return config_wrong_card(error, pen)
    return config_wrong_card(None, pen)


async def _keep(telling: Telling) -> Draft:
    keeps, told = telling.engine.keeps, telling.notice
    return keep_card(await keeps.show(told.entity_id), telling.pen, keeps.usual, kind=told.kind, urgency=told.urgency)


DRAW: dict[str, Callable[[Telling], Awaitable[Draft]]] = {
    "order": _order,
    "product": _product,
    "items": _items,
    "keep": _keep,
    "chat": _chat,
    "account": _account,
    "login": _login,
    "shop": _shop,
    "finding": _finding,
    "pause": _pause,
    "inbox": _fact,
    "unread": _fact,
    "report": _report,
    "board": _board,
    "mute": _mute,
    "notices": _flood,
    "event": _sample,
    "waybills": _numbers,
    "config": _config,
}
"""By the entity a notice names; every kind names one of these (core/values/notices)."""
