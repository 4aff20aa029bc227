"""One effect on the marketplace: the call, or, when it may have happened already, the question (law 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.clock import to_ms
from core.errors import Refused
from core.flows.occasions import check_occasion, check_words
from core.flows.work import Work
from core.moves.answers import STALE
from core.moves.chats import opened
from core.moves.hints import explains
from core.outside.ports import Market
from core.rules.text import same_text
from core.store import chats, fulfilments, orders
from core.values.chats import Chat
from core.values.effects import READS, TEXTS, Effect, EffectKind
from core.values.ids import ChatId, ChatNo, ItemId, OrderNo, RefundNo, UserId
from core.values.orders import OrderRecord, PlatformStatus, RefundRecord

FRESH_S = 30
"""Real seconds for which a record counts as read just before shipping."""
NO_CHAT = "no_chat"
"""Why an order's text has nowhere to go: a text key."""
CLOCK_SLACK_S = 5
"""A message created up to so many seconds before the attempt counts as made by it (laws.md)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an effect brought: a platform message id, the record of an order or a refund, or an order's number."""

    message_id: str = ""
    record: OrderRecord | None = None
    order_no: OrderNo | None = None
    refund: RefundRecord | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """The platform was asked, and it did not happen: the same may be sent again."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The platform was asked and its answer fits more than one story: a person must tell."""

    evidence: str


async def perform(work: Work, effect: Effect) -> Outcome:
    """Do it. Raises the market's errors; Unknown when no answer came to a write."""
    market = work.markets[effect.account]
    match effect.kind:
        case EffectKind.look_up:
            return Outcome(record=await _look_up(work, market, effect))
        case EffectKind.find_order:
            return Outcome(order_no=await _find_order(work, market, effect))
        case EffectKind.confirm:
            return Outcome(record=await market.find_order(await _order_no(work, effect)))
        case EffectKind.answer | EffectKind.deliver:
            return await _say(work, market, effect)
        case EffectKind.consign | EffectKind.consign_parcel:
            await _consign(work, market, effect)
        case EffectKind.look_up_refund | EffectKind.refuse_refund:
            return await _refund(work, market, effect)
    return Outcome()


async def _say(work: Work, market: Market, effect: Effect) -> Outcome:
    if effect.kind is EffectKind.deliver:
        await _confirm_again(work, market, effect)
    else:
        _check_fresh(work, effect)
        await check_words(work, effect)
        await check_occasion(work, market, effect)
    return await _send(work, market, effect)


async def _consign(work: Work, market: Market, effect: Effect) -> None:
    """Tell the platform that it ships. Where no text left before it, this is the first effect."""
    order_no = await _order_no(work, effect)
    task = await fulfilments.read(work.store.flows, effect.order_id) if effect.order_id is not None else None
    if task is None or not task.text_sent:
        await _confirm_again(work, market, effect)
    if effect.kind is EffectKind.consign:
        await market.ship_virtual(order_no)
    else:
        carrier, _, tracking_no = effect.body.partition(" ")
        await market.ship_parcel(order_no, carrier, tracking_no)


async def _refund(work: Work, market: Market, effect: Effect) -> Outcome:
    if effect.kind is EffectKind.look_up_refund:
        return Outcome(refund=await market.find_refund(await _order_no(work, effect)))
    refund_no, _, reason_id = effect.body.partition(" ")
    await market.refuse_refund(RefundNo(refund_no), reason_id)
    return Outcome()


async def _find_order(work: Work, market: Market, effect: Effect) -> OrderNo | None:
    """Which order a chat's hint is about; None also when the platform need not be asked any more."""
    chat_no, item_id, *told = effect.body.split(" ")
    if told and await _is_explained(work, effect, chat_no, told):
        return None
    return await market.find_order_of_chat(ChatNo(chat_no), ItemId(item_id))


async def _is_explained(work: Work, effect: Effect, chat_no: str, told: Sequence[str]) -> bool:
    """Whether the record of the chat's newest order was read since, and explains what was told (status, instant)."""
    row = await work.store.flows.one("orders.hinted", account_id=effect.account_id, chat_no=chat_no)
    if row is None or (row["recorded_at"] or 0) < to_ms(effect.created_at):
        return False
    return explains(row, PlatformStatus(told[0]), int(told[1]) if len(told) > 1 else None)


async def _look_up(work: Work, market: Market, effect: Effect) -> OrderRecord | None:
    """An order that has no row yet is named by the effect, with the chat it was found by."""
    if effect.order_id is not None:
        return await market.find_order(await _order_no(work, effect))
    order_no, _, chat_no = effect.body.partition(" ")
    record = await market.find_order(OrderNo(order_no))
    if record is None or record.chat_no or not chat_no:
        return record
    return record.model_copy(update={"chat_no": ChatNo(chat_no)})


