"""The host's own front: a command from the shell goes the one path of every command, and its answer is handed back."""

import base64
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.auth import Attachment, Request
from bot.cards.card import Card, Fronts, Place
from bot.cards.pen import Pen
from bot.cards.replies import refusal_text
from bot.commands.table import TABLE
from bot.desk import Desk
from bot.fronts.paper import plain_lines
from bot.texts import load
from core.engine.front import Engine
from core.errors import NotFound, Refused, Transient
from core.tools.control import Line, Verb
from core.values.people import Actor, ChatKind, Role

FAILED = frozenset({"refused:0", "error:0"})
"""Cards that say that nothing was done."""
NAME = "terminal"
WHO = "terminal:host"
CHAT = "terminal:host"


class Host:
    """Carries out command words as the host, or as a member of the shop, and returns the cards that answered."""

    name = NAME

    def __init__(self, engine: Engine, locale: str) -> None:
        self._engine = engine
        self._locale = locale
        self._desk = Desk(engine, Fronts({NAME: self}), TABLE, locale=locale)
        self._shown: defaultdict[str, list[Card]] = defaultdict(list)

    async def answer(self, request: Request, card: Card, place: Place) -> str:  # noqa: ARG002 - one place: the shell
        """Keep the card for whoever asked."""
        self._shown[request.update_id].append(card)
        return request.update_id

    async def send(self, chat: str, card: Card, *, topic: str | None = None) -> str:  # noqa: ARG002 - nobody sits here
        """Nobody is told anything here: an alert goes on to the next chat."""
        raise Transient("front_is_off")

    async def redraw(self, chat: str, message: str, card: Card) -> None:
        """What was printed stays as it is."""

    async def do(
        self, words: str, *, who: str | None = None, sure: bool = False, file: Attachment | None = None
    ) -> Sequence[Card]:
        """Carry out words; with `sure` the question a weighty act asks is answered yes. NotFound("no_such_member")."""
        await self._engine.people.keep(WHO, "host", Role.owner)
        await self._engine.rooms.bind(CHAT, ChatKind.terminal)
        actor = (await self._engine.people.choose(who)).ids[0] if who else WHO
        cards = await self._take(actor, words=words, attachment=file)
        question = await self._question(cards) if sure else None
        return cards if question is None else await self._take(actor, button=question)

    async def answer_line(self, line: Line) -> Line:
        """The same for a line of the control socket: the cards as text, and the first file in base64."""
        raw = line.get("file")
        file = Attachment.model_validate(raw) if raw is not None else None
        words, who = str(line.get("words") or ""), line.get("who")
        try:
            cards = await self.do(words, who=str(who) if who else None, sure=bool(line.get("sure")), file=file)
        except Refused as error:
            return {"error": self._why(error)}
        text = "".join([plain_lines(card, (), again=False).rstrip() + await self._hints(card) for card in cards])
        return {"ok": all(card.ref not in FAILED for card in cards), "text": text, **_enclosed(cards)}

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What the control socket understands."""
        return {"do": self.answer_line, "account": self.account_line, "login": self.login_line}

    async def account_line(self, line: Line) -> Line:
        """An account by its name: its number, and its user for ever, once the platform accepted a login of it."""
        try:
            found = await self._engine.accounts.find(str(line.get("account") or ""))
        except Refused as error:
            return {"error": self._why(error)}
        return {"id": found.id, "user_id": found.user_id if found.first_connected_at else None}

    async def login_line(self, line: Line) -> Line:
        """With an account: begin a login by code, its number. With a number: how far that is, with its code."""
        number = line.get("id")
        try:
            if isinstance(number, int):
                login = await self._engine.accounts.find_login(number)
                return login.model_dump(mode="json", include={"state", "version", "code", "detail"})
            await self._engine.rooms.bind(CHAT, ChatKind.terminal)
            account = await self._engine.accounts.find(str(line.get("account") or ""))
            actor = Actor(who=WHO, name="host", chat=CHAT, request=f"host:{uuid.uuid4().hex}")
            return {"id": (await self._engine.accounts.log_in(actor, account.id)).id}
        except Refused as error:
            return {"error": self._why(error)}

    def _why(self, error: Refused) -> str:
        """In the words of a chat."""
        pen = Pen(load(self._locale), self._engine.zone, self._engine.now())
        return refusal_text(error.key, error.facts, pen)

    async def _hints(self, card: Card) -> str:
        """What could be typed next."""
        return "".join(f"\n  → {words}  ({verb})" for verb, words in await self._words_of(card)) + "\n"

    async def _words_of(self, card: Card) -> list[tuple[str, str]]:
        """The card's buttons as what one would type: (verb, command words)."""
        found = [(button.verb, await self._engine.actions.find(button.action)) for button in card.buttons]
        return [(verb, action.words) for verb, action in found if not action.words.startswith("kept:")]

    async def _take(self, who: str, **asked: object) -> list[Card]:
        now, key = self._engine.now(), f"host:{uuid.uuid4().hex}"
        facts = {"who": who, "chat": CHAT, "chat_kind": ChatKind.terminal, "sent_at": now, "update_id": key}
        await self._desk.take(Request.model_validate({**facts, **asked}))
        return self._shown.pop(key, [])

    async def _question(self, cards: Sequence[Card]) -> str | None:
        """The button that confirms, when the answer was a question."""
        for button in [button for card in cards for button in card.buttons]:
            try:
                if (await self._engine.actions.find(button.action)).confirms:
                    return button.action
            except NotFound:
                continue
        return None


def _enclosed(cards: Sequence[Card]) -> Line:
    """The first file of an answer."""
    file = next((card.file.content for card in cards if card.file is not None), None)
    return {} if file is None else {"file": base64.b64encode(file).decode()}
