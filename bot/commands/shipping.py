"""Sending goods, and everything that stops, delays or repeats it."""

from dataclasses import dataclass
from datetime import datetime

from bot.auth import allow, may
from bot.cards.accounts import auto_question, taken
from bot.cards.batches import batch_done, batch_question
from bot.cards.card import Draft
from bot.cards.items import item_card
from bot.cards.orders import order_card
from bot.cards.parcels import correct_question, parcel_question
from bot.cards.shipping import TYPED_OVER, give_up_question, retried, retry_question, ship_preview
from bot.cards.undoing import undo_card
from bot.commands.command import Ask, Command, optional, required
from bot.commands.parcel_words import Batch, Typed, read_order_or_batch, read_parcel, read_picture
from bot.commands.parcels import ask_about, scan
from bot.commands.readers import (
    Failed,
    Recorded,
    choice,
    read_failed_or_order,
    read_order,
    read_recorded_or_order,
    read_short_id,
    read_text,
    read_until,
)
from core.errors import Refused
from core.values.fulfilment import FulfilmentState
from core.values.ids import AccountId, OrderId
from core.values.people import Role
from core.values.views import OrderView

CHOICES = {
    "sent": "sent", "已送达": "sent", "送达": "sent", "again": "again", "重发": "again", "重发同一份": "again",
    "give_up": "give_up", "放弃": "give_up",
}  # fmt: skip
"""What may be said of a send nobody can vouch for."""
HANDS = {"hand": "hand", "由我处理": "hand", "我来": "hand", "auto": "auto", "都交给自动": "auto", "自动": "auto"}
"""What may be done with the orders an account had before the shop."""


@dataclass(frozen=True)
class Least:
    """The least role that may."""

    role: Role | None


OWNERS = Least(Role.owner)


def _card(ask: Ask, view: OrderView) -> Draft:
    return order_card(view, ask.pen)


async def preview_ship(ask: Ask, order: OrderId | Batch, parcel: Typed | None, picture: bytes | None) -> Draft | None:
    """What would be sent; a parcel typed without a doubt needs no second press, the undo window follows anyway."""
    if isinstance(order, Batch):
        return batch_question(await ask.engine.batches.judge(order.lines), ask.pen, ask.repeat)
    if picture is not None and (parcel is None or parcel.number is None):
        caption = parcel.carrier or "" if parcel is not None else ""
        return await ask_about(ask, order, await scan(ask, picture, caption), picture=True)
    if parcel is None:
        free = await ask.engine.numbers.list_free()
        return ship_preview(await ask.engine.shipping.preview(order), free, ask.pen)
    return await _doubt(ask, order, parcel.carrier, parcel.number) if parcel.number is not None else None


async def _doubt(ask: Ask, order: OrderId, carrier: str | None, number: str) -> Draft | None:
    """The question about a typed parcel, if there is one; of one that left: what can still be put right."""
    judged = await ask.engine.parcels.judge(order, carrier, number)
    shown = await ask.engine.orders.show(order)
    if shown.fulfilment is not None and shown.fulfilment.state is FulfilmentState.succeeded:
        return correct_question(shown, judged, ask.pen)
    if not judged.doubts:
        return None
    return parcel_question((await ask.engine.shipping.preview(order)).view, judged, ask.pen)


async def ship(ask: Ask, order: OrderId | Batch, parcel: Typed | None, picture: bytes | None) -> Draft:  # noqa: ARG001 - read before
    """Send it, after the undo window."""
    if isinstance(order, Batch):
        return batch_done(await ask.engine.batches.ship(ask.actor, order.lines), ask.pen)
    typed = parcel or Typed()
    view = await ask.engine.shipping.ship(ask.actor, order, ask.version, typed.carrier, typed.number)
    return _card(ask, view)


async def undo(ask: Ask, order: OrderId | Recorded | None) -> Draft:
    """Take a send back before it begins, or a change of a product; without either: what can still be taken back."""
    if isinstance(order, Recorded):
        allow(ask.guest, OWNERS)
        product = await ask.engine.undoing.take_back(ask.actor, order.act)
        return item_card(await ask.engine.items.show(product), ask.pen)
    if order is not None:
        return _card(ask, await ask.engine.shipping.undo(ask.actor, order, ask.version))
    rows = await ask.engine.undoing.list()
    mine = [row for row in rows if not row.owner_only or may(ask.member, Role.owner)]
    return undo_card(mine, ask.pen, ask.table.chinese)


async def delay(ask: Ask, order: OrderId, until: datetime) -> Draft:
    """Move the planned time."""
    return _card(ask, await ask.engine.shipping.delay(ask.actor, order, until, ask.version))


async def hold(ask: Ask, order: OrderId, reason: str) -> Draft:
    """Keep the goods here."""
    return _card(ask, await ask.engine.shipping.hold(ask.actor, order, reason, ask.version))