async def ask(work: Work, effect: Effect) -> Outcome | Absent | CannotTell:
    """Ask the platform whether an effect of unknown outcome happened. Raises the market's errors."""
    market = work.markets[effect.account]
    if effect.kind in TEXTS:
        return await _look_into_history(work, market, effect)
    if effect.kind is EffectKind.refuse_refund:
        return await _look_at_refund(work, market, effect)
    record = await market.find_order(await _order_no(work, effect))
    if record is None:
        return CannotTell("order not found")
    return Outcome(record=record) if record.shipped else Absent()


async def _look_at_refund(work: Work, market: Market, effect: Effect) -> Outcome | Absent | CannotTell:
    """A request that may still be refused was not; one that is over tells how by itself."""
    record = await market.find_refund(await _order_no(work, effect))
    if record is None:
        return CannotTell("refund not found")
    mine = record.refund_no == effect.body.partition(" ")[0]
    return Absent() if mine and record.refusable else Outcome(refund=record if mine else None)


async def _confirm_again(work: Work, market: Market, effect: Effect) -> None:
    """Goods that had to wait after the record was read: it is read once more before they leave (law 4)."""
    if work.now() - effect.created_at <= timedelta(seconds=work.clock.shop_s(FRESH_S)):
        return
    record = await market.find_order(await _order_no(work, effect))
    if record is None or not record.can_ship:
        raise Refused("not_shippable", status=record.status if record else None)


def _check_fresh(work: Work, effect: Effect) -> None:
    """An automatic answer that had to wait for so long is a person's to give (a person's own words always go)."""
    late = work.now() - effect.created_at > timedelta(minutes=work.config.replies.stale_minutes)
    if late and not effect.key.startswith("say:"):
        raise Refused(STALE)


async def _order_no(work: Work, effect: Effect) -> OrderNo:
    assert effect.order_id is not None
    return (await orders.read(work.store.flows, effect.order_id)).order_no


async def _send(work: Work, market: Market, effect: Effect) -> Outcome:
    place = await _place(work, market, effect)
    return Outcome(message_id=await market.send_text(place.chat_no, place.to, effect.body))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text goes."""

    chat_id: ChatId
    chat_no: ChatNo
    to: UserId


async def _place(work: Work, market: Market, effect: Effect) -> _Place:
    """The conversation a text goes to; an order without one gets it opened. Refused("no_chat") when it cannot be."""
    chat = await _chat(work, effect)
    if chat is not None and chat.buyer_user_id:
        return _Place(chat.id, chat.chat_no, chat.buyer_user_id)
    if effect.order_id is None:
        raise Refused("no_buyer")
    order = await orders.read(work.store.flows, effect.order_id)
    if order.buyer is None or order.item_id is None:
        raise Refused(NO_CHAT)
    to, chat_no = order.buyer.user_id, order.chat_no or await _open(market, order.buyer.user_id, order.item_id)
    cause = work.cause()
    chat_id = await work.store.write(lambda tx: opened(tx, cause, effect, order, chat_no))
    return _Place(chat_id, chat_no, to)


async def _open(market: Market, buyer: UserId, item_id: ItemId) -> ChatNo:
    try:
        return await market.open_chat(buyer, item_id)
    except Refused as error:
        raise Refused(NO_CHAT, reason=f"{error}") from error


async def _chat(work: Work, effect: Effect) -> Chat | None:
    return await chats.read(work.store.flows, effect.chat_id) if effect.chat_id else None


async def _look_into_history(work: Work, market: Market, effect: Effect) -> Outcome | Absent | CannotTell:
    """Same chat, sender us, same text, created after the attempt less the slack; two candidates are for a person."""
    if effect.tried_at is None:
        return Absent()
    place = await _place(work, market, effect)
    since = effect.tried_at + _ahead(market) - timedelta(seconds=CLOCK_SLACK_S)
    messages = await market.list_messages(place.chat_no, since)
    known = await _known_ids(work, effect, place.chat_id)
    found = [
        message
        for message in messages
        if message.sender_id == market.user_id
        and message.sent_at >= since
        and message.pnm_id not in known
        and same_text(message.text, effect.body)
    ]
    if len(found) > 1:
        return CannotTell(f"{len(found)} messages with the same text")
    return Outcome(message_id=found[0].pnm_id) if found else Absent()


def _ahead(market: Market) -> timedelta:
    """What is between our clock, which dates attempts, and the platform's, which dates messages."""
    return timedelta(seconds=market.line.ahead_s or 0.0)


async def _known_ids(work: Work, effect: Effect, chat_id: ChatId) -> set[str]:
    """Messages that are known to be other texts of ours: one order's text is no proof of another's."""
    rows = await work.store.flows.all("outbox.sent_in_chat", chat_id=chat_id)
    return {row["result"] for row in rows if row["result"] and row["id"] != effect.id}


def is_write(effect: Effect) -> bool:
    """Whether it changes something outside."""
    return effect.kind not in READS


def is_chatless(error: Exception) -> bool:
    """Whether a text did not go out because its order has no conversation and the platform opens none."""
    return isinstance(error, Refused) and error.key == NO_CHAT
