"""The check-up of a whole process: the shop's lines to the world, then every chat's."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from core.run import Shop
from core.tools.control import Line
from core.values.checks import CheckLine, Part


@runtime_checkable
class Probing(Protocol):
    """A front, or the counter of all, that can say how its platform takes it."""

    async def probe(self) -> Sequence[CheckLine]:
        """What works and what the owner must do. A front that listens is not disturbed, and nobody is told anything."""
        ...


async def check_up(shop: Shop, counters: Sequence[Probing], *, running: bool) -> list[CheckLine]:
    """Every line; a shop that runs is asked by what it has open, and nothing of it is disturbed."""
    lines = await shop.check(running=running)
    chats = [line for counter in counters for line in await counter.probe()]
    return lines + (chats or [CheckLine(part=Part.chats, key="check.no_chat", ok=True)])


async def check_line(shop: Shop, counters: Sequence[Probing], _: Line) -> Line:
    """The same for a line of the control socket."""
    return {"lines": [line.model_dump(mode="json") for line in await check_up(shop, counters, running=True)]}
