"""The counter in a self-built app: 1:1 chats with cards that change, and alerts into the group the app made.

An app hears nothing in groups (facts: WeCom b). A card may be changed once with the code its sending, or the newest
press on it, gave; after that its states are told by lines.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from bot.auth import Request
from bot.cards.card import Card, Place
from bot.commands.walk import Visit
from bot.desk import Desk
from bot.fronts.lanes import STOP, Lanes
from bot.fronts.late import LATE_S, answer_late
from bot.fronts.strangers import Strangers
from bot.fronts.wecom.budget import Budget, Kind
from bot.fronts.wecom.doubts import Doubts
from bot.fronts.wecom.events import APP, read_callback
from bot.fronts.wecom.faults import AWAY, TOO_FAST, Rejected
from bot.fronts.wecom.lines import SETTLE_S, StateLines
from bot.fronts.wecom.listener import Callbacks, Listener
from bot.fronts.wecom.paint import Page, closed, in_pieces, message_of, new_task_id, paint, safe
from bot.fronts.wecom.probing import probe_app, probe_people, probe_url
from bot.fronts.wecom.shapes import Json
from bot.fronts.wecom.wechat import AppApi, Envelope
from bot.texts import load
from core.config import Config
from core.engine.front import Engine
from core.errors import Busy, MaybeSent, Transient
from core.values.checks import CheckLine
from core.values.people import ChatKind

LOG = logging.getLogger("zhanggui.wecom")
REST_S = 60.0
REMEMBERED = 2000
GROUP_SENDS, PERSON_SENDS = "appchat/send", "message/send"


class App:
    """A Listener (bot/fronts/counter.py) over a self-built app's callbacks and calls."""

    name = APP

    def __init__(
        self,
        config: Config,
        engine: Engine,
        *,
        listener: Listener | None = None,
        api: AppApi | None = None,
        settle_s: float = SETTLE_S,
        late_s: float = LATE_S,
    ) -> None:
        """`listener` is shared with whoever else is called; `api` stands in for the one the configuration names.

        `settle_s` and `late_s` are real seconds.
        """
        settings, texts = config.wecom.app, load(config.shop.locale)
        self._engine = engine
        self._texts = texts
        self._agent = settings.agent_id
        self._group = settings.chat
        self._api = api or AppApi(settings.corp_id, settings.secret.get_secret_value(), settings.api_url)
        envelope = Envelope(settings.token.get_secret_value(), settings.aes_key.get_secret_value(), settings.corp_id)
        self.listener = listener or Listener(config.wecom.http.host, config.wecom.http.port)
        self._callbacks, self._path = Callbacks(envelope, self._hear), settings.path
        self._budget = Budget()
        self._lines = StateLines(self._tell_lines, texts("order.soon"), settle_s)
        self._lanes = Lanes()
        self._strangers = Strangers(engine)
        self._codes: OrderedDict[tuple[str, str], tuple[str, str]] = OrderedDict()
        """(chat, thing) → the task_id of its newest card, and the code that may change it once."""
        self._doubts = Doubts(texts("notice.maybe_again"))
        self._late_s = late_s
        self._desk: Desk | None = None

    async def listen(self, desk: Desk) -> None:
        """Serve the callback URL until cancelled."""
        self._desk = desk
        await self._open_group()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lines.keep())
            group.create_task(answer_late(desk, APP, every_s=self._late_s))
            group.create_task(self._serve_url())

    async def _open_group(self) -> None:
        """The group of the configuration is the app's one room; nobody is heard there, so that it makes no owner."""
        wanted = f"{APP}:{self._group}" if self._group else ""
        for room in await self._engine.rooms.list_homes(APP):
            if room.chat != wanted:
                await self._engine.rooms.leave(room.chat)
        if wanted:
            await self._engine.rooms.bind(wanted, ChatKind.group)

    async def _serve_url(self) -> None:
        async with self.listener.serving(self._path, self._callbacks) as over:
            await over

    async def probe(self) -> Sequence[CheckLine]:
        """What a check finds (bot/fronts/checks.Probing)."""
        lines = await probe_app(self._api, self._agent, self._group)
        url = probe_url(self.listener, self._callbacks, self._path, listens=self._desk is not None)
        return [*lines, url, *await probe_people(self._engine, APP)]

    async def close(self) -> None:
        """What is being answered is stored, and taken up at the next start."""
        await self._lanes.close()
        self._api.close()

    async def answer(self, request: Request, card: Card, place: Place) -> str:
        """The pressed card turns once, or a message of its own follows; an app has no toast."""
        turned = place is Place.same and await self._turn(request.chat, request.reply_to or "", card)
        if not turned or not paint(card).fits:
            await self._say(request.chat, card, Kind.answer)
        self._lines.shown(request.chat, card)
        return message_of(card)

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:  # noqa: ARG002 - WeCom has none
        """A new message."""
        await self._say(chat, card, Kind.notice)
        self._lines.shown(chat, card)
        return message_of(card)

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        """The card changes where its code is unused; else a line tells the new state."""
        if await self._turn(chat, message, card):
            self._lines.shown(chat, card)
        else:
            self._lines.put(chat, card)

    async def _turn(self, chat: str, message: str, card: Card) -> bool:
        """Change the newest card of a thing; False when no code is left, or it was refused."""
        task_id, code = self._codes.pop((chat, message), ("", ""))
        if not code or card.picture is not None or card.file is not None:
            return False
        body: Json = {"atall": 1, "agentid": self._agent, "response_code": code}
        painted = paint(card, task_id).card or closed(card, task_id)
        self._spend(chat)
        try:
            await self._ask("message/update_template_card", {**body, "template_card": painted})
        except (Rejected, Transient) as error:
            LOG.info("a card was not changed: %s", error)
            return False
        return True

    async def _say(self, chat: str, card: Card, kind: Kind) -> None:
        try:
            await self._show(chat, card, kind)
        except MaybeSent:
            self._doubts.note(chat, card)
            raise
        except Rejected as error:
            self._refused(chat, error)
        self._doubts.settle(chat, card)

    async def _show(self, chat: str, card: Card, kind: Kind) -> None:
        """While an app has no callback URL its cards with buttons are refused (facts: WeCom b): the words go alone."""
        has_card = bool(card.buttons) and not self._is_group(chat)
        try:
            await self._show_all(chat, card, kind, with_card=has_card)
        except Rejected as error:
            if not has_card or error.errcode in TOO_FAST | AWAY:
                raise
            LOG.warning("a card of the app was refused (%d), its words go alone", error.errcode)
            await self._show_all(chat, card, kind, with_card=False)

    async def _show_all(self, chat: str, card: Card, kind: Kind, *, with_card: bool) -> None:
        """The picture, the file, the words, the buttons: what there is of it, in that order."""
        task_id = new_task_id(card) if with_card else ""
        page = paint(card, task_id, self._doubts.mark(chat, card))
        note = f"\n\n{self._texts('wecom.app_no_buttons')}" if card.buttons and not with_card else ""
        bodies, files = _bodies(page, note, with_card=with_card), _files(card)
        self._check(chat, kind, len(files) + len(bodies))
        bodies = [await self._media(*file) for file in files] + bodies
        for place, body in enumerate(bodies):
            found = await self._next(chat, card, body, is_first=place == 0)
        if task_id:
            self._keep_code(chat, message_of(card), task_id, str(found.get("response_code", "")))

    async def _next(self, chat: str, card: Card, body: Json, *, is_first: bool) -> Json:
        """One part of a card; when a later one fails, the others stand there."""
        try:
            return await self._post(chat, body)
        except (Rejected, Transient):
            if not is_first:
                self._doubts.note(chat, card)
            raise

    async def _media(self, kind: str, name: str, content: bytes) -> Json:
        return {"msgtype": kind, kind: {"media_id": await self._api.upload(kind, name, content)}}

    def _keep_code(self, chat: str, message: str, task_id: str, code: str) -> None:
        self._codes[chat, message] = task_id, code
        if len(self._codes) > REMEMBERED:
            self._codes.popitem(last=False)

    async def _post(self, chat: str, body: Json) -> Json:
        self._spend(chat)
        number = chat.partition(":")[2]
        if self._is_group(chat):
            return await self._ask(GROUP_SENDS, {"chatid": number, **body})
        return await self._ask(PERSON_SENDS, {"touser": number, "agentid": self._agent, **body})

    async def _ask(self, path: str, body: Json) -> Json:
        """A call, and what /health says of it."""
        try:
            found = await self._api.call(path, body)
        except (Rejected, Transient) as error:
            if not isinstance(error, Rejected) or error.errcode in AWAY:
                self._engine.health.note(APP, "unreachable", detail=str(error)[:60])
            raise
        self._engine.health.hear(APP)
        self._engine.health.clear(APP, "unreachable")
        return found

    def _is_group(self, chat: str) -> bool:
        return bool(self._group) and chat == f"{APP}:{self._group}"

    def _spend(self, chat: str) -> None:
        self._budget.spend(chat, self._engine.now().timestamp())

    def _check(self, chat: str, kind: Kind, count: int = 1) -> None:
        wait_s = self._budget.wait_s(chat, kind, self._engine.now().timestamp(), count)
        if wait_s > 0:
            raise Busy("chat_busy", retry_after_s=wait_s)

    def _refused(self, chat: str, error: Rejected) -> None:
        LOG.warning("WeCom refused a message of the app: %d", error.errcode)
        if error.errcode in TOO_FAST:
            self._budget.hold(chat, self._engine.now().timestamp() + REST_S)
            raise Busy("chat_busy", retry_after_s=REST_S)
        raise Transient("chat_unreachable" if error.errcode in AWAY else "chat_refused") from error

    async def _tell_lines(self, chat: str, text: str) -> None:
        self._check(chat, Kind.line)
        try:
            await self._post(chat, {"msgtype": "markdown", "markdown": {"content": in_pieces(text)[0]}})
        except Rejected as error:
            self._refused(chat, error)

    async def _hear(self, event: Json) -> None:
        """Store what a callback asks; the answer to it follows when the callback was acknowledged."""
        assert self._desk is not None
        found = read_callback(event, self._engine.now())
        if found is None:
            LOG.info("a callback of no use: %s %s", str(event.get("MsgType"))[:40], str(event.get("Event"))[:40])
            return
        if not await self._strangers.lets_through(found.request, self._desk):
            return
        visit = await self._desk.keep(found.request)
        if visit is not None:
            if found.code and found.request.reply_to:
                self._keep_code(found.request.chat, found.request.reply_to, found.task_id, found.code)
            lane = STOP if await self._desk.is_safe(found.request) else found.request.who
            self._lanes.put(lane, partial(self._serve, visit))

    async def _serve(self, visit: Visit) -> None:
        assert self._desk is not None
        await self._desk.serve(visit)


def _bodies(page: Page, note: str, *, with_card: bool) -> list[Json]:
    """The words, unless the card with buttons says them all, and that card."""
    words = page.markdown + note if not (with_card and page.fits) else ""
    bodies: list[Json] = [{"msgtype": "markdown", "markdown": {"content": one}} for one in in_pieces(words) if words]
    if with_card:
        bodies.append({"msgtype": "template_card", "template_card": page.card})
    return bodies


def _files(card: Card) -> list[tuple[str, str, bytes]]:
    found = [("image", "picture.png", card.picture)] if card.picture is not None else []
    return found + ([("file", safe(card.file.name), card.file.content)] if card.file is not None else [])
