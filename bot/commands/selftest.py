"""Trying the whole shop with a fake order, beside the real one."""

from bot.cards.card import Draft
from bot.cards.selftest import selftest_card
from bot.commands.command import Ask, Command
from core.values.people import Role


async def selftest(ask: Ask) -> Draft:
    """Play a fake order from end to end in a shop of its own; some seconds."""
    return selftest_card(await ask.engine.selftest.run(), ask.pen)


ROWS = (Command(name="selftest", words=("自检",), topic="shop", role=Role.owner, run=selftest),)
