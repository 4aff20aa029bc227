"""How the shop is."""

from bot.cards.card import Draft
from bot.cards.health import health_card
from bot.commands.command import Ask, Command
from core.values.people import Role


async def health(ask: Ask) -> Draft:
    """What is late, full or broken, and the accounts' links."""
    return health_card(await ask.engine.health.show(), ask.pen)


ROWS = (Command(name="health", words=("健康",), topic="shop", role=Role.viewer, run=health, in_menu=True),)
