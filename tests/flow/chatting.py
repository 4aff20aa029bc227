"""A real shop whose owner sits in a group and in a private chat, with a phone in hand for login codes."""

from contextlib import asynccontextmanager
from pathlib import Path

from bot.cards.card import Fronts
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.engine.front import Engine
from core.values.people import ChatKind
from core.values.telling import Way
from tests.counter import GROUP, NAMES, OWNER, Counter, DummyFront
from tests.flow.people import Owner
from tests.flow.shop import Day, open_day


class Chat(Owner):
    """The owner's side as it is: a group and the owner's private chat, on a front that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.front = DummyFront()
        self.counter: Counter

    def beside(self, engine: Engine) -> "Chat":
        fronts = Fronts({"dummy": self.front})
        notices = Notices(engine, fronts)
        store = engine.accounts._shop.store
        self.counter = Counter(store, engine, engine, self.front, Desk(engine, fronts, TABLE), notices)  # type: ignore[arg-type]
        return self

    def reaches(self, chat: str) -> bool:
        return chat.startswith("dummy")

    async def show(self, notice_id: int, way: Way) -> None:
        await self.counter.notices.show(notice_id, way)

    def cards(self, chat: str) -> list:
        """What stands in a chat now: the newest card of each message."""
        newest = {shown.message: shown.card for shown in self.front.shown if shown.chat == chat}
        return list(newest.values())

    def code(self) -> str | None:
        """The newest code in the private chat."""
        return next((card.code for card in reversed(self.cards(OWNER)) if card.code), None)

    def titles(self, chat: str = OWNER) -> list[str]:
        return [card.title for card in self.cards(chat)]


@asynccontextmanager
async def chatting(folder: Path, *, private: bool = True, **options):
    async with open_day(folder, opened=False, **options) as day:
        day.owner = chat = Chat()
        await day.build()
        await day.engine.rooms.bind(GROUP, ChatKind.group)
        if private:
            await day.engine.rooms.bind(OWNER, ChatKind.private)
        for who, (name, role) in NAMES.items():
            await day.engine.people.keep(who, name, role)
        await day.shop.start()
        if options.get("connected", True):
            await day.until_online()
        yield day, chat


async def asks(day: Day, till: Chat, words: str = "登录", who: str = OWNER, **changes):
    return await till.counter.type(words, who, sent_at=day.engine.now(), **changes)


async def until_code(day: Day, chat: Chat) -> str:
    return await day.until(chat.code, "a code in the private chat")


async def scans(day: Day, code: str, account: str = "shop", **confirm) -> None:
    await day.world.control.post("/scan", account=account, code=code)
    await day.world.control.post("/confirm_login", code=code, **confirm)


async def until_title(day: Day, chat: Chat, words: str) -> None:
    await day.until(lambda: any(words in title for title in chat.titles()), words)
