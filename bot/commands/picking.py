"""What to take from the shelf for the parcels that wait."""

from bot.cards.card import Draft
from bot.cards.picking import pick_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import read_page
from core.values.people import Role


async def pick(ask: Ask, page: int) -> Draft:
    """A page of the picking list."""
    return pick_card(await ask.engine.picking.list(), ask.pen, page=page)


ROWS = (
    Command(
        name="pick",
        words=("拣货", "拣货单"),
        topic="shipping",
        role=Role.viewer,
        run=pick,
        arguments=(optional("page", read_page, 1),),
        in_menu=True,
    ),
)
