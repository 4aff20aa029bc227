"""The figures a shop is judged by."""

from typing import NamedTuple

from bot.cards.card import Draft
from bot.cards.indicators import SPANS, kpi_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import Source
from bot.commands.sellers import maybe_part, part_or_choice
from core.values.people import Role
from core.values.sellers import Part

WORDS = {
    "today": "today", "今天": "today", "7d": "7d", "7天": "7d", "30d": "30d", "30天": "30d",
}  # fmt: skip
_DAYS = {name: days for days, name in SPANS.items()}


class Look(NamedTuple):
    """Of how many days, and whose."""

    days: int = 1
    part: Part | None = None


async def read_look(source: Source) -> Look:
    """A span and an account or shop, in any order, each left out or not: today's, of all."""
    part = await maybe_part(source)
    days = _DAYS[WORDS[source.take().text]] if source.peek() in WORDS else 1
    if source.left and part is None:
        part = await part_or_choice(source, WORDS)
    return Look(days, part)


async def kpi(ask: Ask, look: Look) -> Draft:
    """The five indicators of today, a week or a month; of an account or a shop those that are its own."""
    days, part = look
    return kpi_card(await ask.engine.indicators.show(days, part.accounts if part else None), days, ask.pen, part)


ROWS = (
    Command(
        name="kpi",
        words=("指标",),
        topic="shop",
        role=Role.viewer,
        run=kpi,
        arguments=(optional("look", read_look, Look()),),
        in_menu=True,
    ),
)
