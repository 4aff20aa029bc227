"""Saying a page in a chat: within the budget, around what the gateway refuses, by the push robot when it must be."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.cards.card import Card
from bot.fronts.wecom.budget import Budget, Kind
from bot.fronts.wecom.doubts import Doubts
from bot.fronts.wecom.faults import CHAT_CLOSED, TASK_ID_REUSED, TOO_FAST, WRONG_REPLY, Rejected
from bot.fronts.wecom.paint import SEPARATOR, Page, new_task_id, paint
from bot.fronts.wecom.push import Push
from bot.fronts.wecom.shapes import RESPOND, SEND, UPDATE, WELCOME, Json
from bot.fronts.wecom.uploads import upload
from bot.fronts.wecom.wire import Wire
from core.errors import Busy, MaybeSent, Transient, Unknown

LOG = logging.getLogger("zhanggui.wecom")
LONGEST_WAIT_S = 20.0
"""Shop seconds an answer waits for its turn; a longer wait is for whoever asked."""
REST_S = 60.0
UPLOADS = "uploads"
"""Files have a budget of their own, of the same size (facts: WeCom c2): a chat of that name does not exist."""
PUSHED = "push"
"""Where the push robot stands, for what may have been said there."""
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Sign:
    """Words the mouth adds: before a card that may have been shown already, below one whose buttons cannot be."""

    maybe_again: str
    no_buttons: str
    no_files: str = ""
    """Stands for a picture or a file that cannot be sent."""


class Mouth:
    """Says cards in chats; `chat_id` is WeCom's own id.

    Raises Busy(retry_after_s) when the budget is used up, another Transient when the chat cannot be reached.
    """

    def __init__(self, connection: Wire, push: Push | None, now: Now, sign: Sign, speed: float = 1.0) -> None:
        """`now` is shop time, which runs `speed` times as fast as real time."""
        self._connection = connection
        self._push = push
        self._now = now
        self._sign = sign
        self._budget = Budget()
        self._doubts = Doubts(sign.maybe_again)
        self._speed = speed

    async def say(self, chat_id: str, card: Card, kind: Kind, *, reply_to: str | None = None) -> str:
        """Show a card; the task_id of its template card, or an empty text. `reply_to` is a message's req_id."""
        card = self._carried(card)
        try:
            task_id = await self._say(chat_id, card, kind, self._doubts.mark(chat_id, card), reply_to)
        except Unknown as error:
            self._doubts.note(chat_id, card)
            raise MaybeSent("no_answer") from error
        self._doubts.settle(chat_id, card)
        return task_id

    def _carried(self, card: Card) -> Card:
        """A card without what the wire cannot carry, which is said."""
        if self._connection.takes_files or (card.picture is None and card.file is None):
            return card
        note = "\n".join(filter(None, (card.note[:1000], self._sign.no_files)))
        return card.model_copy(update={"picture": None, "file": None, "note": note})

    async def _say(self, chat_id: str, card: Card, kind: Kind, mark: str, reply_to: str | None) -> str:
        task_id = new_task_id(card) if card.buttons else ""
        page = paint(card, task_id, mark)
        try:
            await self._show(chat_id, card, page, kind, reply_to)
        except Rejected as error:
            if error.errcode in CHAT_CLOSED:
                raise Transient("chat_closed") from error
            if page.card is None:
                raise Transient("chat_refused") from error
            if error.errcode == TASK_ID_REUSED:
                return await self._say(chat_id, card, kind, mark, reply_to)
            LOG.warning("a card was refused (%d), its words go alone", error.errcode)
            words = Page(f"{page.markdown}\n\n{self._sign.no_buttons}")
            await self._show_plain(chat_id, card, words, kind)
            return ""
        return task_id

    async def _show_plain(self, chat_id: str, card: Card, page: Page, kind: Kind) -> None:
        try:
            await self._show(chat_id, card, page, kind, None)
        except Rejected as error:
            raise Transient("chat_refused") from error

    async def _show(self, chat_id: str, card: Card, page: Page, kind: Kind, reply_to: str | None) -> None:
        """The picture, the file, the words, the buttons: what there is of it, in that order."""
        bodies = _bodies(page)
        extras = (card.picture is not None) + (card.file is not None)
        await self._turn(chat_id, kind, len(bodies) + extras)
        if card.picture is not None:
            bodies.insert(0, await self._media("image", "picture.png", card.picture))
        if card.file is not None:
            bodies.insert(0, await self._media("file", card.file.name, card.file.content))
        for place, body in enumerate(bodies):
            try:
                await self._one(chat_id, body, None if place else reply_to)
            except (Rejected, Transient):
                if place:
                    self._doubts.note(chat_id, card)
                raise

    async def _media(self, kind: str, name: str, content: bytes) -> Json:
        await self._turn(UPLOADS, Kind.answer, 1)
        try:
            media_id = await upload(self._connection.ask, kind, name, content)
        except Unknown as error:
            raise Transient("chat_unreachable") from error  # nobody sees a file go up
        return {"msgtype": kind, kind: {"media_id": media_id}}

    async def _one(self, chat_id: str, body: Json, reply_to: str | None) -> None:
        try:
            if reply_to is not None:
                await self._connection.ask(RESPOND, body, reply_to)
            else:
                await self._connection.ask(SEND, {"chatid": chat_id, **body})
        except Rejected as error:
            if reply_to is not None and error.errcode in WRONG_REPLY:
                self._budget.spend(chat_id, self._now().timestamp())  # the refused one counts too
                await self._one(chat_id, body, None)
            elif error.errcode in TOO_FAST:
                self._rest(chat_id)
            else:
                raise

    def _rest(self, chat_id: str) -> None:
        LOG.warning("WeCom asks to rest in a chat")
        self._budget.hold(chat_id, self._now().timestamp() + REST_S)
        raise Busy("chat_busy", retry_after_s=REST_S)

    async def _turn(self, chat_id: str, kind: Kind, count: int) -> None:
        """Wait for the turn of an answer and take all of it, so that two pages at once do not share it; or Busy."""
        while (wait_s := self._budget.wait_s(chat_id, kind, self._now().timestamp(), count)) > 0:
            if kind is not Kind.answer or wait_s > LONGEST_WAIT_S:
                raise Busy("chat_busy", retry_after_s=wait_s)
            await asyncio.sleep(wait_s / self._speed)
        for _ in range(count):
            self._budget.spend(chat_id, self._now().timestamp())

    async def update(self, chat_id: str, req_id: str, template: Json, userids: tuple[str, ...] = ()) -> bool:
        """Change a pressed card, for all or for some; False when it is too late for that."""
        body: Json = {"response_type": "update_template_card", "template_card": template}
        self._budget.spend(chat_id, self._now().timestamp())
        try:
            await self._connection.ask(UPDATE, body | ({"userids": list(userids)} if userids else {}), req_id)
        except Rejected as error:
            LOG.info("a pressed card was not changed: %d", error.errcode)
            return False
        except Unknown as error:
            raise MaybeSent("no_answer") from error
        return True

    async def stream(self, chat_id: str, req_id: str, stream_id: str, text: str, *, finish: bool) -> bool:
        """A message that grows until it is finished; False when the gateway takes it no more."""
        body: Json = {"msgtype": "stream", "stream": {"id": stream_id, "finish": finish, "content": text}}
        self._budget.spend(chat_id, self._now().timestamp())
        try:
            await self._connection.ask(RESPOND, body, req_id)
        except (Rejected, Unknown, Transient) as error:
            LOG.info("a growing message stopped: %s", type(error).__name__)
            return False
        return True

    async def words(self, chat_id: str, text: str, kind: Kind) -> None:
        """Plain markdown."""
        await self._turn(chat_id, kind, 1)
        try:
            await self._one(chat_id, {"msgtype": "markdown", "markdown": {"content": text}}, None)
        except Rejected as error:
            raise Transient("chat_closed" if error.errcode in CHAT_CLOSED else "chat_refused") from error
        except Unknown as error:
            raise MaybeSent("no_answer") from error

    async def welcome(self, req_id: str, text: str) -> None:
        """Answer somebody who opened the private chat. Raises what the gateway's answer is: Rejected, Unknown."""
        await self._connection.ask(WELCOME, {"msgtype": "text", "text": {"content": text}}, req_id)

    async def push(self, card: Card) -> None:
        """Say it by the push robot, which has no buttons; Transient when there is none."""
        if self._push is None:
            raise Transient("chat_unreachable")
        note = "\n".join(filter(None, (card.note[:1000], self._sign.no_buttons if card.buttons else "")))
        title = SEPARATOR.join(filter(None, (self._doubts.mark(PUSHED, card), card.title)))
        try:
            await self._push.say(card.model_copy(update={"title": title, "buttons": (), "note": note}))
        except MaybeSent:
            self._doubts.note(PUSHED, card)
            raise
        self._doubts.settle(PUSHED, card)


def _bodies(page: Page) -> list[Json]:
    bodies: list[Json] = []
    if page.card is None or not page.fits:
        bodies.append({"msgtype": "markdown", "markdown": {"content": page.markdown}})
    if page.card is not None:
        bodies.append({"msgtype": "template_card", "template_card": page.card})
    return bodies
