"""The one path of a command: stored, gated, read, carried out, answered.

A request is in the database before anything is done about it, and finished only when its answer is shown. What a crash
left unfinished is walked again after the restart: the audit row of the request lets it act once.
"""

import logging
import zlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from pydantic import ValidationError

from bot.auth import Guest, Request, allow, enter
from bot.cards.capabilities import Can, can
from bot.cards.card import Draft, Fronts, Place
from bot.cards.clean import clean
from bot.cards.pen import Pen
from bot.cards.replies import failure, maybe_again, refusal, stale, suggestion, unknown_word
from bot.cards.seal import CONFIRM_S
from bot.cards.showing import answer
from bot.charts.drawing import Drawing
from bot.commands.calls import SAFE, Call, Unmatched, calls_safe_row, read_call, refuse_copies
from bot.commands.command import Ask, Table, read_arguments
from bot.commands.present import present
from bot.commands.readers import Source
from bot.commands.refusing import note_refusal
from bot.commands.shown import known_to, shown_to
from bot.commands.walk import Answered, Visit, Walk
from bot.scans.scanning import Scanning
from bot.texts import choose, load
from core.engine.front import Engine
from core.errors import NotAllowed, Refused, Transient
from core.values.ids import InboxId
from core.values.people import Actor, ChatKind

LOG = logging.getLogger("zhanggui.desk")
LARGEST_FILE = 5_000_000
"""What a front fetches of an upload, in bytes: a hundred thousand card keys; the request is kept whole in the store."""
HOPELESS = frozenset({"chat_closed", "chat_refused", "front_is_off"})
"""Why an answer could not be shown, when waiting does not help."""
MOST_LATE = 1000
"""So many answers wait at most for a platform that is away."""
STALE_S = 120.0
"""A command that lay around for longer asks again (laws.md, "Defaults")."""
LONGEST_NAME = 40


