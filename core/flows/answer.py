"""Answer: a buyer's whole burst gets one answer: rules first, then the model, then the guard (laws 2, 4 and 6).

Chats are worked side by side, each chat in order. The model is asked outside any transaction; what was heard up to a
message is answered once, whoever comes first.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from core.clock import from_ms, to_ms
from core.errors import IllegalMove, ModelDown, OutOfCredit, ShopError
from core.flows.hearing import Hearing, hear
from core.flows.work import Work
from core.moves import answers
from core.moves.daily import Count
from core.rules import guard, replies
from core.rules.pacing import typing_s
from core.steps import Steps
from core.store.db import Tx

log = logging.getLogger(__name__)

GROUP = 200
LOOK_AGAIN_S = 30


class Answer:
    """Answers chats whose burst is complete."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._running: dict[int, asyncio.Task[None]] = {}
        self.model_state = "ok" if work.model else "off"

    async def step(self) -> bool:
        """Start what is due and not under way; whether anything was started."""
        rows = await self._work.store.flows.all("chats.due", now=to_ms(self._work.now()), most=GROUP)
        free = self._work.config.limits.chats_at_once - len(self._running)
        chosen = [row["id"] for row in rows if row["id"] not in self._running][: max(0, free)]
        for chat_id in chosen:
            task = asyncio.create_task(self._answer(chat_id), name=f"answer-{chat_id}")
            self._running[chat_id] = task
            task.add_done_callback(lambda _, chat_id=chat_id: self._ended(chat_id))
        return bool(chosen)

    def _ended(self, chat_id: int) -> None:
        self._running.pop(chat_id, None)
        self._work.bells.answer.ring()

    async def quiet(self) -> None:
        """Wait until nothing is under way (tests, shutdown)."""
        while self._running:
            await asyncio.wait(self._running.values())

    def is_busy(self) -> bool:
        """Whether chats are being answered."""
        return bool(self._running)

    async def next_at(self) -> datetime | None:
        """When the next answer is due."""
        row = await self._work.store.flows.one("chats.next_due", now=to_ms(self._work.now()))
        return from_ms(row["due_at"]) if row and row["due_at"] is not None else None

    async def _answer(self, chat_id: int) -> None:
        try:
            hearing = await hear(self._work, chat_id)
            if hearing is None:
                return
            await self._decide(hearing)
        except IllegalMove:
            log.info("chat %s was dealt with meanwhile", chat_id)
        except Exception:
            log.exception("chat %s put off", chat_id)
            due_at = to_ms(self._work.now() + timedelta(seconds=LOOK_AGAIN_S))
            await self._work.store.write(lambda tx: tx.run("chats.put_off", id=chat_id, due_at=due_at))
