"""The shop of the soak: a process of its own with the real loops, its owner's chat on a socket of JSON lines.

The driver types and presses in it and may kill it; what is shown goes to the driver as it is shown. Lines to the shop:
`{"update", "words" | "button", "reply_to", "private"}`, `{"die_in": steps}`, `{"wake": true}`, `{"ask": "work"}`,
`{"ask": "health"}`, `{"stop": true}`.
Lines from it: `{"kept": update}`, `{"card": …}`, `{"told": …}`, `{"dies": step}`, `{"how": …}`.
"""

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import orjson

from bot.auth import Request
from bot.cards.card import Card, Place
from bot.demo.soak.pauses import Pauses
from bot.demo.soak.pocketwatch import PocketWatch
from bot.fronts.counter import Counter
from core.clock import SeededChance
from core.config import Config, load
from core.engine.front import Engine
from core.run import Shop, open_shop, settle_down
from core.sandbox.things import Json
from core.values.people import ChatKind, Role
from core.values.telling import Way

GROUP, OWNER, NAME = "soak:group", "soak:owner", "老板"
SOON = timedelta(seconds=30)
"""What is due within so much shop time is work at hand."""
LARGEST_LINE = 1 << 22


class Wire:
    """The line to the driver: what is written has left the process when this returns, whatever happens next."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))

    def say(self, **what: object) -> None:
        """One JSON line."""
        self._socket.sendall(orjson.dumps(what) + b"\n")

    async def lines(self) -> AsyncIterator[Json]:
        """What the driver says, until it is gone."""
        loop, rest, news = asyncio.get_running_loop(), b"", asyncio.Queue[bytes]()
        loop.add_reader(self._socket, lambda: news.put_nowait(self._socket.recv(1 << 16)))
        while data := await news.get():
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                yield orjson.loads(line)
        loop.remove_reader(self._socket)


class Killer:
    """Kills its own process, as a power cut would, so many steps after it was told to."""

    def __init__(self, wire: Wire) -> None:
        self.left = 0
        self._wire = wire

    def reached(self, step: StrEnum) -> None:
        """A step of the work."""
        self.left -= 1
        if self.left == 0:
            self._wire.say(dies=step.value)
            os.kill(os.getpid(), signal.SIGKILL)


class Till:
    """A front whose group and private chat stand at the driver's."""

    name = "soak"

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._shown = 0

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """Show an answer."""
        message = request.reply_to if place is Place.same else None
        return self._show(request.chat, message or self._new(), card, request.update_id)

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:  # noqa: ARG002 - there are none
        """Show a card."""
        return self._show(chat, self._new(), card)

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        """Show it again."""
        self._show(chat, message, card)

    def _new(self) -> str:
        self._shown += 1
        return f"{os.getpid()}.{self._shown}"

    def _show(self, chat: str, message: str, card: Card, to: str = "") -> str:
        buttons = [[button.verb, button.action] for button in card.buttons]
        shown = {"chat": chat, "message": message, "ref": card.ref, "text": card.plain(), "buttons": buttons}
        self._wire.say(card={**shown, "code": card.code, "to": to})
        return message


class Witness:
    """Shows notices, and says what each was about."""

    def __init__(self, counter: Counter, engine: Engine, wire: Wire) -> None:
        self._counter = counter
        self._engine = engine
        self._wire = wire

    def reaches(self, chat: str) -> bool:
        """Whether the chat is the soak's."""
        return self._counter.notices.reaches(chat)

    async def show(self, notice_id: int, way: Way) -> None:
        """Show it in the chat, then say that it was shown."""
        await self._counter.notices.show(notice_id, way)
        notice = await self._engine.notices.find(notice_id)
        is_order = notice.entity == "order"
        order_no = (await self._engine.orders.show(notice.entity_id)).order.order_no if is_order else ""
        told = {"id": notice.id, "kind": notice.kind, "entity": notice.entity, "entity_id": notice.entity_id}
        self._wire.say(told={**told, "order_no": order_no, "detail": notice.detail})


