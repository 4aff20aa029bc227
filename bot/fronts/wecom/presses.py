"""What is being asked in WeCom right now: how it may be answered, and what is shown when that takes a while."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.cards.card import Card
from bot.cards.clean import clip
from bot.fronts.wecom.mouth import Mouth
from bot.fronts.wecom.paint import MAX_SUB, closed, is_words, markdown, notice_card, paint, safe
from bot.fronts.wecom.shapes import Clicked, Json, Place
from core.errors import Transient

CLICK_S = 5.0
"""A pressed card can be changed for so long (facts: WeCom c2)."""
CLICK_PATIENCE_S = 3.0
WORDS_PATIENCE_S = 1.5
REMEMBERED = 1000


@dataclass
class Asked:
    """A message or a click that waits for its answer; `at_s` is on the loop's clock. `stream` once it grows."""

    place: Place
    at_s: float
    task_id: str = ""
    stream: str = ""
    kept: bool = False
    """It is stored: when it is delivered again, that may be acknowledged."""
    used: bool = False
    """The callback of a click was answered: its card cannot be changed again."""


class Presses:
    """The answers to what is being asked, each in the way WeCom allows it."""

    def __init__(self, mouth: Mouth, waiting: str, patience_s: tuple[float, float] | None = None) -> None:
        """`waiting` is shown when an answer takes longer than the patience for words, or for a click."""
        self._mouth = mouth
        self._waiting = waiting
        self._patience_s = patience_s or (WORDS_PATIENCE_S, CLICK_PATIENCE_S)
        self._open: dict[str, Asked] = {}
        self._cards: OrderedDict[str, Card] = OrderedDict()
        self._patience: set[asyncio.Task[None]] = set()

    def find(self, update_id: str) -> Asked | None:
        """What is being asked under an update's id; None after a restart, or when it was answered."""
        return self._open.get(update_id)

    def shown(self, task_id: str, card: Card) -> None:
        """Remember a card with buttons, so that a press can turn it into itself with a word more."""
        if task_id:
            self._cards[task_id] = card.model_copy(update={"picture": None, "file": None})  # a press shows words alone
            if len(self._cards) > REMEMBERED:
                self._cards.popitem(last=False)

    def open(self, update_id: str, asked: Asked) -> asyncio.Task[None]:
        """Something was asked; the task says that it takes a while, unless it is cancelled."""
        self._open[update_id] = asked
        patience_s = self._patience_s[1] if asked.task_id else self._patience_s[0]
        task = asyncio.create_task(self._lose_patience(asked, patience_s))
        self._patience.add(task)
        task.add_done_callback(self._patience.discard)
        return task

    async def close_all(self) -> None:
        """Nobody is told any more that it takes a while: also of what never came to be carried out."""
        tasks = list(self._patience)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self, update_id: str) -> None:
        """It was answered, or never will be."""
        self._open.pop(update_id, None)

    async def _lose_patience(self, asked: Asked, patience_s: float) -> None:
        await asyncio.sleep(patience_s)
        place = asked.place
        if asked.task_id:
            card = self._cards.get(asked.task_id)
            await self.turn(asked, _with_word(card, asked.task_id, self._waiting, buttons=False))
            return
        stream = asked.stream = secrets.token_hex(8)
        if not await self._mouth.stream(place.chat_id, place.req_id, stream, self._waiting, finish=False):
            asked.stream = ""

    async def turn(self, asked: Asked, template: Json, userids: tuple[str, ...] = ()) -> bool:
        """Change the pressed card, once and in time; False when it cannot be."""
        fresh = asyncio.get_running_loop().time() - asked.at_s < CLICK_S
        if asked.used or not fresh or not asked.task_id:
            return False
        asked.used = True
        try:
            return await self._mouth.update(asked.place.chat_id, asked.place.req_id, template, userids)
        except Transient:
            return False

    async def become(self, asked: Asked, card: Card) -> bool:
        """The pressed card turns into its answer, for everybody; False when it cannot, or cannot carry it."""
        if card.picture is not None or card.file is not None:
            return False
        page = paint(card, asked.task_id)
        turned = await self.turn(asked, page.card or closed(card, asked.task_id))
        if turned:
            self.shown(asked.task_id, card)
        return turned

    async def whisper(self, asked: Asked, card: Card) -> bool:
        """The pressed card says why nothing was done, to the person who pressed alone, and keeps its buttons."""
        known, words = self._cards.get(asked.task_id), " ".join(filter(None, (card.title, card.note)))
        return await self.turn(asked, _with_word(known, asked.task_id, words), (asked.place.user_id,))

    async def finish(self, asked: Asked, card: Card) -> bool:
        """End a growing message with the answer; False when there is none, it cannot be, or more has to follow."""
        stream, asked.stream = asked.stream, ""
        if not stream:
            return False
        whole = is_words(card)
        text, place = markdown(card) if whole else safe(card.title), asked.place
        return await self._mouth.stream(place.chat_id, place.req_id, stream, text, finish=True) and whole


def asked_by(found: Place | Clicked, at_s: float) -> Asked:
    """What a callback asks."""
    if isinstance(found, Clicked):
        return Asked(found.place, at_s, found.task_id)
    return Asked(found, at_s)


def _with_word(card: Card | None, task_id: str, words: str, *, buttons: bool = True) -> Json:
    """A card with a word more; of one that is not known any more only the word."""
    if card is None:
        return notice_card(words, task_id)
    template = paint(card, task_id).card if buttons and card.buttons else closed(card, task_id)
    assert template is not None
    return {**template, "sub_title_text": clip(words, MAX_SUB)}
