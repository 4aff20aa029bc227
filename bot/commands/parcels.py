"""Numbers of parcels pasted as they came: nothing ships from them without a press."""

from bot.cards.card import Draft
from bot.cards.orders import order_card
from bot.cards.parcels import choose_number, choose_order, correct_question, nothing_read, parcel_question
from bot.commands.command import Ask, Command, optional, required
from bot.commands.parcel_words import Typed, read_maybe_order, read_maybe_text, read_parcel, read_picture
from bot.commands.readers import read_order
from core.errors import BadArgument
from core.values.carriers import Waybill
from core.values.ids import OrderId
from core.values.people import Role


async def show_parcel(ask: Ask, order: OrderId | None, text: str | None, picture: bytes | None) -> Draft:
    """Read a notice, a line or a label for its number, and ask whether it ships."""
    found = ask.engine.parcels.read(text or "")
    if not found and picture is not None:
        return await ask_about(ask, order, await scan(ask, picture, text or ""), picture=True)
    return await ask_about(ask, order, found, picture=False)


async def scan(ask: Ask, picture: bytes, caption: str) -> tuple[Waybill, ...]:
    """The numbers of a label's bar codes; a carrier the caption names comes first."""
    codes = await ask.scanning.scan(picture) if ask.scanning is not None else ()
    return ask.engine.parcels.read_codes(codes, caption)


async def ask_about(ask: Ask, order: OrderId | None, found: tuple[Waybill, ...], *, picture: bool) -> Draft:
    """The next question about the numbers that were found: which, whose, and whether it ships."""
    if not found:
        return nothing_read(ask.pen, order=order, picture=picture)
    if len(found) > 1:
        return choose_number(found, order, ask.pen)
    if order is not None:
        return await _question(ask, order, found[0])
    waiting = await ask.engine.parcels.list_waiting()
    if len(waiting) == 1:
        return await _question(ask, waiting[0].order.id, found[0])
    return choose_order(found[0], waiting, ask.pen)


async def _question(ask: Ask, order: OrderId, found: Waybill) -> Draft:
    """One number, one order: the carriers it may be of are buttons."""
    view = (await ask.engine.shipping.preview(order)).view
    carrier = found.carriers[0] if found.carriers else None
    judged = await ask.engine.parcels.judge(order, carrier, found.number)
    choices = tuple(dict.fromkeys((*found.carriers, *judged.choices)))
    return parcel_question(view, judged.model_copy(update={"choices": choices}), ask.pen, found=True)


async def preview_correct(ask: Ask, order: OrderId, parcel: Typed) -> Draft:
    """Old number → new number, and what only the app can do."""
    judged = await ask.engine.parcels.judge(order, parcel.carrier, _number(parcel))
    return correct_question(await ask.engine.orders.show(order), judged, ask.pen)


async def correct(ask: Ask, order: OrderId, parcel: Typed) -> Draft:
    """Keep the number and tell the buyer."""
    if parcel.carrier is None:
        raise BadArgument("argument_missing", argument="carrier", command="correct")
    view = await ask.engine.shipping.correct(ask.actor, order, parcel.carrier, _number(parcel))
    return order_card(view, ask.pen, remark=ask.pen("note.corrected"))


def _number(parcel: Typed) -> str:
    if parcel.number is None:
        raise BadArgument("argument_missing", argument="tracking_no", command="correct")
    return parcel.number


ROWS = (
    Command(
        name="correct",
        words=("改单号",),
        topic="shipping",
        role=Role.operator,
        run=correct,
        preview=preview_correct,
        arguments=(required("order", read_order), required("parcel", read_parcel)),
        mutating=True,
    ),
    Command(
        name="parcel",
        words=("运单", "面单", "快递单"),
        topic="shipping",
        role=Role.operator,
        run=show_parcel,
        arguments=(
            optional("order", read_maybe_order),
            optional("text", read_maybe_text, grabs=True),
            optional("picture", read_picture, grabs=True),
        ),
        copies=True,
    ),
)