class Desk:
    """Takes requests from every front and answers them with cards."""

    def __init__(
        self,
        engine: Engine,
        fronts: Fronts,
        table: Table,
        *,
        locale: str = "zh",
        stale_s: float = STALE_S,
        confirm_s: float = CONFIRM_S,
        drawing: Drawing | None = None,
        scanning: Scanning | None = None,
    ) -> None:
        """`stale_s` and `confirm_s` are lengths of shop time; without a `drawing` answers are words alone."""
        self._engine = engine
        self._fronts = fronts
        self._table = table
        self._locale = locale
        self._stale = timedelta(seconds=stale_s)
        self._confirm_s = confirm_s
        self._late: dict[InboxId, Answered] = {}
        self._at_hand: set[InboxId] = set()
        self._drawing = drawing
        self._scanning = scanning

    async def take(self, request: Request) -> None:
        """Store a request, carry it out once, show the answer. What could not be stored is said, and not done."""
        try:
            visit = await self.keep(request)
        except (Refused, Transient) as error:
            said = refusal(error, await self._pen(request.locale))
            await answer(self._engine, self._fronts, request, said, Place.new)
            return
        if visit is not None:
            await self.serve(visit)

    async def concerns(self, request: Request) -> bool:
        """Whether words written in a chat are for the shop: talk, and strangers in groups, are not even stored."""
        if request.button is not None or request.chat_kind is not ChatKind.group:
            return True
        bound = await self._engine.rooms.is_bound(request.chat)
        known = await self._engine.people.find(request.who) is not None
        try:
            call = await read_call(request, self._table, self._engine)
        except Refused:
            return bound and known
        if call is None or call.row.role is None:
            return call is not None
        return known or (bound and request.anonymous)

    async def is_safe(self, request: Request) -> bool:
        """Whether it asks for the safe direction: that waits for nobody's answer to be shown first."""
        return await calls_safe_row(request, self._table, self._engine)

    async def keep(self, request: Request) -> Visit | None:
        """Store a request: from here on it is not lost. None when it is finished or being served (a repeated delivery).

        Raises what the store raises: a front acknowledges an update only after this. Stored as it broke, it is served.
        """
        kept = await self._engine.requests.keep(request.update_id, request.model_dump_json().encode())
        if kept.done or kept.id in self._at_hand or kept.id in self._late:
            return None
        self._at_hand.add(kept.id)
        return Visit(request, kept.id, again=kept.again)

    async def resume(self, later: Collection[str] = ()) -> None:
        """Walk the requests a crash left unfinished; call it before any front listens.

        The answers in the fronts of `later` wait for them (answer_late): nobody waits for a platform that is away.
        """
        for waiting in await self._engine.requests.list_waiting():
            try:
                request = Request.model_validate_json(waiting.body)
            except ValidationError:
                LOG.exception("request %s cannot be read again", waiting.key)
                await self._engine.requests.finish(waiting.id, "unreadable")
                continue
            await self.serve(Visit(request, waiting.id, again=True), later=request.front in later)

    async def answer_late(self, front: str) -> None:
        """Show the answers that a platform could not take, now that it can be reached again; nothing is done anew.

        Ends at the first that is not taken now either; what a crash makes it forget is walked again (resume).
        """
        for late in [late for late in self._late.values() if late.visit.request.front == front]:
            del self._late[late.visit.kept]
            await self._show(late)
            if late.visit.kept in self._late:
                return

    async def _pen(self, wish: str) -> Pen:
        sellers = await self._engine.accounts.sellers()
        return Pen(load(choose(wish, self._locale)), self._engine.zone, self._engine.now(), sellers)

    async def serve(self, visit: Visit, *, later: bool = False) -> None:
        """Carry out a stored request and show the answer; a failure is logged, and never the front's."""
        try:
            await self._serve(visit, later=later)
        except Exception:
            LOG.exception("request %s could not be finished", visit.request.update_id)
        finally:
            self._at_hand.discard(visit.kept)

    async def _serve(self, visit: Visit, *, later: bool) -> None:
        guest = await enter(visit.request, self._engine)
        walk = Walk(visit, guest, await self._pen(guest.locale))
        answered = await self._answer(walk)
        if answered is None or not self._is_worth_it(guest):
            await self._engine.requests.finish(visit.kept)
            return
        draft, place = self._as_seen(guest, *answered), answered[1]
        drawn_over = place is Place.same and can(guest.request.chat, Can.redraw)
        if visit.again and not drawn_over:
            draft = maybe_again(draft, walk.pen)
        done = Answered(replace(visit, request=guest.request), draft, place)
        if not (later and self._put_off(done)):
            await self._show(done)

    def _as_seen(self, guest: Guest, draft: Draft, place: Place) -> Draft:
        """An answer as the asker's role sees it; a card that stands in a group stays everybody's."""
        theirs = place is not Place.same or guest.request.chat_kind is not ChatKind.group
        return shown_to(guest.member, draft, self._table) if theirs else draft

    async def _show(self, done: Answered) -> None:
        """Show an answer; one that a chat platform does not take now waits for it."""
        request, kept = done.visit.request, done.visit.kept
        error = await answer(self._engine, self._fronts, request, done.draft, done.place, self._confirm_s)
        waits = error and error not in HOPELESS and request.chat_kind is not ChatKind.terminal
        if not (waits and self._put_off(done)):
            await self._engine.requests.finish(kept, error)

    def _put_off(self, done: Answered) -> bool:
        """Let an answer wait for its platform; False when too many do."""
        room = len(self._late) < MOST_LATE
        if room:
            self._late[done.visit.kept] = done
        return room

    def _is_worth_it(self, guest: Guest) -> bool:
        """Whether to answer: strangers who ask and ask are not."""
        if guest.member is not None or self._engine.requests.may_answer(guest.request.who):
            return True
        LOG.info("a stranger (%s) asks too often", guest.request.who)
        return False

    async def _answer(self, walk: Walk) -> tuple[Draft, Place] | None:
        """The card and where it goes; None for what is not meant for the shop."""
        request, pen = walk.request, walk.pen
        try:
            return await self._walk(walk)
        except Unmatched as error:
            near = known_to(walk.guest.member, error.near, self._table)
            return (suggestion(error.word, near, pen) if near else unknown_word(error.word, pen)), Place.new
        except (Refused, Transient) as error:
            if error.key == "too_fast" and not request.button and not self._engine.requests.may_warn(walk.guest.person):
                return None
            await note_refusal(walk, self._actor(walk), error, self._table, self._engine)
            return refusal(error, pen), Place.aside if request.button else Place.new
        except Exception:
            number = f"{zlib.crc32(request.update_id.encode()) & 0xFFFF:04X}"
            LOG.exception("error %s at request %s", number, request.update_id)
            return failure(number, pen), Place.new

    async def _walk(self, walk: Walk) -> tuple[Draft, Place] | None:
        request, guest = walk.request, walk.guest
        call = await self._call(walk)
        if call is None or (guest.is_overheard(call.row) and not request.anonymous):
            return None
        if request.anonymous:
            raise NotAllowed("anonymous")
        if call.row.name != SAFE:
            self._engine.requests.allow(guest.person)
        allow(guest, call.row)
        if request.problem:
            raise Refused(request.problem, limit=LARGEST_FILE // 1_000_000)
        await refuse_copies(request, call.row, self._engine)
        draft = await self._carry_out(walk, call, self._ask(walk, call))
        return draft, call.place_of(draft)

    async def _call(self, walk: Walk) -> Call | None:
        """The row that is called. To strangers and elsewhere the table says nothing of itself."""
        request, guest = walk.request, walk.guest
        try:
            call = await read_call(request, self._table, self._engine)
        except Refused:
            known = guest.member is not None
            if known and (guest.is_bound or request.button is not None):
                self._engine.requests.allow(guest.person)
                raise
            if request.anonymous or (request.chat_kind is ChatKind.group and request.button is None):
                return None
            raise NotAllowed("chat_not_bound" if known else "stranger") from None
        if call is not None and request.anonymous and not guest.is_bound and call.row.role is not None:
            return None
        return call

    def _actor(self, walk: Walk) -> Actor:
        request, member = walk.request, walk.guest.member
        name = member.name if member is not None else clean(request.name, LONGEST_NAME)
        return Actor(who=request.who, name=name, chat=request.chat, request=request.update_id)

    def _ask(self, walk: Walk, call: Call) -> Ask:
        return Ask(
            guest=walk.guest,
            kept=call.kept or walk.visit.kept,
            first_line=call.first_line,
            engine=self._engine,
            pen=walk.pen,
            actor=self._actor(walk),
            table=self._table,
            version=call.version,
            answered_at=call.answered_at,
            drawing=self._drawing if can(walk.request.chat, Can.picture) else None,
            scanning=self._scanning,
        )

    async def _carry_out(self, walk: Walk, call: Call, ask: Ask) -> Draft:
        request, row, pen = walk.request, call.row, walk.pen
        source = Source(call.line, self._engine, pen.now, pen.zone, call.asked or request)
        values = await read_arguments(row, source)
        if not row.acts(values):
            return await row.run(ask, **values)
        age = pen.now - request.sent_at
        if age > self._stale and not await self._has_acted(walk.visit):
            return stale(call.said, ask.repeat, int(age.total_seconds() // 60), pen, mine=row.role is None)
        if row.preview is not None and not call.confirms:
            question = await row.preview(ask, **values)
            if question is not None:
                return question
        return await self._act(walk.visit, call, ask, values)

    async def _has_acted(self, visit: Visit) -> bool:
        """Whether a request walked again had done its act before the crash: then it is shown, however old it is."""
        return visit.again and await self._engine.requests.has_acted(visit.request.update_id)

    async def _act(self, visit: Visit, call: Call, ask: Ask, values: Mapping[str, object]) -> Draft:
        """The act itself: the button is used up first, and what was done before a crash is shown, not done again."""
        if call.action is not None:
            await self._engine.actions.use(call.action.id, visit.request.who, again=visit.again)
        try:
            return await call.row.run(ask, **values)
        except Refused as error:
            if error.key != "done_before" and not await self._has_acted(visit):
                raise
            return await present(ask, call.row, values)
