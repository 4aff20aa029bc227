"""The dashboard of a chat: up and down."""

from bot.cards.board import board_card, down_card
from bot.cards.capabilities import Can, can
from bot.cards.card import Draft
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import choice
from bot.commands.sellers import maybe_part
from core.values.people import Role
from core.values.sellers import Part

SWITCH = {"on": "on", "开": "on", "off": "off", "关": "off", "关闭": "off"}


async def board(ask: Ask, part: Part | None, switch: str) -> Draft:
    """The shop on one card that follows it and stays on top; where messages cannot be edited, as it is now.

    Of an account or a shop it is shown as it is now, beside the one that follows.
    """
    if part is not None:
        return board_card(await ask.engine.board.show(part.accounts), ask.pen, follows=False, part=part)
    if switch == "off":
        return down_card(await ask.engine.board.remove(ask.actor), ask.pen, ask.pen.now)
    follows = can(ask.request.chat, Can.redraw)
    before = await ask.engine.board.clear(ask.actor)
    return board_card(await ask.engine.board.show(), ask.pen, follows=follows, before=before)


ROWS = (
    Command(
        name="board",
        words=("看板",),
        topic="shop",
        role=Role.operator,
        run=board,
        arguments=(
            optional("part", maybe_part),
            optional("switch", choice(SWITCH), "on"),
        ),
        mutating=True,
        looks=lambda values: values["part"] is not None,
    ),
)
