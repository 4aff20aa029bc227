"""Who is who."""

from bot.cards.card import Draft
from bot.cards.people import whoami_card
from bot.cards.replies import plain
from bot.commands.command import Ask, Command
from core.values.people import Role


async def whoami(ask: Ask) -> Draft:
    """The asker's ids and role; the one answer a stranger gets."""
    return whoami_card(ask.request, ask.member, ask.pen, bound=ask.bound)


async def cancel(ask: Ask) -> Draft:
    """Leave whatever was asked; what is not confirmed is not done."""
    return plain("cancelled", ask.pen)


ROWS = (
    Command(name="whoami", words=("我是谁",), topic="shop", role=None, run=whoami),
    Command(name="cancel", words=("取消",), topic="shop", role=Role.viewer, run=cancel),
)