async def release(ask: Ask, order: OrderId) -> Draft:
    """Let held goods go on."""
    return _card(ask, await ask.engine.shipping.release(ask.actor, order, ask.version))


async def hand_over(ask: Ask, order: OrderId) -> Draft:
    """A person ships it."""
    return _card(ask, await ask.engine.shipping.hand_over(ask.actor, order, ask.version))


async def preview_retry(ask: Ask, what: OrderId | Failed) -> Draft | None:
    """One order is tried again at once; all failed ones are asked about with their number first."""
    if not isinstance(what, Failed):
        return None
    rows = await ask.engine.shipping.list_failed()
    typed = len(rows) > TYPED_OVER and what.count == len(rows)
    return None if typed else retry_question(rows, ask.pen)


async def retry(ask: Ask, what: OrderId | Failed) -> Draft:
    """Try a failed shipment again, or all of them."""
    if isinstance(what, Failed):
        if what.count != len(await ask.engine.shipping.list_failed()):
            raise Refused("changed_meanwhile")
        return retried(await ask.engine.shipping.retry_failed(ask.actor), ask.pen)
    return _card(ask, await ask.engine.shipping.retry(ask.actor, what, ask.version))


async def preview_settle(ask: Ask, order: OrderId, settled: str) -> Draft | None:
    """Giving up a doubtful send asks once more; the rest needs no question."""
    view = await ask.engine.orders.show(order)
    doubtful = view.fulfilment is not None and view.fulfilment.state is FulfilmentState.unknown
    return give_up_question(view, ask.pen) if settled == "give_up" and doubtful else None


async def settle(ask: Ask, order: OrderId, settled: str) -> Draft:
    """Say what became of a doubtful send."""
    return _card(ask, await ask.engine.shipping.settle(ask.actor, order, settled, ask.version))


async def preview_first(ask: Ask, account: int, hand: str) -> Draft | None:
    """Old orders going out by themselves are asked about; keeping them by hand is the safe side."""
    if hand == "hand":
        return None
    name = (await ask.engine.notices.account(AccountId(account))).name
    rows = await ask.engine.pending.list()
    count = sum(row.account == name and row.reason == "first_connect" for row in rows)
    return auto_question(account, name, count, ask.pen) if count else None


async def first(ask: Ask, account: int, hand: str) -> Draft:
    """Choose for the orders paid before the account's first connect."""
    by_hand = hand == "hand"
    count = await ask.engine.shipping.take_first_connect(ask.actor, AccountId(account), by_hand=by_hand)
    return taken(account, count, ask.pen, by_hand=by_hand)


_ORDER = required("order", read_order)

ROWS = (
    Command(
        name="ship",
        words=("发货",),
        topic="shipping",
        role=Role.operator,
        run=ship,
        preview=preview_ship,
        arguments=(
            required("order", read_order_or_batch),
            optional("parcel", read_parcel),
            optional("picture", read_picture, grabs=True),
        ),
        mutating=True,
        in_menu=True,
    ),
    Command(
        name="undo",
        words=("撤销",),
        topic="shipping",
        role=Role.operator,
        run=undo,
        arguments=(optional("order", read_recorded_or_order),),
        mutating=True,
        looks=lambda values: values["order"] is None,
        in_menu=True,
    ),
    Command(
        name="delay",
        words=("延迟", "推迟"),
        topic="shipping",
        role=Role.operator,
        run=delay,
        arguments=(_ORDER, required("until", read_until)),
        mutating=True,
    ),
    Command(
        name="hold",
        words=("拦截",),
        topic="shipping",
        role=Role.operator,
        run=hold,
        arguments=(_ORDER, optional("reason", read_text, "")),
        mutating=True,
        in_menu=True,
    ),
    Command(
        name="release",
        words=("放行",),
        topic="shipping",
        role=Role.operator,
        run=release,
        arguments=(_ORDER,),
        mutating=True,
    ),
    Command(
        name="handover",
        words=("转人工",),
        topic="shipping",
        role=Role.operator,
        run=hand_over,
        arguments=(_ORDER,),
        mutating=True,
    ),
    Command(
        name="retry",
        words=("重试",),
        topic="shipping",
        role=Role.operator,
        run=retry,
        preview=preview_retry,
        arguments=(required("what", read_failed_or_order),),
        mutating=True,
    ),
    Command(
        name="settle",
        words=("核实",),
        topic="shipping",
        role=Role.operator,
        run=settle,
        preview=preview_settle,
        arguments=(_ORDER, required("settled", choice(CHOICES))),
        mutating=True,
    ),
    Command(
        name="first",
        words=("旧单",),
        topic="shipping",
        role=Role.owner,
        run=first,
        preview=preview_first,
        arguments=(required("account", read_short_id), required("hand", choice(HANDS))),
        mutating=True,
    ),
)
