"""Answer: a buyer's whole burst gets one answer: rules first, then the model, then the guard (laws 2, 4 and 6).

Chats are worked side by side, each chat in order. The model is asked outside any transaction; what was heard up to a
message is answered once, whoever comes first.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import orjson

from core.clock import from_ms, to_ms
from core.errors import IllegalMove, ModelDown, OutOfCredit, ShopError
from core.flows.hearing import Hearing, hear
from core.flows.work import Work
from core.moves import answers, pauses
from core.moves.daily import Count
from core.moves.notices import tell
from core.outside.ports import Turn
from core.rules import guard, replies
from core.rules.experts import Spoken, build_turns, fill, parse_intent, prompt_facts, temperature
from core.rules.guard import Verdict
from core.rules.pacing import typing_s
from core.rules.replies import Expert, Reply, ReplyKind
from core.steps import Steps
from core.store.db import Tx
from core.values.notices import NoticeKind

log = logging.getLogger(__name__)

GROUP = 200
READ_AT_ONCE = 4
"""Chats of an account whose histories are read at once: fifty that begin in one instant would hold the loop up."""
LOOK_AGAIN_S = 30
WRITE_AGAIN_S = 3.0
"""Real seconds before a chat of which nothing could be written is looked at again: the model is paid for each look."""
CLASSIFY_TOKENS = 16


class Answer:
    """Answers chats whose burst is complete."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._running: dict[int, asyncio.Task[None]] = {}
        self._unwritten: set[int] = set()
        """Chats of which nothing could be written, for a moment."""
        self._busy: Counter[int] = Counter()
        """How many chats of an account are under way: one whose every call hangs takes no place of another's."""
        self._reading: defaultdict[int, asyncio.Semaphore] = defaultdict(partial(asyncio.Semaphore, READ_AT_ONCE))
        self._looked_at = work.now()
        """When it last looked: what has come due since is not missed."""
        self.model_state = "ok" if work.model else "off"

    async def step(self) -> bool:
        """Start what is due and not under way; whether anything was started."""
        self._looked_at = self._work.now()
        most = self._work.config.limits.chats_at_once
        full = orjson.dumps([account for account, busy in self._busy.items() if busy >= most]).decode()
        rows = await self._work.store.flows.all(
            "chats.due", now=to_ms(self._looked_at), full=full, most=GROUP + len(self._running) + len(self._unwritten)
        )
        started = [self._start(row["id"], row["account_id"], most) for row in rows]
        return any(started)

    def _start(self, chat_id: int, account_id: int, most: int) -> bool:
        if chat_id in self._running or chat_id in self._unwritten or self._busy[account_id] >= most:
            return False
        task = asyncio.create_task(self._answer(chat_id, account_id), name=f"answer-{chat_id}")
        self._running[chat_id] = task
        self._busy[account_id] += 1
        task.add_done_callback(partial(self._ended, chat_id, account_id))
        return True

    def _ended(self, chat_id: int, account_id: int, task: asyncio.Task[None]) -> None:
        self._running.pop(chat_id, None)
        self._busy[account_id] -= 1
        if not task.cancelled() and task.exception() is not None:
            log.error("nothing could be written of chat %s", chat_id, exc_info=task.exception())
            self._unwritten.add(chat_id)
            asyncio.get_running_loop().call_later(WRITE_AGAIN_S, self._try_again, chat_id)
        self._work.bells.answer.ring()

    def _try_again(self, chat_id: int) -> None:
        self._unwritten.discard(chat_id)
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
        row = await self._work.store.flows.one("chats.next_due", now=to_ms(self._looked_at))
        return from_ms(row["due_at"]) if row and row["due_at"] is not None else None

    async def _answer(self, chat_id: int, account_id: int) -> None:
        try:
            async with self._reading[account_id]:
                hearing = await hear(self._work, chat_id)
            if hearing is not None:
                await self._act(hearing, await self._decide(hearing))
        except IllegalMove:
            log.info("chat %s was dealt with meanwhile", chat_id)
        except Exception:
            log.exception("chat %s put off", chat_id)
            due_at = to_ms(self._work.now() + timedelta(seconds=LOOK_AGAIN_S))
            await self._work.store.write(lambda tx: tx.run("chats.put_off", id=chat_id, due_at=due_at))

    async def _decide(self, hearing: Hearing) -> Reply:
        """Rules first; what they leave open is the model's; without a usable answer of it, the rules' fallback."""
        reply = replies.decide(hearing.facts, self._work.config.replies)
        if reply.kind is ReplyKind.classify:
            reply = replies.ask(await self._classify(hearing, reply.expert or Expert.default))
        if reply.kind is not ReplyKind.ask or reply.expert is None:
            return reply
        text = await self._ask(hearing, reply.expert)
        if text is not None:
            return reply.model_copy(update={"text": text})
        return replies.fallback(hearing.facts, reply.expert)

    async def _classify(self, hearing: Hearing, otherwise: Expert) -> Expert:
        prompt = fill(self._work.prompts["classify"], self._prompt_facts(hearing))
        text = await self._complete(build_turns(prompt, (), hearing.facts.burst, 0), 0.0, CLASSIFY_TOKENS)
        return otherwise if text is None else parse_intent(text)

    async def _ask(self, hearing: Hearing, expert: Expert) -> str | None:
        """What the model would say, when it is there and the guard lets it pass; else None."""
        prompt = fill(self._work.prompts[expert.value], self._prompt_facts(hearing))
        turns = build_turns(prompt, hearing.history, hearing.facts.burst, self._work.config.replies.history)
        freedom = temperature(expert, hearing.facts.bargain_rounds)
        self._work.steps.reached(Steps.answer_before_model)
        text = await self._complete(turns, freedom, self._work.config.ai.max_tokens)
        if text is None:
            return None
        verdict = self._judge(text, hearing, self._work.prompts[expert.value])
        if verdict.passed:
            return verdict.text
        kinds = ",".join(sorted(kind.value for kind in verdict.kinds))
        cause = self._work.cause()
        await self._work.store.write(lambda tx: answers.blocked(tx, cause, hearing.chat, hearing.through, kinds))
        return None

    async def _complete(self, turns: Sequence[Spoken], freedom: float, most: int) -> str | None:
        assert self._work.model is not None
        try:
            spoken = [Turn(role=role, text=text) for role, text in turns]
            completion = await self._work.model.complete(spoken, freedom, most)
        except (ModelDown, OutOfCredit) as error:
            await self._model_failed(error)
            return None
        self.model_state = "ok"
        return completion.text

    async def _model_failed(self, error: ShopError) -> None:
        """Rules answer alone meanwhile; the owner is told once, until it works again."""
        if self.model_state == "ok":
            cause = self._work.cause()
            await self._work.store.write(
                lambda tx: tell(tx, cause, NoticeKind.model_down, "shop", 1, once=cause.now_ms, detail=error.key)
            )
        self.model_state = error.key

    def _judge(self, text: str, hearing: Hearing, instructions: str = "") -> Verdict:
        most = self._work.config.replies.max_chars
        facts = guard.facts_of(hearing.facts.product, instructions=instructions, max_chars=most)
        return self._work.judge(text, facts)

    def _prompt_facts(self, hearing: Hearing) -> dict[str, str]:
        return prompt_facts(hearing.facts.product, hearing.chat.item_title, hearing.facts.bargain_rounds)

    async def _act(self, hearing: Hearing, reply: Reply) -> None:
        """Write the answer; a rule's words pass the same guard as the model's (law 6)."""
        text = reply.text
        if text and not self._judge(text, hearing).passed:
            reply = Reply(kind=ReplyKind.hand_over, reason="guard")
        due_at = self._work.now() + timedelta(seconds=typing_s(reply.text, self._work.config.replies))
        self._work.steps.reached(Steps.answer_before_store)
        await self._work.store.write(lambda tx: self._write(tx, hearing, reply, due_at))
        self._work.steps.reached(Steps.answer_stored)

    def _write(self, tx: Tx, hearing: Hearing, reply: Reply, due_at: datetime) -> None:
        cause, chat, through = self._work.cause(reply.reason), hearing.chat, hearing.through
        if pauses.is_paused(pauses.list_active(tx, cause), None, chat.id, chat.account_id):
            raise IllegalMove("paused", chat=chat.id)  # it began while the model thought; the burst keeps its turn
        if reply.kind is ReplyKind.ignore:
            answers.stay_silent(tx, cause, chat, through)
        elif reply.kind is ReplyKind.hand_over:
            answers.hand_over(tx, cause, chat, through, reply.reason, reply.text, due_at)
        else:
            counted = Count.answers_by_model if reply.kind is ReplyKind.ask else Count.answers_by_rule
            answers.answer(tx, cause, chat, through, reply.text, due_at, counted, reply.bargained)
