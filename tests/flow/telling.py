"""A counter with several chats and the shop's real way of telling: chats go down, come back, and are busy."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.cards.card import Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.clock import SeededChance
from core.config import Config, Settings
from core.flows.tell import Tell
from core.flows.work import Work
from core.moves.notices import tell
from core.values.notices import NoticeKind
from core.values.people import ChatKind
from tests import stockroom
from tests.counter import GROUP, Counter, DummyFront, open_counter

SECOND, THIRD = "second:-1", "third:-1"
FIRST_IS_DOWN_S = 30
"""Longer than a chat is waited for before alerts go elsewhere."""


@dataclass
class Telling:
    """The counter, the flow that tells, and each front by its name."""

    counter: Counter
    tell: Tell
    fronts: dict[str, DummyFront]
    told: int = 0

    async def happens(self, kind: NoticeKind, times: int = 1, **facts: object) -> None:
        """Something to tell about the shop, each for itself; `facts` as core.moves.notices.tell takes them."""
        entity = facts.pop("entity", "shop")
        for _ in range(times):
            self.told += 1
            named = {"once": f"t{self.told}", **facts}
            await self.counter.store.write(
                lambda tx, n=named: tell(tx, self.cause(), kind, entity, n.pop("entity_id", 1), **n)
            )

    def cause(self):
        return stockroom.cause((self.counter.clock.now() - stockroom.NOW).total_seconds() / 60)

    async def passes(self, times: int = 1) -> None:
        """The shop looks so often, each time until nothing is being shown."""
        for _ in range(times):
            await self.tell.step()
            await self.tell.quiet()

    async def lives(self, seconds: float, step_s: float = 1.0) -> None:
        """Time passes, and the shop looks whenever something is due."""
        for _ in range(round(seconds / step_s)):
            self.counter.later(seconds=step_s)
            await self.passes()

    def titles(self, front: str) -> list[str]:
        """What was shown anew by a front."""
        return [shown.card.title for shown in self.fronts[front].shown if not shown.again]

    async def one(self, sql: str) -> object:
        rows = list(await self.counter.store.people._connection.execute_fetchall(sql))
        return rows[0][0]

    async def waiting(self) -> int:
        return int(str(await self.one("SELECT count(*) FROM notices WHERE state IN ('waiting', 'claimed')")))


@asynccontextmanager
async def open_telling(
    folder: Path, *, chats: tuple[str, ...] = (GROUP, SECOND), replaced: Mapping[str, str] | None = None
) -> AsyncIterator[Telling]:
    """Groups in the order they were bound, each of a front of its own."""
    async with open_counter(folder, replaced=replaced) as c:
        fronts = {c.front.name: c.front}
        for chat in chats:
            name = chat.partition(":")[0]
            fronts.setdefault(name, DummyFront(name=name))
            await c.engine.rooms.bind(chat, ChatKind.group)
        c.notices = Notices(c.engine, Fronts(fronts))
        c.desk = Desk(c.engine, Fronts(fronts), TABLE)
        work = Work(
            store=c.store,
            settings=Settings(Config()),
            clock=c.clock,
            chance=SeededChance(1),
            zone=stockroom.ZONE,
            steps=c.engine.orders._shop.steps,
            run="test",
            markets={},
            accounts={},
            prompts={},
            owner=c.notices,
        )
        yield Telling(c, Tell(work), fronts)


async def typed(t: Telling, words: str, who: str | None = None, **changes: object) -> str:
    """The title and text of the answer."""
    card = await t.counter.type(words, **({"who": who} if who else {}), **changes)
    return card.plain() if card is not None else ""


async def outcomes(t: Telling) -> dict[str, int]:
    rows = await t.counter.store.people._connection.execute_fetchall(
        "SELECT outcome, count(*) FROM notices WHERE outcome IS NOT NULL GROUP BY 1"
    )
    return dict(tuple(row) for row in rows)


def alerts(t: Telling) -> list[str]:
    """What was told in the first chat, answers to commands left out."""
    return [s.card.title for s in t.fronts["dummy"].shown if s.card.ref in ("shop:1", "notices:0", "mute:1", "event:0")]
