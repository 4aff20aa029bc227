"""What is heard from WeCom: stored first, each person's things in the order they came, and then carried out.

WeCom delivers nothing twice: what waits in memory for a slow answer before it would be gone with a crash, so that
storing has lanes of its own, and a lane of answers only holds what is stored.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from pydantic import ValidationError

from bot.auth import Attachment, Request
from bot.cards.clean import clean
from bot.commands.table import TABLE
from bot.desk import LARGEST_FILE, Desk
from bot.fronts.lanes import STOP, Lanes
from bot.fronts.strangers import Strangers
from bot.fronts.wecom.budget import Kind
from bot.fronts.wecom.faults import Rejected
from bot.fronts.wecom.files import Files, NotFetched
from bot.fronts.wecom.mouth import Mouth
from bot.fronts.wecom.paint import safe
from bot.fronts.wecom.presses import Asked, Presses, asked_by
from bot.fronts.wecom.shapes import Clicked, Entered, Event, Place, Said
from bot.fronts.wecom.standing import Standing
from bot.fronts.wecom.updates import read_click, read_said
from bot.scans.scanning import is_picture
from bot.texts import Texts
from core.engine.front import Engine
from core.errors import Refused, Transient, Unknown

LOG = logging.getLogger("zhanggui.wecom")
MAX_NAME = 60
Serve = Callable[[], Awaitable[None]]
Stored = asyncio.Future[bool]
"""Done when what was heard is stored: whether it is carried out now. Its error says why it could not be stored."""


@dataclass
class Intake:
    """Takes events of a robot, from whichever wire."""

    engine: Engine
    texts: Texts
    mouth: Mouth
    presses: Presses
    files: Files
    lanes: Lanes
    standing: Standing
    desk: Desk | None = None

    def __post_init__(self) -> None:
        self._strangers = Strangers(self.engine)

    def hear(self, event: Event) -> Stored:
        """Take an event; nothing is waited for here."""
        stored: Stored = asyncio.get_running_loop().create_future()
        stored.add_done_callback(lambda done: done.cancelled() or done.exception())
        if isinstance(event, Said | Clicked | Entered):
            at_s = asyncio.get_running_loop().time()
            lane = f"{'press' if isinstance(event, Clicked) else 'words'}-{event.place.user_id}"
            self.lanes.put(f"store-{lane}", partial(self._take, event, at_s, lane, stored))
        else:
            stored.set_result(False)
        return stored

    async def _take(self, event: Said | Clicked | Entered, at_s: float, lane: str, stored: Stored) -> None:
        try:
            follows = await self._sort(event, at_s, lane)
        except Exception as error:
            if not stored.done():
                stored.set_exception(error)
            if isinstance(error, Refused | Transient):
                LOG.info("something said was not stored at once: %s", error)
            elif isinstance(error, ValidationError | UnicodeError):
                LOG.warning("something of no shape was said: %s", type(error).__name__)
            else:
                raise
        else:
            if not stored.done():
                stored.set_result(follows)

    async def _sort(self, event: Said | Clicked | Entered, at_s: float, lane: str) -> bool:
        if isinstance(event, Entered):
            self.lanes.put(lane, partial(self._welcome, event.place))
            return True
        if isinstance(event, Clicked):
            return await self._store(read_click(event, self.engine.now()), asked_by(event, at_s), lane)
        request = read_said(event, TABLE, self.engine.now())
        if request.words:
            file = self.files.take(request.who) or await self._along(event, request)
            return await self._store(with_file(request, file), asked_by(event.place, at_s), lane)
        if event.links and await self.engine.people.find(request.who) is not None:
            picture = await self._keep_file(event, request)
            if picture is not None:
                return await self._store(with_file(request, picture), asked_by(event.place, at_s), lane)
        return False

    async def _store(self, request: Request, asked: Asked, lane: str) -> bool:
        """Store a request and let it be carried out; one that came before, or is of no concern, ends here."""
        assert self.desk is not None
        if (before := self.presses.find(request.update_id)) is not None:
            if not before.kept:
                raise Transient("store_unwritable")
            return False
        if not await self._strangers.lets_through(request, self.desk):
            return False
        patience = self.presses.open(request.update_id, asked)
        try:
            visit = await self.desk.keep(request)
        except (Refused, Transient):
            serve = partial(self.desk.take, request)  # tries once more, and says it when that fails too
            self.lanes.put(lane, partial(self._serve, serve, request.update_id, patience))
            raise
        except BaseException:
            await self._end(request.update_id, patience)
            raise
        if visit is None:
            await self._end(request.update_id, patience)
            return False
        asked.kept = True
        lane = STOP if await self.desk.is_safe(request) else lane
        self.lanes.put(lane, partial(self._serve, partial(self.desk.serve, visit), request.update_id, patience))
        return True

    async def _serve(self, serve: Serve, update_id: str, patience: asyncio.Task[None]) -> None:
        try:
            await serve()
        finally:
            await self._end(update_id, patience)
        await self.standing.look()

    async def _end(self, update_id: str, patience: asyncio.Task[None]) -> None:
        patience.cancel()
        await asyncio.gather(patience, return_exceptions=True)
        self.presses.close(update_id)

    async def _along(self, event: Said, request: Request) -> Attachment | None:
        """The picture in a message of words and pictures; one that cannot be had is as if it were not there."""
        if not event.links or await self.engine.people.find(request.who) is None:
            return None
        try:
            await self.files.keep(request.who, event.links[0])
        except NotFetched as error:
            LOG.warning("a picture could not be had: %s", error.key)
        return self.files.take(request.who)

    async def _keep_file(self, said: Said, request: Request) -> Attachment | None:
        """Fetch a file and keep it for the command that follows; a picture is itself what is asked about."""
        try:
            file = await self.files.keep(request.who, said.links[0])
            if is_picture(file.content):
                return self.files.take(request.who)
            words = self.texts("wecom.file_kept", name=safe(clean(file.name, MAX_NAME)))
        except NotFetched as error:
            words = self.texts(f"refused.{error.key}", limit=LARGEST_FILE // 1_000_000)
        try:
            await self.mouth.words(said.place.chat_id, words, Kind.answer)
        except Transient as error:
            LOG.warning("a person was not told of their file: %s", error.key)
        return None

    async def _welcome(self, place: Place) -> None:
        try:
            await self.mouth.welcome(place.req_id, self.texts("wecom.welcome"))
        except (Rejected, Transient, Unknown) as error:
            LOG.info("nobody was welcomed: %s", error)


def with_file(request: Request, file: Attachment | None) -> Request:
    """The request with what came along."""
    found = {"attachment": file, "picture": file is not None and is_picture(file.content)}
    return Request.model_validate({**dict(request), **found})
