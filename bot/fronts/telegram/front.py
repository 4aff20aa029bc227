"""The front of Telegram: Request in, Card out."""

import asyncio
import logging
from collections.abc import Sequence

from bot.auth import Request
from bot.cards.card import Card, Place
from bot.desk import Desk
from bot.fronts.lanes import Lanes
from bot.fronts.late import answer_late
from bot.fronts.telegram.budget import Budget, Kind
from bot.fronts.telegram.faults import Migrated, Rejected
from bot.fronts.telegram.intake import PATIENCE_S, Intake
from bot.fronts.telegram.letters import Letter
from bot.fronts.telegram.mail import Mail
from bot.fronts.telegram.menu import Menus
from bot.fronts.telegram.paint import paint, toast
from bot.fronts.telegram.polling import Poller
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.probing import probe
from bot.fronts.telegram.standing import Standing
from bot.fronts.telegram.updates import NAME, Moved, id_of, number_of
from bot.fronts.telegram.wire import Wire
from bot.texts import Texts, choose, load
from core.config import Config
from core.engine.front import Engine
from core.errors import MaybeSent, Transient
from core.values.checks import CheckLine
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.telegram")


class Telegram:
    """A bot in the owner's chats (bot/cards/card.Front, bot/fronts/counter.Listener)."""

    name = NAME

    def __init__(self, config: Config, engine: Engine, wire: Wire | None = None, *, file_s: float = PATIENCE_S) -> None:
        """`wire` stands in for the configured one; `file_s` real seconds in which an upload must be here."""
        self._engine = engine
        self._locale = config.shop.locale
        self._speed = config.clock.speed
        self._wire = wire or Wire(config.telegram.token.get_secret_value(), config.telegram.api_url)
        self._standing = Standing(self._wire, engine)
        self._mail = Mail(self._wire, Budget(), self._moved, self._standing.limited, self._topic_gone)
        self._presses = Presses(self._wire)
        self._lanes = Lanes()
        self._unsure: set[str] = set()
        self._file_s = file_s
        self._listens = False
        engine.health.expect(NAME)

    # -- what the desk and the notices ask

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """Show an answer: over the pressed card, as a toast, or anew. A pressed button is answered first."""
        if request.button is not None:
            words = toast(card) if place is Place.aside else ""
            if await self._presses.show(request.update_id, words) and words:
                return ""
        texts = await self._texts(request.chat, request.locale)
        if place is Place.same and request.reply_to is not None and await self._turn(request, card, texts):
            return request.reply_to
        return await self._answer_anew(request, card, texts)

    async def _turn(self, request: Request, card: Card, texts: Texts) -> bool:
        chat, letter = number_of(request.chat), Letter(paint(card, texts))
        return await self._mail.edit(chat, request.reply_to or "", letter, Kind.answer, card.version)

    async def _answer_anew(self, request: Request, card: Card, texts: Texts) -> str:
        """A new message; one whose first try may have arrived says so."""
        mark = texts("notice.maybe_again") if request.update_id in self._unsure else ""
        quoted = request.message if request.chat_kind is ChatKind.group else None
        letter = Letter(paint(card, texts, mark), _number(request.topic), _number(quoted))
        try:
            message = await self._send(number_of(request.chat), letter, Kind.answer)
        except MaybeSent:
            self._unsure.add(request.update_id)
            raise
        self._unsure.discard(request.update_id)
        return message

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:
        """Show a card nobody asked for."""
        page = paint(card, await self._texts(chat))
        return await self._send(number_of(chat), Letter(page, _number(topic)), Kind.notice)

    async def _send(self, chat: int, letter: Letter, kind: Kind) -> str:
        message = await self._mail.send(chat, letter, kind)
        if letter.page.after is not None:
            await self._send_rest(chat, Letter(letter.page.after, letter.topic))
        return message

    async def _send_rest(self, chat: int, letter: Letter) -> None:
        """The words that do not fit under a picture; the picture stands already, and is not sent again for them."""
        try:
            await self._mail.send(chat, letter, Kind.answer)
        except Transient as error:
            LOG.warning("the words under a picture did not arrive: %s", error.key)

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        """Turn a message into another card, where that can be done."""
        letter = Letter(paint(card, await self._texts(chat)))
        try:
            await self._mail.edit(number_of(chat), message, letter, Kind.edit, card.version)
        except Transient as error:
            if error.key != "chat_refused":
                raise
            LOG.warning("message %s stays as it is: Telegram refused its edit for good", message)

    async def react(self, chat: str, message: str, sign: str) -> None:
        """Put a sign under a person's message; one that is gone is no error."""
        try:
            await self._wire.react(number_of(chat), int(message), sign)
        except (Rejected, Migrated) as error:
            LOG.info("no sign on message %s: %s", message, error)

    async def pin(self, chat: str, message: str, *, on: bool) -> None:
        """Keep a message on top of its chat, or let it go; a bot without that right leaves it where it is."""
        try:
            await self._wire.pin(number_of(chat), int(message.lstrip("pd")), on=on)
        except (Rejected, Migrated) as error:
            LOG.info("message %s not kept on top: %s", message, error)

    async def _texts(self, chat: str, wish: str = "") -> Texts:
        """The words that the front itself adds, in the room's language."""
        room = await self._engine.rooms.find(chat)
        return load(choose((room.locale if room else None) or wish, self._locale))

    # -- listening

    async def listen(self, desk: Desk) -> None:
        """Poll, store, serve; keep the menus and what /health says of this front true."""
        intake = Intake(
            self._wire,
            self._engine,
            desk,
            self._lanes,
            self._presses,
            self._standing,
            self._locale,
            self._speed,
            self._file_s,
        )
        poller = Poller(self._wire, self._engine, intake.take)
        self._listens = True
        async with asyncio.TaskGroup() as group:
            group.create_task(poller.run())
            group.create_task(answer_late(desk, NAME))
            me = await poller.me()
            group.create_task(self._standing.keep(me, Menus(self._wire)))

    async def probe(self) -> Sequence[CheckLine]:
        """What a check finds (bot/fronts/checks.Probing); beside a front that listens nothing is polled."""
        return await probe(self._wire, self._engine, self._standing, listens=self._listens)

    async def _moved(self, chat: int, new: int) -> None:
        await self._standing.happened(Moved(id_of(chat), id_of(new)))

    async def _topic_gone(self, chat: int, topic: int) -> None:
        """What is told there first goes to the chat's main topic from now on."""
        await self._engine.telling.drop_topic(id_of(chat), str(topic))

    async def close(self) -> None:
        """End what is under way, it is stored; leave every connection."""
        await self._lanes.close()
        await self._presses.close_all()
        await self._wire.close()


def _number(name: str | None) -> int | None:
    return int(name) if name is not None else None
