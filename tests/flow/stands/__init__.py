"""The same shop at every counter: in Telegram, in WeCom, in an app of WeCom's, at the terminal."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.sandbox.wecom import WecomWorld
from tests.counter import Counter
from tests.flow import wecom_counter
from tests.flow.stands.stand import Real, Seen, Stand, missing
from tests.flow.stands.telegram import AtTelegram
from tests.flow.stands.terminal import AtTerminal
from tests.flow.stands.wecom import AtWecom
from tests.flow.stands.wecomapp import AtApp
from tests.telegram_shop import open_street

FRONTS = ("telegram", "wecom", "wecomapp", "terminal")


@dataclass
class Street:
    """Opens stands, and closes them all."""

    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    stands: list[Real] = field(default_factory=list)

    async def stand(self, name: str, c: Counter) -> Stand:
        """A stand at a platform, on a staged shop."""
        if name == "dummy":
            return Stand(c)
        stand: Real
        if name == "telegram":
            stand = AtTelegram(c, await self.stack.enter_async_context(open_street()))
        elif name == "wecom":
            world = await self.stack.enter_async_context(WecomWorld.open(clock=c.clock))
            world.office.add_group(wecom_counter.CHAT)
            world.office.chat(wecom_counter.CHAT).spoken = True
            stand = AtWecom(c, world)
        elif name == "wecomapp":
            stand = AtApp(c, await self.stack.enter_async_context(WecomWorld.open(clock=c.clock)))
        else:
            stand = AtTerminal(c)
        await stand.open()
        self.stands.append(stand)
        self.stack.push_async_callback(stand.close)
        return stand

    def check(self) -> None:
        """Every platform took everything as it was sent, and made nothing of it but what the front meant."""
        for stand in self.stands:
            stand.check()


@asynccontextmanager
async def open_stands() -> AsyncIterator[Street]:
    """Where stands are opened."""
    async with AsyncExitStack() as stack:
        yield Street(stack)


__all__ = [
    "FRONTS",
    "AtApp",
    "AtTelegram",
    "AtTerminal",
    "AtWecom",
    "Seen",
    "Stand",
    "Street",
    "missing",
    "open_stands",
]
