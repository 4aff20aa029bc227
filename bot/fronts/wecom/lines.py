"""States told by a line: a card that stands in WeCom never changes, so the newest state of its thing is a new line.

What changes in a hurry is told once: lines wait a moment, only the newest of a thing is kept, and those of a chat go as
one message. Steps that pass by themselves are not told, nor is a state that was told before.
"""

import asyncio
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable

from bot.cards.card import Card
from bot.cards.marks import SHIP_MARKS
from bot.fronts.wecom.paint import SEPARATOR, safe
from core.errors import Transient
from core.values.fulfilment import FulfilmentState

LOG = logging.getLogger("zhanggui.wecom")
SETTLE_S = 2.0
"""Real seconds a line waits for a newer one."""
MOST_AT_ONCE = 12
PATIENCE = 5
"""So many times as long waits a line whose chat cannot be reached: each try is a frame and a line in the log."""
HOPELESS = frozenset({"chat_closed", "chat_refused"})
REMEMBERED = 2000
PASSING = tuple(SHIP_MARKS[state] for state in (FulfilmentState.scheduled, FulfilmentState.executing))
"""The signs of states that end by themselves, in seconds or at the planned time: the outcome is told."""
Tell = Callable[[str, str], Awaitable[None]]


class StateLines:
    """Lines that wait, by chat and thing."""

    def __init__(self, tell: Tell, passing: str, settle_s: float = SETTLE_S) -> None:
        """`tell` says a markdown in a chat; `passing` is one more state's word that is not told."""
        self._tell = tell
        self._passing = (*PASSING, passing)
        self._settle_s = settle_s
        self._waiting: defaultdict[str, OrderedDict[str, str]] = defaultdict(OrderedDict)
        self._told: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._news = asyncio.Event()

    def shown(self, chat: str, card: Card) -> None:
        """A card was shown: its state is told, an older line of its thing is not needed."""
        self._drop(chat, card.ref)
        self._remember(chat, card.ref, state_of(card))

    def put(self, chat: str, card: Card) -> None:
        """The thing of a card changed."""
        state = state_of(card)
        self._drop(chat, card.ref)
        if state.startswith(self._passing) or self._told.get((chat, card.ref)) == state:
            return
        self._waiting[chat][card.ref] = card.title
        self._news.set()

    def _drop(self, chat: str, ref: str) -> None:
        if chat in self._waiting:
            self._waiting[chat].pop(ref, None)

    async def keep(self) -> None:
        """Tell what waits, for ever; what could not be said is tried again."""
        while True:
            await self._news.wait()
            self._news.clear()
            await asyncio.sleep(self._settle_s)
            for chat in [chat for chat, lines in self._waiting.items() if lines]:
                await self._flush(chat)

    async def _flush(self, chat: str) -> None:
        waiting = self._waiting[chat]
        lines = dict(list(waiting.items())[:MOST_AT_ONCE])
        try:
            await self._tell(chat, "\n".join(safe(title) for title in lines.values()))
        except Transient as error:
            if error.key in HOPELESS:
                LOG.warning("the lines of a chat were dropped: %s", error.key)
                del self._waiting[chat]
                return
            LOG.info("the lines of a chat wait: %s", error.key)
            self._again(error.retry_after_s or self._settle_s * PATIENCE)
            return
        except Exception:  # a bug of one line must not end them all, nor the connection they share a task group with
            LOG.exception("the lines of a chat were dropped")
            del self._waiting[chat]
            return
        for ref, title in lines.items():
            self._remember(chat, ref, title.partition(SEPARATOR)[0])
            if waiting.get(ref) == title:
                del waiting[ref]
        if waiting:
            self._news.set()
        else:
            self._waiting.pop(chat, None)

    def _again(self, wait_s: float) -> None:
        asyncio.get_running_loop().call_later(wait_s, self._news.set)

    def _remember(self, chat: str, ref: str, state: str) -> None:
        self._told[chat, ref] = state
        self._told.move_to_end((chat, ref))
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)


def state_of(card: Card) -> str:
    """The state a card's title begins with."""
    return card.title.partition(SEPARATOR)[0]
