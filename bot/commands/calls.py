"""From a request to a row of the table: typed words, a pressed button, or a reply to a buyer's alert."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.auth import Request
from bot.cards.card import Draft, Place
from bot.cards.showing import COPIED
from bot.commands.command import KEPT, Command, Table
from bot.commands.words import Line, read_line
from core.engine.front import Engine
from core.errors import BadArgument, NotAllowed, NotFound, Refused
from core.values.counter import Action
from core.values.ids import ActionId, InboxId
from core.values.people import ChatKind

SAFE = "stop_all"
"""The row in the safe direction: it is never too fast, and waits for nobody."""
LISTS = (".txt", ".csv")
"""How the names of files end that hold a line a thing."""
NOTE = "//"
"""An internal note: nobody answers it, no buyer gets it."""


_NAMED = re.compile(r"#\S+|[0-9]{1,9}|[0-9]{18,40}|[rk][0-9]{1,15}")
"""A first word that names its order itself, what is kept, or an act."""
_NUMBERED = re.compile(r"\s*[#＃]?[0-9０-９]{1,7}(?:\s|$)")
"""The caption of a waybill's photo: its order."""


@dataclass(frozen=True)
class Call:
    """A row and the line it is to read; `action` when a button was pressed.

    `asked` is the request the words came with, and `kept` its number, when a button repeats an earlier one.
    """

    row: Command
    line: Line
    action: Action | None = None
    asked: Request | None = None
    kept: InboxId | None = None
    first_line: str = ""
    """What the button said instead of the request's own first line."""
    answered_at: datetime | None = None
    """When the card was shown that was replied to."""

    @property
    def confirms(self) -> bool:
        """Whether this is the second press of a weighty act."""
        return self.action is not None and self.action.confirms

    @property
    def version(self) -> int | None:
        """The version of the card pressed; None for typed words and for cards of no versioned thing."""
        return (self.action.version or None) if self.action is not None else None

    @property
    def said(self) -> str:
        """The command as it was given, without what stood on further lines."""
        return " ".join((self.line.word, *(token.raw for token in self.line.tokens)))

    def place_of(self, draft: Draft) -> Place:
        """Where its answer goes: a press turns its own card when the answer is about the same thing."""
        if self.action is None:
            return Place.new
        same = draft.ref == f"{self.action.entity}:{self.action.entity_id}"
        return Place.same if same or self.action.entity == "stale" else Place.new


class Shown(NamedTuple):
    """The card a message replies to: what it is about, and since when it stands there."""

    entity: str
    entity_id: int
    at: datetime


class Unmatched(Refused):
    """Words that call no row; `near` is the nearest word, if one is near."""

    def __init__(self, word: str, near: str | None) -> None:
        super().__init__("no_such_word", word=word)
        self.word = word
        self.near = near


async def read_call(request: Request, table: Table, engine: Engine) -> Call | None:
    """The call a request makes; None when it is not meant for the shop. Refused says why it cannot be one."""
    if request.button is not None:
        return await _pressed(request, ActionId(request.button), table, engine)
    if request.picture and not request.words:
        return await _shown_alone(request, table, engine)
    if request.brought and not request.words:
        return _brought_alone(request, table)
    if not request.words or request.words.lstrip().startswith(NOTE):
        return None
    return await _typed(request, request.words, table, engine)


async def calls_safe_row(request: Request, table: Table, engine: Engine) -> bool:
    """Whether a request calls the row in the safe direction."""
    try:
        call = await read_call(request, table, engine)
    except Refused:
        return False
    return call is not None and call.row.name == SAFE


async def _shown_alone(request: Request, table: Table, engine: Engine) -> Call | None:
    """A picture without words is a waybill: where it answers an order's card, in private, or while a parcel waits.

    In reply to a buyer it is meant for them, and nothing that is not words can be sent.
    """
    card = await _answered(request, engine)
    if card is not None and card.entity == "chat":
        raise Refused("picture_to_buyer")
    meant = request.chat_kind is not ChatKind.group or _is_order(card)
    if not meant and not await engine.parcels.list_waiting():
        return None
    return _parcel(table, "", card)


def _brought_alone(request: Request, table: Table) -> Call | None:
    """A file without words: card keys, of a product that is asked for. In a group only what may be a list."""
    if request.chat_kind is ChatKind.group and not request.brought.lower().endswith(LISTS):
        return None
    row = table.find("import")
    assert row is not None, "the table has the row that takes keys in"
    return Call(row, read_line(row.name))


async def refuse_copies(request: Request, row: Command, engine: Engine) -> None:
    """Refused for words that were edited or forwarded: neither is a command, but for a row that only reads copies.

    Of words that went to a buyer it must be said that the buyer has the old ones.
    """
    if request.edited:
        said = request.message is not None and await engine.chats.is_said(request.chat, request.message)
        raise Refused("edited_reply" if said else "edited")
    if request.forwarded and not row.copies:
        raise Refused("forwarded")


