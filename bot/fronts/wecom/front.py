"""The counter in WeCom: callbacks become requests of the desk, cards become messages; nothing else.

WeCom delivers nothing twice and keeps nothing: a request is stored by the desk before it is acted on. A card can be
changed only as the answer to a press, within five seconds, so that states are told by lines (lines.py).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.auth import Request
from bot.cards.card import Card, Place
from bot.desk import Desk
from bot.fronts.lanes import Lanes
from bot.fronts.late import LATE_S, answer_late
from bot.fronts.wecom.budget import Kind
from bot.fronts.wecom.faults import Code
from bot.fronts.wecom.files import Files
from bot.fronts.wecom.intake import Intake, Stored
from bot.fronts.wecom.lines import SETTLE_S, StateLines
from bot.fronts.wecom.link import Connection, OnChange, Times, until_one_ends
from bot.fronts.wecom.mouth import Mouth, Sign
from bot.fronts.wecom.paint import message_of, paint
from bot.fronts.wecom.presses import Asked, Presses
from bot.fronts.wecom.probing import probe_push, probe_robot
from bot.fronts.wecom.push import Push
from bot.fronts.wecom.shapes import Event
from bot.fronts.wecom.standing import Standing, has_group
from bot.fronts.wecom.updates import NAME, PUSH_CHAT
from bot.fronts.wecom.wire import Wire
from bot.texts import load
from core.config import Config
from core.engine.front import Engine
from core.errors import Busy, Transient
from core.values.checks import CheckLine
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.wecom")
Door = Callable[[Callable[[Event], Stored], OnChange], Wire]
"""Opens a wire that takes callbacks; its module, and wechatpy with it, is loaded for that mode alone."""
REACHED_OTHERWISE = frozenset({"chat_unreachable", "chat_closed"})


class Wecom:
    """A Listener (bot/fronts/counter.py) over the aibot: its long connection, or its URL mode."""

    name = NAME
    deaf = frozenset({PUSH_CHAT})

    def __init__(
        self,
        config: Config,
        engine: Engine,
        *,
        times: Times | None = None,
        door: Door | None = None,
        patience_s: tuple[float, float] | None = None,
        settle_s: float = SETTLE_S,
        late_s: float = LATE_S,
    ) -> None:
        """`times`, `patience_s` (words, a press), `settle_s` and `late_s` are real seconds; `door`: see Door."""
        settings, texts = config.wecom, load(config.shop.locale)
        self._engine = engine
        self._texts = texts
        self._push_chat = settings.webhook.chat
        self._is_on = settings.aibot.is_on
        self._push = Push(settings.webhook.url.get_secret_value(), engine.now) if settings.webhook.is_on else None
        self._connection = self._wire(config, times or Times(), door)
        sign = Sign(texts("notice.maybe_again"), texts("wecom.no_buttons"), texts("wecom.no_files"))
        self._mouth = Mouth(self._connection, self._push, engine.now, sign, config.clock.speed)
        self._presses = Presses(self._mouth, texts("front.working"), patience_s)
        self._lines = StateLines(self._tell_lines, texts("order.soon"), settle_s)
        self._files = Files(engine.now)
        self._standing = Standing(engine)
        self._lanes = Lanes()
        self._intake = Intake(engine, texts, self._mouth, self._presses, self._files, self._lanes, self._standing)
        self._late_s = late_s
        self._desk: Desk | None = None
        if self._is_on:
            engine.health.expect(NAME)

    def _wire(self, config: Config, times: Times, door: Door | None) -> Wire:
        if door is not None:
            return door(self._hear, self._changed)
        return Connection(config.wecom.aibot, times, self._hear, self._changed, self._alive)

    async def listen(self, desk: Desk) -> None:
        """Stay connected and hand the desk what people write and press; ends when the credentials are refused."""
        self._desk = self._intake.desk = desk
        await self._open_push()
        if self._is_on:
            late = answer_late(desk, NAME, can=lambda: self._connection.is_up, every_s=self._late_s)
            talk, lines = self._connection.keep(), self._lines.keep()
            await until_one_ends(*map(asyncio.create_task, (talk, lines, late)))

    async def close(self) -> None:
        """Leave the push robot's connections; what is being answered is stored, and taken up at the next start."""
        await self._lanes.close()
        await self._presses.close_all()
        await self._connection.close()
        await self._files.close()
        if self._push is not None:
            await self._push.close()

    async def probe(self) -> Sequence[CheckLine]:
        """What a check finds (bot/fronts/checks.Probing)."""
        lines: list[CheckLine] = []
        if self._is_on:
            listens = self._desk is not None
            lines += await probe_robot(self._connection, self._engine, self._standing, listens=listens)
        if self._push is not None:
            lines.append(await probe_push(self._push))
        return lines

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """The pressed card turns, a word goes to who pressed, or a message of its own follows."""
        asked = self._presses.find(request.update_id)
        if asked is None or not await self._answer(asked, card, place):
            reply_to = asked.place.req_id if asked is not None and not asked.task_id else None
            await self._say(request.chat, card, Kind.answer, reply_to=reply_to)
        self._lines.shown(request.chat, card)
        return message_of(card)

    async def _answer(self, asked: Asked, card: Card, place: Place) -> bool:
        """By the callback itself, where it allows that and everything is said by it."""
        if not asked.task_id:
            return await self._presses.finish(asked, card)
        if place is Place.aside:
            return await self._presses.whisper(asked, card)
        if place is Place.same and await self._presses.become(asked, card):
            page = paint(card, asked.task_id)
            if not page.fits:
                await self._mouth.words(asked.place.chat_id, page.markdown, Kind.answer)
            return True
        return False

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:  # noqa: ARG002 - WeCom has none
        """A new message; by the push robot where the aibot cannot speak."""
        await self._say(chat, card, Kind.notice)
        self._lines.shown(chat, card)
        return message_of(card)

    async def redraw(self, chat: str, message: str, card: Card) -> None:  # noqa: ARG002 - a thing is one message
        """A line with the new state, soon: the card itself stands as it was."""
        self._lines.put(chat, card)

    async def _say(self, chat: str, card: Card, kind: Kind, *, reply_to: str | None = None) -> None:
        chat_id = chat.partition(":")[2]
        if chat == PUSH_CHAT:
            await self._say_by_push(card)
            return
        try:
            task_id = await self._mouth.say(chat_id, card, kind, reply_to=reply_to)
        except Busy:
            raise
        except Transient as error:
            if error.key not in REACHED_OTHERWISE or not await self._is_pushes(chat):
                raise
            await self._mouth.push(card)
            return
        self._presses.shown(task_id, card)

    async def _is_pushes(self, chat: str) -> bool:
        """Whether the push robot stands in this chat."""
        if self._push is None:
            return False
        room = await self._engine.rooms.find(chat)
        in_group = room is not None and room.kind is ChatKind.group
        return in_group and self._push_chat in ("", chat.partition(":")[2])

    async def _open_push(self) -> None:
        """The push robot's group is where alerts go while the aibot was let into none."""
        if self._push is not None and not await self._has_group():
            await self._engine.rooms.bind(PUSH_CHAT, ChatKind.group, self._texts("wecom.push"))

    async def _has_group(self) -> bool:
        return has_group(list(await self._engine.rooms.list_homes(NAME)))

    async def _say_by_push(self, card: Card) -> None:
        if await self._has_group():
            await self._engine.rooms.leave(PUSH_CHAT)
            raise Transient("chat_closed")
        await self._mouth.push(card)

    async def _tell_lines(self, chat: str, text: str) -> None:
        if chat != PUSH_CHAT:
            await self._mouth.words(chat.partition(":")[2], text, Kind.line)

    def _alive(self) -> None:
        self._engine.health.hear(NAME)

    def _hear(self, event: Event) -> Stored:
        self._alive()
        return self._intake.hear(event)

    async def _changed(self, code: Code, detail: str) -> None:
        """How the connection is now; a file that cannot be written must not end the connection too."""
        LOG.info("WeCom: %s %s", code, detail)
        try:
            await self._standing.changed(code, detail)
        except Transient as error:
            LOG.warning("how WeCom stands could not be noted: %s", error)
