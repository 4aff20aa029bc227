"""A counter for tests: a real engine on a real file, a front that remembers, and orders in every state."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.auth import Request
from bot.cards.card import Card, Fronts, Place
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.notices import Notices
from core.clock import ManualClock, SeededChance
from core.config import Origin, Settings
from core.engine.context import Shop
from core.engine.front import Engine
from core.errors import Busy, MaybeSent, Transient
from core.store.db import Store
from core.values.fulfilment import FulfilmentState
from core.values.orders import PlatformStatus
from core.values.people import Actor, ChatKind, Role
from core.values.telling import Way
from tests import stockroom

GROUP, OWNER, OPERATOR, VIEWER, STRANGER = "dummy:-1", "dummy:1", "dummy:2", "dummy:3", "dummy:9"
NEW = "dummy:-5"
"""A group nobody bound."""
ALONE = {"chat": STRANGER, "chat_kind": ChatKind.private}
"""Where a stranger talks to the shop."""
TOLD = {"now": 0, "outcome": "told", "chat": GROUP}
NAMES = {OWNER: ("老板", Role.owner), OPERATOR: ("张三", Role.operator), VIEWER: ("李四", Role.viewer)}


@dataclass
class Shown:
    """A card as it stood in a chat; `again` when it replaced another, `to` the request it answers."""

    chat: str
    message: str
    card: Card
    again: bool = False
    aside: bool = False
    topic: str | None = None
    to: str = ""


@dataclass
class DummyFront:
    """A small real front: it remembers what it was given.

    `busy` answers are refused first; a chat in `down` cannot be reached, and of one in `lost` no answer
    comes though the card stands there; a card with `poison` in its title is refused for good. `reactions` are signs on
    people's messages.
    """

    name: str = "dummy"
    shown: list[Shown] = field(default_factory=list)
    busy: int = 0
    down: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    poison: str | None = None
    reactions: list[tuple[str, str, str]] = field(default_factory=list)
    pins: list[tuple[str, str, bool]] = field(default_factory=list)

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        if place is Place.same and request.reply_to is not None:
            self._refuse(request.chat)
            self.shown.append(Shown(request.chat, request.reply_to, card, again=True, to=request.update_id))
            return request.reply_to
        return self._show(request.chat, card, aside=place is Place.aside, to=request.update_id)

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:
        return self._show(chat, card, topic=topic)

    def _show(self, chat: str, card: Card, **more: Any) -> str:
        self._refuse(chat)
        if self.poison is not None and self.poison in card.title:
            raise Transient("chat_refused")
        message = f"m{len(self.shown) + 1}"
        self.shown.append(Shown(chat, message, card, **more))
        if chat in self.lost:
            raise MaybeSent("no_answer")
        return message

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        self._refuse(chat)
        self.shown.append(Shown(chat, message, card, again=True))

    async def pin(self, chat: str, message: str, *, on: bool) -> None:
        self._refuse(chat)
        self.pins.append((chat, message, on))

    async def react(self, chat: str, message: str, sign: str) -> None:
        self._refuse(chat)
        self.reactions.append((chat, message, sign))

    def _refuse(self, chat: str) -> None:
        if chat in self.down:
            raise Transient("front_is_off")
        if self.busy:
            self.busy -= 1
            raise Busy("too_fast", retry_after_s=0.0)


@dataclass
class Counter:
    """Everything a test at the counter holds."""

    store: Store
    clock: ManualClock
    engine: Engine
    front: DummyFront
    desk: Desk
    notices: Notices
    asked: int = 0

    def request(self, words: str | None, who: str = OWNER, **changes: object) -> Request:
        """A typed request; `changes` replace its facts."""
        self.asked += 1
        facts: dict[str, object] = {
            "who": who,
            "name": "甲",
            "chat": GROUP,
            "chat_kind": ChatKind.group,
            "words": words,
            "sent_at": self.clock.now(),
            "update_id": f"dummy:{self.asked}",
        }
        return Request.model_validate({**facts, **changes})

    def actor(self, who: str = OWNER) -> Actor:
        """Somebody who acts at the front door itself."""
        self.asked += 1
        return Actor(who=who, name=NAMES[who][0], chat=GROUP, request=f"dummy:act:{self.asked}")

    async def type(self, words: str, who: str = OWNER, **changes: object) -> Card | None:
        """Type words; the card that answered, if one did."""
        return await self.take(self.request(words, who, **changes))

    async def press(self, label: str, who: str = OWNER, card: Shown | None = None, **changes: object) -> Card | None:
        """Press the button whose word holds `label`, on the newest card that has one."""
        found = card or next(s for s in reversed(self.front.shown) if _button(s.card, label))
        button = _button(found.card, label)
        return await self.take(self.request(None, who, button=button, reply_to=found.message, **changes))

    async def take(self, request: Request) -> Card | None:
        """Give the desk a request; the card that answered it, whatever else a running shop told meanwhile."""
        before = len(self.front.shown)
        await self.desk.take(request)
        answers = [shown.card for shown in self.front.shown[before:] if shown.to == request.update_id]
        return answers[-1] if answers else None

    @property
    def last(self) -> Shown:
        """What was shown last."""
        return self.front.shown[-1]

    async def tell(self) -> list[Card]:
        """Show every waiting notice, as the shop would."""
        before = len(self.front.shown)
        for row in await self.store.people.all("notices.due", now=2**62, most=100):
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.claim", id=n, run="test"))
            await self.notices.show(row["id"], Way(chat=row["chat"] or GROUP))
            await self.store.write(lambda tx, n=row["id"]: tx.run("notices.finish", id=n, **TOLD))
        return [shown.card for shown in self.front.shown[before:]]

    def later(self, **span: float) -> None:
        """Let shop time pass."""
        self.clock.advance(timedelta(**span).total_seconds())


def _button(card: Card, label: str) -> str | None:
    return next((button.action for button in card.buttons if label in button.verb), None)


@asynccontextmanager
async def open_counter(
    folder: Path, *, locale: str = "zh", replaced: Mapping[str, str] | None = None
) -> AsyncIterator[Counter]:
    """A counter on a file in a folder; opened again on the same folder it is the shop after a restart."""
    origin = Origin(folder / "config.toml", {})
    folder.mkdir(parents=True, exist_ok=True)
    origin.path.touch()
    store = await Store.open(folder, replaced)
    clock = ManualClock(stockroom.NOW)
    engine = Engine(Shop(store, Settings(origin.read(), origin), clock, stockroom.ZONE, SeededChance(1)))
    front = DummyFront()
    fronts = Fronts({front.name: front})
    await engine.rooms.bind(GROUP, ChatKind.group)
    for who, (name, role) in NAMES.items():
        await engine.people.keep(who, name, role)
    desk = Desk(engine, fronts, TABLE, locale=locale)
    try:
        yield Counter(store, clock, engine, front, desk, Notices(engine, fronts, locale=locale))
    finally:
        await store.close()


async def risky_order(counter: Counter, n: int = 1) -> int:
    """An order that waits for approval: six units where two are allowed."""
    return await order(counter, n, quantity=6)


async def order(
    counter: Counter, n: int = 1, quantity: int = 1, status: PlatformStatus = PlatformStatus.pending_ship
) -> int:
    """A paid order of a product that ships by itself."""

    def work(tx):
        account = stockroom.open_account(tx)
        stockroom.add_product(tx, account, f"90000{n}", auto_ship="on", text="好的", price="50", max_quantity="2")
        return stockroom.learn(tx, account, stockroom.record(n, f"90000{n}", status, quantity))

    return await counter.store.write(work)


async def state(counter: Counter, order_id: int) -> FulfilmentState | None:
    task = (await counter.engine.orders.show(order_id)).fulfilment
    return task.state if task else None


async def role(counter: Counter, who: str) -> Role | None:
    """What somebody may do now."""
    member = await counter.engine.people.find(who)
    return member.role if member is not None else None


def text(card: Card | None) -> str:
    """Everything an answer says."""
    assert card is not None
    return card.plain()
