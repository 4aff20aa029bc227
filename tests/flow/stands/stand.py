"""A stand: one way to type, press and see, at the backstage counter and at a real front.

A shop is staged by the backstage counter (tests/counter.py); then its people and its group move to a platform: their
ids are that platform's from then on, and everything else in the file is the same. `Stand` itself stays where the shop
was staged: it is what the others are held against.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from bot.cards.card import Card, Front, Fronts
from bot.commands.table import TABLE
from bot.commands.walk import Visit
from bot.desk import Desk
from bot.fronts.wecom.paint import SEPARATOR, safe
from bot.notices import Notices
from core.values.people import ChatKind
from core.values.telling import Way
from tests.counter import GROUP, OPERATOR, OWNER, STRANGER, TOLD, VIEWER, Counter

MOVED = (("rooms", "chat"), ("identities", "who"))
PEOPLE = {"owner": OWNER, "operator": OPERATOR, "viewer": VIEWER, "stranger": STRANGER}
PLATFORM = re.compile(r"\b(?:dummy|telegram|wecom|wecomapp|terminal):(?=\d)")
TOOK = re.compile(r"\d+\.\d 秒")


@dataclass(frozen=True)
class Seen:
    """Something a person sees: a message, a card that changed (`again`), or a word for whoever pressed (`aside`)."""

    words: str
    buttons: tuple[str, ...] = ()
    again: bool = False
    aside: bool = False
    raw: Any = None
    data: Mapping[str, str] = field(default_factory=dict)
    """What its buttons ask, as it was when it was seen: a phone may be slow to show a change."""


class Watched(Desk):
    """The desk, counting what it has finished."""

    served = 0

    async def serve(self, visit: Visit) -> None:
        """Serve, then count."""
        try:
            await super().serve(visit)
        finally:
            self.served += 1


class Stand:
    """A counter in one chat of the shop's; `ids` are its people's by role, `group` is their room."""

    name = "dummy"
    alone = False
    """Whether everybody stands here 1:1 with the shop."""

    def __init__(self, c: Counter) -> None:
        self.c = c
        self.ids = dict(PEOPLE)
        self.group = GROUP
        self.front: Front = c.front
        self.desk: Desk = c.desk
        self.notices = c.notices

    @property
    def home(self) -> str:
        """Where what waits is told."""
        return self.group

    def verb(self, label: str) -> str:
        """A button's word as this platform shows it."""
        return label

    async def type(self, words: str, who: str = "owner", *, private: bool = False) -> list[Seen]:
        """Type; everything that shows afterwards."""
        chat = {"chat": self.ids[who], "chat_kind": ChatKind.private} if private else {}
        mark = self.mark()
        await self.c.type(words, self.ids[who], **chat)
        return self.news(mark)

    async def press(self, seen: Seen, label: str, who: str = "owner") -> list[Seen]:
        """Press a button of something seen; everything that shows afterwards."""
        mark = self.mark()
        chat = {} if seen.raw.chat == GROUP else {"chat": seen.raw.chat, "chat_kind": ChatKind.private}
        await self.c.press(label, self.ids.get(who, who), seen.raw, **chat)
        return self.news(mark)

    async def reply(self, seen: Seen, words: str) -> list[Seen]:
        """Type in reply to something seen."""
        mark = self.mark()
        await self.c.type(words, self.ids["owner"], reply_to=seen.raw.message, message="their-own")
        return self.news(mark)

    async def tell(self, *, topic: str | None = None) -> list[Seen]:
        """Let everything that waits be told in the group."""
        mark = self.mark()
        for row in await self.c.store.people.all("notices.due", now=2**62, most=100):
            await self.c.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.notices.show(row["id"], Way(chat=row["chat"] or self.home, topic=topic))
            await self.c.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))
        await self.rest()
        return self.news(mark)

    async def restart(self) -> None:
        """The front forgets everything; the file stays."""

    async def rest(self) -> None:
        """Wait until nothing more comes."""

    def mark(self) -> int:
        return len(self.c.front.shown)

    def news(self, mark: int) -> list[Seen]:
        return [
            Seen(shown.card.plain(), _verbs(shown.card), shown.again, shown.aside, shown)
            for shown in self.c.front.shown[mark:]
        ]

    def strip(self, words: str) -> str:
        """Words without this platform's ids: `dummy:1` and `telegram:4711` are both <owner>."""
        names = {**{who: role for role, who in PEOPLE.items()}, GROUP: "group", self.group: "group"}
        names |= {who: role for role, who in self.ids.items()}
        for name in sorted(names, key=len, reverse=True):
            words = re.sub(rf"(?<![\w:]){re.escape(name)}(?![\w:])", f"<{names[name]}>", words)
        return TOOK.sub("", PLATFORM.sub("", words))


def _verbs(card: Card) -> tuple[str, ...]:
    return tuple(button.verb for button in card.buttons)


class Real(Stand):
    """A stand whose front is real: the staged people move to its platform, then it listens."""

    def __init__(self, c: Counter, build: Callable[[], Any], ids: dict[str, str], group: str) -> None:
        super().__init__(c)
        move(c, {GROUP: group, **{who: ids[role] for role, who in PEOPLE.items() if role in ids}})
        self.ids, self.group = ids, group
        self._build = build
        self._task: asyncio.Task[None] | None = None
        self.listener: Any = None

    async def open(self) -> None:
        self.listener = self.front = self._build()
        fronts = Fronts({self.front.name: self.front})
        self.desk = self.watched = Watched(self.c.engine, fronts, TABLE)
        self.notices = Notices(self.c.engine, fronts)
        await self.listen()

    async def listen(self) -> None:
        self._task = asyncio.create_task(self.listener.listen(self.desk))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.listener.close()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    def check(self) -> None:
        """The platform refused nothing of what was sent."""

    async def served(self, before: int) -> None:
        """Wait until the desk has finished one more; for talk that is not for the shop a moment."""
        await until(lambda: self.watched.served > before)
        await self.rest()


def move(c: Counter, ids: dict[str, str]) -> None:
    """The staged people and their group stand on another platform."""
    with closing(sqlite3.connect(c.store.path, isolation_level=None)) as file:
        for old, new in ids.items():
            for table, column in MOVED:
                file.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))


async def until(done: Callable[[], object], wait_s: float = 30.0) -> None:
    """Wait until something is so; the wire runs in real time, and a selftest is a process of its own."""
    async with asyncio.timeout(wait_s):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.004)


def bare(words: str) -> str:
    """What a person reads, however it is broken into lines and made harmless to markup."""
    return re.sub(r"[\s\u2060·]", "", safe(words)).replace("＿", "_")


def pieces(words: str) -> list[str]:
    """The parts of a card that must all be there: of its title, its lines, its note."""
    found = [piece for line in words.splitlines() for piece in re.split(rf"{SEPARATOR}|, |，| ", line)]
    return [piece for piece in map(bare, found) if piece]


def missing(wanted: Sequence[Seen], seen: Sequence[Seen], here: Stand, there: Stand) -> list[str]:
    """Parts of what one stand shows that another does not."""
    shown = bare(there.strip("\n".join(one.words for one in seen)))
    return [piece for one in wanted for piece in pieces(here.strip(one.words)) if piece not in shown]