class Session:
    """One run of the shop, from its start to its end."""

    def __init__(self, config: Config, wire: Wire, killer: Killer) -> None:
        self._config = config
        self._wire = wire
        self._killer = killer
        self._counters: list[Counter] = []
        self._pauses = Pauses()
        self._serving: set[asyncio.Task[None]] = set()

    def owner(self, engine: Engine) -> Witness:
        """Stand at this shop's counter."""
        self._counters.append(Counter(engine, self._config, [Till(self._wire)]))
        return Witness(self._counters[0], engine, self._wire)

    async def run(self, shop: Shop) -> None:
        """Start it, do what the driver says, end it."""
        engine, counter = shop.engine, self._counters[0]
        await engine.people.keep(OWNER, NAME, Role.owner)
        await engine.rooms.bind(GROUP, ChatKind.group, NAME)
        await engine.rooms.bind(OWNER, ChatKind.private, NAME)
        await counter.open()
        settle_down()
        watching = asyncio.create_task(self._pauses.watch())
        await shop.start()
        async for asked in self._wire.lines():
            if "stop" in asked:
                break
            await self._take(shop, asked)
        watching.cancel()
        await shop.stop()
        self._wire.say(ended=self._pace())

    async def _take(self, shop: Shop, asked: Json) -> None:
        if "die_in" in asked:
            self._killer.left = asked["die_in"]
        elif "wake" in asked:
            shop.work.bells.ring_all()
            shop.work.bells.catch_up.ring()
        elif "ask" in asked:
            self._wire.say(how=await (self._health(shop) if asked["ask"] == "health" else self._work_at_hand(shop)))
        else:
            await self._serve(asked, shop.engine.now())

    async def _serve(self, asked: Json, now: datetime) -> None:
        """A command: stored, acknowledged, served beside others."""
        desk, private = self._counters[0].desk, asked.get("private")
        visit = await desk.keep(
            Request(
                who=OWNER,
                chat=OWNER if private else GROUP,
                chat_kind=ChatKind.private if private else ChatKind.group,
                words=asked.get("words"),
                button=asked.get("button"),
                reply_to=asked.get("reply_to"),
                sent_at=now,
                update_id=asked["update"],
            )
        )
        self._wire.say(kept=asked["update"])
        if visit is not None:
            task = asyncio.create_task(desk.serve(visit))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

    async def _work_at_hand(self, shop: Shop) -> Json:
        """Whether something is under way or due in a moment."""
        flows = (shop.deliver, shop.answer, shop.tell)
        if self._serving or shop.decide.backlog() or any(flow.is_busy() for flow in flows):
            return {"busy": True, **self._pace()}
        soon = shop.work.now() + SOON
        due = [at for flow in (shop.deliver, shop.answer, shop.ship, shop.tell) if (at := await flow.next_at())]
        return {"busy": any(at <= soon for at in due), **self._pace()}

    async def _health(self, shop: Shop) -> Json:
        return (await shop.engine.health.show()).model_dump(mode="json") | self._pace()

    def _pace(self) -> Json:
        paused = {"pause_ms": self._pauses.longest_ms, "busy_ms": self._pauses.busy_ms}
        return {**paused, "cpu_s": time.process_time()}


def run(folder: str, seed: int, replaced: Mapping[str, str]) -> None:
    """The process: until it is told to stop, or killed."""
    place = Path(folder)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log = os.open(place / "shop.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    asyncio.run(_live(place, seed, replaced))


async def _live(place: Path, seed: int, replaced: Mapping[str, str]) -> None:
    wire = Wire(place / "counter")
    killer = Killer(wire)
    config = load(place / "config.toml", {})
    session = Session(config, wire, killer)
    opened = open_shop(
        config,
        clock=PocketWatch(place / "watch"),
        chance=SeededChance(seed),
        owner=session.owner,
        steps=killer,
        replaced=replaced,
    )
    async with opened as shop:
        await session.run(shop)
