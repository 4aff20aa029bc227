"""Sending: within the budget, around what Telegram refuses, and one edit of a message at a time, the newest last."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.fronts.telegram.budget import Budget, Kind
from bot.fronts.telegram.faults import Migrated, Reason, Rejected
from bot.fronts.telegram.letters import Letter, repair
from bot.fronts.telegram.wire import Wire
from core.errors import Busy, Transient

T = TypeVar("T")
LOG = logging.getLogger("zhanggui.telegram")
LONGEST_REST_S = 30.0
"""An answer waits out a rest of this length; a longer one is for whoever asked for it to wait out."""
NOTHING_TO_DO = frozenset({Reason.not_modified, Reason.gone})

OnMoved = Callable[[int, int], Awaitable[None]]
OnLimited = Callable[[int, float], None]
OnTopicGone = Callable[[int, int], Awaitable[None]]


@dataclass
class Edits:
    """The edits of one message that wait for each other."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0
    waiting: int = 0


class Mail:
    """The messages of the front on their way.

    Raises Busy(retry_after_s) for what must not wait here, MaybeSent and Transient as wire.py says.
    """

    def __init__(
        self,
        wire: Wire,
        budget: Budget,
        on_moved: OnMoved,
        on_limited: OnLimited,
        on_topic_gone: OnTopicGone | None = None,
    ) -> None:
        """`on_moved` hears of a group's new id, `on_limited` of a 429 in a chat and how long it asked to rest.

        `on_topic_gone` hears of a topic that is none any more: the message goes to the chat's main one.
        """
        self._on_topic_gone = on_topic_gone
        self._wire = wire
        self._budget = budget
        self._on_moved = on_moved
        self._on_limited = on_limited
        self._moved: dict[int, int] = {}
        self._edits: defaultdict[tuple[int, str], Edits] = defaultdict(Edits)

    async def send(self, chat: int, letter: Letter, kind: Kind) -> str:
        """A new message; its key."""
        key = await self._do(chat, kind, letter, self._wire.send)
        return key or ""

    async def edit(self, chat: int, message: str, letter: Letter, kind: Kind, version: int = 0) -> bool:
        """Turn a message into another; False when it cannot become one of this kind, so that a new one is needed.

        While one edit of a message waits, only the newest version of those behind it goes. A group that moved took no
        messages along: the same number names another one there.
        """
        if (message[:1] == "p") != (letter.page.picture is not None) or letter.page.file is not None:
            return False

        async def turn(there: int, last: Letter) -> bool:
            return there == chat and await self._edit(there, message, last)

        edits = self._edits[(chat, message)]
        edits.newest = max(version, edits.newest)
        edits.waiting += 1
        try:
            async with edits.turn:
                if version >= edits.newest:
                    return await self._do(chat, kind, letter, turn)
        finally:
            edits.waiting -= 1
            if not edits.waiting:
                self._edits.pop((chat, message), None)
        return True

    async def _edit(self, chat: int, message: str, letter: Letter) -> bool:
        try:
            await self._wire.edit(chat, message, letter)
        except Rejected as error:
            if error.reason not in NOTHING_TO_DO:
                raise
        return True

    async def _do(self, chat: int, kind: Kind, letter: Letter, call: Callable[[int, Letter], Awaitable[T]]) -> T:
        chat = self._moved.get(chat, chat)
        last: Letter | None = letter
        while last is not None:
            await self._turn(chat, kind)
            try:
                return await call(chat, last)
            except Rejected as error:
                LOG.info("chat %s refused a message: %s", chat, error.reason)
                if error.reason is Reason.no_topic and last.topic is not None and self._on_topic_gone is not None:
                    await self._on_topic_gone(chat, last.topic)
                last = repair(last, error.reason)
            except Migrated as error:
                await self._on_moved(chat, error.chat_id)
                chat = self._moved[chat] = error.chat_id
                last = replace(last, topic=None, reply_to=None)
            except Busy as error:
                self._rest(chat, error, kind)
        raise Transient("chat_refused")

    async def _turn(self, chat: int, kind: Kind) -> None:
        """Wait for this kind's turn, if it may wait; Busy says when to come again."""
        loop = asyncio.get_running_loop()
        while (wait_s := self._budget.wait_s(chat, kind, loop.time())) > 0:
            if kind is not Kind.answer:
                raise Busy("chat_busy", retry_after_s=wait_s)
            await asyncio.sleep(wait_s)
        self._budget.spend(chat, loop.time())

    def _rest(self, chat: int, error: Busy, kind: Kind) -> None:
        """Telegram asked for a rest: in this chat; everywhere, when another chat rests already."""
        now, wait_s = asyncio.get_running_loop().time(), error.retry_after_s or 1.0
        self._budget.hold(None if self._budget.is_held_elsewhere(chat, now) else chat, now + wait_s)
        self._on_limited(chat, wait_s)
        LOG.warning("Telegram asked to rest for %.0f s in chat %s", wait_s, chat)
        if kind is not Kind.answer or wait_s > LONGEST_REST_S:
            raise error
