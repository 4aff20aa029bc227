"""What came in a batch: stored whole, then served chat by chat. Only after this may the next poll acknowledge it."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import ValidationError

from bot.auth import Attachment, Request
from bot.commands.walk import Visit
from bot.desk import LARGEST_FILE, Desk
from bot.fronts.lanes import STOP, Lanes
from bot.fronts.strangers import Strangers
from bot.fronts.telegram.faults import Rejected
from bot.fronts.telegram.presses import Presses, say
from bot.fronts.telegram.shapes import File
from bot.fronts.telegram.standing import Standing
from bot.fronts.telegram.updates import Asked, Forged, Found, Me, Moment, read_update
from bot.fronts.telegram.wire import Wire
from bot.texts import choose, load
from core.engine.front import Engine
from core.errors import Transient

LOG = logging.getLogger("zhanggui.telegram")
FETCHES = 3
PATIENCE_S = 12.0
"""Real seconds in which a file must be here."""


@dataclass
class Intake:
    """Takes batches of raw updates."""

    wire: Wire
    engine: Engine
    desk: Desk
    lanes: Lanes
    presses: Presses
    standing: Standing
    locale: str
    speed: float = 1.0
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        self._strangers = Strangers(self.engine)

    async def take(self, raws: Sequence[Mapping[str, object]], me: Me, late: bool) -> None:
        """Store all of a batch, then begin to serve it. `late` when it may have waited for longer than a moment.

        What brings a file is stored with it, and last: an emergency stop waits for nobody's upload.

        Raises what the store raises: the same batch comes again then, and what was stored of it is known.
        """
        moment = Moment(self.engine.now(), time.time(), self.speed)
        asked = [one for raw in raws if (one := await self._read(raw, me, moment)) is not None]
        for one in asked:
            self._begin(one)
        if late:
            asked = await asyncio.gather(*(self._aged(one, moment) for one in asked))
        await asyncio.shield(self._keep([one for one in asked if one.file is None]))
        brought = await asyncio.gather(*(self._fetched(one) for one in asked if one.file is not None))
        await asyncio.shield(self._keep(brought))

    async def _keep(self, asked: Sequence[Asked]) -> None:
        """Store and put in their lanes, also when the front is stopped meanwhile: what is stored is served."""
        kept = await asyncio.gather(*(self.desk.keep(one.request) for one in asked), return_exceptions=True)
        for one, visit in zip(asked, kept, strict=True):
            if not isinstance(visit, BaseException):
                lane = STOP if await self.desk.is_safe(one.request) else one.request.chat
                self.lanes.put(lane, partial(self._serve, one, visit))
        errors = [error for error in kept if isinstance(error, BaseException)]
        if errors:
            raise errors[0]

    async def _read(self, raw: Mapping[str, object], me: Me, moment: Moment) -> Asked | None:
        """What a person asks; what happened to a chat is dealt with at once, twice is once."""
        try:
            found = read_update(raw, me, moment)
        except (ValidationError, ValueError, OverflowError) as error:
            LOG.warning("update %s has no known shape: %s", raw.get("update_id"), type(error).__name__)
            return None
        if isinstance(found, Asked):
            return found if await self._strangers.lets_through(found.request, self.desk) else None
        await self._happened(raw, found)
        return None

    async def _happened(self, raw: Mapping[str, object], found: Found | None) -> None:
        if found is None:
            kinds = [name for name in raw if name != "update_id"]
            LOG.debug("update %s is not for the shop: %s", raw.get("update_id"), kinds)
        elif isinstance(found, Forged):
            LOG.warning("update %s presses a button that is not ours", raw.get("update_id"))
            texts = load(choose("", self.locale))
            words = texts("refused.no_such_button")
            self.lanes.put("forged", partial(self._say, found.query, words))
        elif not isinstance(found, Asked):
            await self.standing.happened(found)

    async def _say(self, query: str, words: str) -> None:
        await say(self.wire, query, words)

    async def _fetched(self, asked: Asked) -> Asked:
        """With the file that came along: only of people who are let in, and never a large one."""
        if asked.file is None or await self.engine.people.find(asked.request.who) is None:
            return asked
        if asked.file.file_size > LARGEST_FILE:
            return _with(asked, problem="file_too_big")
        content = await self._fetch(asked.file)
        if content is None:
            return _with(asked, problem="file_not_fetched")
        if len(content) > LARGEST_FILE:
            return _with(asked, problem="file_too_big")
        return _with(asked, attachment=Attachment(name=asked.file.file_name or asked.file.file_id, content=content))

    async def _fetch(self, file: File) -> bytes | None:
        """Within a time of its own: the next poll waits for it, and with it everybody."""
        try:
            async with asyncio.timeout(self.patience_s):
                return await self._fetch_again(file)
        except TimeoutError:
            LOG.warning("a file did not come in time")
            return None

    async def _fetch_again(self, file: File) -> bytes | None:
        for wait_s in range(FETCHES):
            await asyncio.sleep(wait_s)
            try:
                return await self.wire.fetch(file.file_id)
            except (Transient, Rejected) as error:
                LOG.warning("a file could not be fetched: %s", error)
        return None

    def _begin(self, asked: Asked) -> None:
        """The clock on the pressed button runs from now."""
        if asked.query is not None:
            texts = load(choose(asked.request.locale, self.locale))
            self.presses.open(asked.request.update_id, asked.query, texts("front.working"))

    async def _aged(self, asked: Asked, moment: Moment) -> Asked:
        """A press carries no time. One that Telegram takes no answer for has lain around: it asks again (rule 10)."""
        if asked.query is None:
            return asked
        texts = load(choose(asked.request.locale, self.locale))
        if await self.presses.show(asked.request.update_id, texts("front.working")):
            return asked
        return _with(asked, sent_at=moment.of(0))

    async def _serve(self, asked: Asked, visit: Visit | None) -> None:
        """One that was stored before is being served already, or was: its press alone wants an end."""
        try:
            if visit is not None:
                await self.desk.serve(visit)
        finally:
            await self.presses.close(asked.request.update_id)
            self.standing.look_again()


def _with(asked: Asked, **changes: object) -> Asked:
    request = Request.model_validate({**dict(asked.request), **changes})
    return Asked(request, asked.query, asked.file)