async def _pressed(request: Request, button: ActionId, table: Table, engine: Engine) -> Call:
    """Only in its own chat, in its time, and by the person a confirmation was made for."""
    action = await engine.actions.find(button)
    if action.chat != request.chat:
        raise NotAllowed("button_of_another_chat")
    if action.expires_at is not None and engine.now() > action.expires_at:
        raise Refused("button_expired")
    if action.made_for is not None and action.made_for != request.who:
        raise NotAllowed("not_your_button")
    if action.words.startswith(KEPT):
        return await _repeated(action, table, engine)
    line = read_line(action.words)
    row = table.find(line.word)
    if row is None:
        raise Refused("button_expired")
    return Call(row, line, action)


async def _repeated(action: Action, table: Table, engine: Engine) -> Call:
    """The call of a stored request, made again by a button; its first line as the button says, if it says one."""
    number, _, words = action.words.removeprefix(KEPT).partition(" ")
    kept = InboxId(int(number))
    body = await engine.requests.find(kept)
    asked = Request.model_validate_json(body) if body is not None else None
    if asked is not None and words:
        below = (asked.words or "").splitlines()[1:]
        asked = asked.model_copy(update={"words": "\n".join((words, *below))})
    call = await read_call(asked, table, engine) if asked is not None else None
    if call is None:
        raise Refused("button_expired")
    return replace(call, action=action, asked=call.asked or asked, kept=call.kept or kept, first_line=words)


async def _typed(request: Request, words: str, table: Table, engine: Engine) -> Call | None:
    try:
        line = read_line(words)
    except BadArgument:
        if request.chat_kind is ChatKind.group:
            return None
        raise
    row = _meant(line, table)
    card = await _answered(request, engine)
    if row is not None:
        return Call(row, _about(row, line, card))
    if card is not None and card.entity == "chat" and not line.slash:
        return Call(_say(table), read_line(f"say c{card.entity_id} {words}"), answered_at=card.at)
    if _is_parcel(words, line, card, engine) or (request.picture and _NUMBERED.match(words)):
        return _parcel(table, words, card)
    near = table.suggest(line.word)
    if request.chat_kind is ChatKind.group and not line.slash and near is None:
        return None
    raise Unmatched(line.word, near)


def _is_parcel(words: str, line: Line, card: Shown | None, engine: Engine) -> bool:
    """Words that call nothing and hold a parcel's number: a pasted notice; in reply to an order's card any number."""
    if line.slash:
        return False
    return bool(engine.parcels.read(words)) if _is_order(card) else engine.parcels.speaks(words)


def _is_order(card: Shown | None) -> bool:
    return card is not None and card.entity == "order"


def _parcel(table: Table, words: str, card: Shown | None) -> Call:
    row = table.find("parcel")
    assert row is not None, "the table has the row that reads parcels"
    named = f"#{card.entity_id} " if card is not None and _is_order(card) and not words.startswith("#") else ""
    return Call(row, read_line(f"{row.name} {named}{words.strip()}"))


def _meant(line: Line, table: Table) -> Command | None:
    """The row a word calls. A link t.me/BOT?start=CODE (or ?startgroup=CODE) types /start CODE: that is binding."""
    return table.find("bind" if line.word == "start" and line.tokens else line.word)


async def _answered(request: Request, engine: Engine) -> Shown | None:
    """The card a message replies to. One that is not known yet, or never will be, tells by its button what it is about.

    That a card stands in a chat is noted after the platform took it: a quick thumb is there before, and after a crash
    in between it never is. Its buttons are stored first.
    """
    if request.reply_to is None:
        return None
    copy = await engine.notices.find_shown(request.chat, request.reply_to)
    if copy is not None:
        return Shown(copy.entity, copy.entity_id, copy.shown_at)
    return await _told_by(request.reply_button, request.chat, engine) if request.reply_button else None


async def _told_by(button: str, chat: str, engine: Engine) -> Shown | None:
    """What the card of a button is about; nothing for a button of another chat."""
    try:
        action = await engine.actions.find(button)
    except NotFound:
        return None
    if action.chat != chat or action.entity not in COPIED or not action.entity_id:
        return None
    return Shown(action.entity, action.entity_id, action.created_at)


def _about(row: Command, line: Line, card: Shown | None) -> Line:
    """A bare word in reply to a card is about that card's thing; about an order's, or what is kept, more may follow."""
    if card is None or not row.arguments or row.arguments[0].name != card.entity:
        return line
    if line.tokens and (card.entity not in ("order", "keep") or _NAMED.fullmatch(line.tokens[0].text)):
        return line
    sign = {"order": "#", "product": "p", "chat": "c", "account": "a", "keep": "k"}[card.entity]
    called = read_line(f"{line.word} {sign}{card.entity_id} {line.rest}".strip())
    return replace(called, tail=line.tail, slash=line.slash)


def _say(table: Table) -> Command:
    row = table.find("say")
    assert row is not None, "the table has the row that speaks to a buyer"
    return row
