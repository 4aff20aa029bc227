"""What the shop tells its owner: a reference becomes a card of the present state, in every front; copies follow."""

from bot.cards.capabilities import Can, can
from bot.cards.card import Draft, Fronts, Mention, Reacting
from bot.cards.drawn import DRAW, Telling
from bot.cards.pen import Pen
from bot.cards.replies import plain
from bot.cards.seal import seal
from bot.cards.showing import remember
from bot.charts.drawing import Drawing
from bot.commands.shown import shown_to
from bot.commands.table import TABLE
from bot.texts import choose, load
from core.engine.front import Engine
from core.errors import Transient
from core.values.counter import Copy
from core.values.notices import Notice, NoticeKind, Urgency
from core.values.people import ChatKind
from core.values.telling import Way

K = NoticeKind
TAKEN = "👍"
"""The sign on a person's message that the marketplace took."""


class Notices:
    """The owner's side of the shop (core/outside/ports.OwnerDesk)."""

    def __init__(self, engine: Engine, fronts: Fronts, *, locale: str = "zh", drawing: Drawing | None = None) -> None:
        self._engine = engine
        self._fronts = fronts
        self._drawing = drawing
        self._locale = locale

    def reaches(self, chat: str) -> bool:
        """Whether the front of a chat runs here."""
        return self._fronts.of(chat) is not None

    async def show(self, notice_id: int, way: Way) -> None:
        """Render a notice in one of the owner's chats and return when it is delivered.

        Raises Busy(retry_after_s) when the chat's budget is used up and another Transient when it did not take it.
        """
        notice = await self._engine.notices.find(notice_id)
        if notice.kind is K.redraw:
            await self._redraw(notice)
        elif notice.kind is K.said:
            await self._said(notice, way)
        else:
            await self._tell(notice, way)

    async def _tell(self, notice: Notice, way: Way) -> None:
        if way.chat == _answered_in(notice):
            return
        front = self._fronts.of(way.chat)
        if front is None:
            raise Transient("front_is_off")
        drawing = self._drawing if can(way.chat, Can.picture) else None
        pen = await self._pen(way.chat)
        draft = _marked(await self._draw(notice, pen, way.chat, drawing=drawing), notice, pen)
        draft = await self._as_seen(way.chat, draft)
        called = () if way.silent else await self._called(notice, way.chat)
        draft = draft.model_copy(update={"urgency": _heard(draft.urgency, silent=way.silent), "mentions": called})
        message = await front.send(way.chat, await seal(draft, self._engine, way.chat), topic=way.topic)
        await remember(self._engine, way.chat, message, draft)

    async def _said(self, notice: Notice, way: Way) -> None:
        """A sign on the person's own message; where there are none, a short line."""
        message, _, chat = notice.detail.partition(" ")
        front = self._fronts.of(way.chat)
        if isinstance(front, Reacting):
            await front.react(way.chat, message, TAKEN)
        elif front is not None:
            line = plain("said", await self._pen(way.chat), chat=chat).model_copy(update={"urgency": Urgency.quiet})
            await front.send(way.chat, await seal(line, self._engine, way.chat), topic=way.topic)

    async def _redraw(self, notice: Notice) -> None:
        """One copy follows its thing; a newer edit that came first makes this one nothing."""
        copy = await self._engine.notices.find_copy(int(notice.detail)) if notice.detail.isdigit() else None
        front = self._fronts.of(copy.chat) if copy is not None else None
        if copy is None or front is None or copy.version >= notice.version:
            return
        draft = await self._draw(_as_shown(notice, copy), await self._pen(copy.chat), copy.chat, fresh=False)
        draft = await self._as_seen(copy.chat, draft)
        await front.redraw(copy.chat, copy.message, await seal(draft, self._engine, copy.chat))
        await remember(self._engine, copy.chat, copy.message, draft)

    async def _draw(
        self, notice: Notice, pen: Pen, chat: str, *, fresh: bool = True, drawing: Drawing | None = None
    ) -> Draft:
        return await DRAW[notice.entity](Telling(self._engine, pen, notice, fresh, drawing, chat))

    async def _called(self, notice: Notice, chat: str) -> tuple[Mention, ...]:
        """Whom a card calls in a group; nobody needs to be called in their own chat, nor without a sound."""
        room = await self._engine.rooms.find(chat)
        if room is None or room.kind is ChatKind.private:
            return ()
        people = await self._engine.tags.called_by(notice)
        front = f"{room.front}:"
        return tuple(Mention(next((who for who in one.ids if who.startswith(front)), ""), one.name) for one in people)

    async def _as_seen(self, chat: str, draft: Draft) -> Draft:
        """In a private chat as its person's role sees it."""
        member = await self._engine.people.find(chat)
        return shown_to(member, draft, TABLE) if member is not None else draft

    async def _pen(self, chat: str) -> Pen:
        """In the language of the room."""
        room = await self._engine.rooms.find(chat)
        texts = load(choose((room.locale if room else None) or self._locale))
        return Pen(texts, self._engine.zone, self._engine.now(), await self._engine.accounts.sellers())


def _heard(urgency: Urgency, *, silent: bool) -> Urgency:
    """A quiet card makes no sound, any other does: the owner's choice, not the kind's own, has the last word."""
    if silent:
        return Urgency.quiet
    return Urgency.normal if urgency is Urgency.quiet else urgency


def _answered_in(notice: Notice) -> str:
    """The chat that has the card already, as the answer to the person who did it; empty for what nobody did."""
    return notice.detail.partition(" ")[2] if notice.kind is K.paused else ""


def _as_shown(notice: Notice, copy: Copy) -> Notice:
    """The notice the copy was shown for; an edit is never loud."""
    return notice.model_copy(update={"kind": copy.kind, "urgency": Urgency.quiet, "detail": ""})


def _marked(draft: Draft, notice: Notice, pen: Pen) -> Draft:
    """How often it happened, and that it may have been shown before."""
    count = pen("notice.times", n=notice.count) if notice.count > 1 and notice.kind is not K.flood else ""
    again = pen("notice.maybe_again") if notice.maybe_again else ""
    title = " · ".join(filter(None, (again, draft.title, count)))
    return draft.model_copy(update={"title": title})
