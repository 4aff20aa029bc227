"""The shop's numbers."""

from bot.cards.card import Draft
from bot.cards.stats import SPANS, stats_card
from bot.commands.command import Ask, Command, optional
from bot.commands.readers import choice
from core.values.people import Role

WORDS = {
    "today": "today", "今天": "today", "今日": "today", "7d": "7d", "7天": "7d", "七天": "7d", "week": "7d", "周": "7d",
    "30d": "30d", "30天": "30d", "month": "30d", "月": "30d",
}  # fmt: skip
_DAYS = {name: days for days, name in SPANS.items()}


async def stats(ask: Ask, span: str) -> Draft:
    """The figures of today, a week or a month."""
    days = _DAYS[span]
    return stats_card(await ask.engine.stats.numbers(days), days, ask.pen)


ROWS = (
    Command(
        name="stats",
        words=("统计",),
        topic="shop",
        role=Role.viewer,
        run=stats,
        arguments=(optional("span", choice(WORDS), "today"),),
        in_menu=True,
    ),
)
