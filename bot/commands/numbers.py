"""The pool of tracking numbers bought beforehand."""

from bot.cards.card import Draft
from bot.cards.numbers import import_question, numbers_card, put_away_question
from bot.commands.command import Ask, Command, required
from bot.commands.parcel_words import Lines, read_carrier, read_number_lines
from core.values.carriers import name_of
from core.values.parcels import NumbersLeft
from core.values.people import Role


async def show_numbers(ask: Ask) -> Draft:
    """What is left."""
    return numbers_card(await ask.engine.numbers.list(), ask.pen)


async def preview_import(ask: Ask, numbers: Lines) -> Draft:
    """What would be added, what is there already, what cannot be read."""
    found = await ask.engine.numbers.preview(numbers.carrier, numbers.lines)
    return import_question(found, ask.pen, ask.repeat)


async def import_numbers(ask: Ask, numbers: Lines) -> Draft:
    """Add them."""
    added = await ask.engine.numbers.add(ask.actor, numbers.carrier, numbers.lines)
    rows = await ask.engine.numbers.list()
    return numbers_card(rows, ask.pen, remark=ask.pen("note.numbers_imported", n=added))


async def preview_put_away(ask: Ask, carrier: str) -> Draft:
    """How many would be set aside."""
    rows = await ask.engine.numbers.list()
    return put_away_question(
        next((row for row in rows if row.carrier == carrier), NumbersLeft(carrier=carrier)), ask.pen
    )


async def put_away(ask: Ask, carrier: str) -> Draft:
    """Set them aside."""
    count = await ask.engine.numbers.put_away(ask.actor, carrier)
    remark = ask.pen("note.put_away_done", n=count, carrier=name_of(carrier, ask.pen.texts.locale))
    return numbers_card(await ask.engine.numbers.list(), ask.pen, remark=remark)


ROWS = (
    Command(
        name="numbers",
        words=("单号库存", "单号池"),
        topic="shipping",
        role=Role.viewer,
        run=show_numbers,
    ),
    Command(
        name="import_numbers",
        words=("导入单号",),
        topic="shipping",
        role=Role.owner,
        run=import_numbers,
        preview=preview_import,
        arguments=(required("numbers", read_number_lines),),
        mutating=True,
    ),
    Command(
        name="put_away",
        words=("作废单号",),
        topic="shipping",
        role=Role.owner,
        run=put_away,
        preview=preview_put_away,
        arguments=(required("carrier", read_carrier),),
        mutating=True,
    ),
)
