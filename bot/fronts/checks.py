"""The check-up of a whole process: the shop's lines to the world, then every chat's."""

from collections.abc import Sequence

from bot.fronts.counter import Counter
from core.run import Shop
from core.tools.control import Line
from core.values.checks import CheckLine, Part


async def check_up(shop: Shop, counters: Sequence[Counter], *, running: bool) -> list[CheckLine]:
    """Every line; a shop that runs is asked by what it has open, and nothing of it is disturbed."""
    lines = await shop.check(running=running)
    chats = [line for counter in counters for line in await counter.probe()]
    return lines + (chats or [CheckLine(part=Part.chats, key="check.no_chat", ok=True)])


async def check_line(shop: Shop, counters: Sequence[Counter], _: Line) -> Line:
    """The same for a line of the control socket."""
    return {"lines": [line.model_dump(mode="json") for line in await check_up(shop, counters, running=True)]}
