"""The figures a shop is judged by."""

from bot.cards.card import Draft
from bot.cards.indicators import SPANS, kpi_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import choice
from core.values.people import Role

WORDS = {
    "today": "today", "今天": "today", "7d": "7d", "7天": "7d", "30d": "30d", "30天": "30d",
}  # fmt: skip
_DAYS = {name: days for days, name in SPANS.items()}


async def kpi(ask: Ask, span: str) -> Draft:
    """The five indicators of today, a week or a month."""
    days = _DAYS[span]
    return kpi_card(await ask.engine.indicators.show(days), days, ask.pen)


ROWS = (
    Command(
        name="kpi",
        words=("指标",),
        topic="shop",
        role=Role.viewer,
        run=kpi,
        arguments=(optional("span", choice(WORDS), "today"),),
        in_menu=True,
    ),
)
