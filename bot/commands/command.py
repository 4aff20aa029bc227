"""A row of the command table, and what a handler is given."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from bot.auth import Guest, Request
from bot.cards.card import Draft
from bot.cards.pen import Pen
from bot.charts.drawing import Drawing
from bot.commands.readers import Source
from bot.scans.scanning import Scanning
from core.engine.front import Engine
from core.errors import BadArgument
from core.values.counter import Member
from core.values.ids import InboxId
from core.values.people import Actor, Role

KEPT = "kept:"
"""How the words of a button name a stored request."""

Reader = Callable[[Source], Awaitable[object]]
Handler = Callable[..., Awaitable[Draft]]
Preview = Callable[..., Awaitable[Draft | None]]


@dataclass(frozen=True)
class Argument:
    """One argument of a row: the handler's parameter, its reader, and what it is when left out."""

    name: str
    read: Reader
    optional: bool = False
    default: object = None
    grabs: bool = False
    """Whether its reader may find something where no word is left (an attachment, further lines, a look-ahead)."""


@dataclass(frozen=True)
class Command:
    """A row: its words (the first is the Latin one, the menu's), who may, what it reads, what it does.

    `preview`, when there is one, is asked before `run`: its card is shown instead, unless the press confirms or the
    preview says None. Help stands under `help.NAME` and `example.NAME` in the texts.
    """

    name: str
    words: tuple[str, ...]
    topic: str
    role: Role | None
    run: Handler
    arguments: tuple[Argument, ...] = ()
    mutating: bool = False
    looks: Callable[[Mapping[str, object]], bool] | None = None
    """Given the arguments: whether this call of a mutating row only looks."""
    preview: Preview | None = None
    in_menu: bool = False
    copies: bool = False
    """Whether forwarded words may call it: it only looks at them."""

    @property
    def chinese(self) -> str:
        """The row's Chinese word."""
        return self.words[0]

    def acts(self, values: Mapping[str, object]) -> bool:
        """Whether the row, called with these arguments, changes anything."""
        return self.mutating and not (self.looks is not None and self.looks(values))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every word that calls it."""
        return (self.name, *self.words)


class Table:
    """The rows, found by any of their words."""

    def __init__(self, rows: Sequence[Command]) -> None:
        self.rows = tuple(rows)
        self._by_word = {word: row for row in rows for word in row.spellings}
        if len(self._by_word) != sum(len(row.spellings) for row in rows):
            raise ValueError("two rows share a word")

    def find(self, word: str) -> Command | None:
        """The row a word calls, exactly."""
        return self._by_word.get(word)

    def chinese(self, verb: str) -> str | None:
        """The Chinese word of the row a recorded verb belongs to."""
        row = self.find(verb)
        return row.chinese if row is not None else None

    def suggest(self, word: str) -> str | None:
        """The one nearest word, for a near miss, rather one that begins alike; it is shown and never carried out."""
        cutoff = 0.5 if len(word) <= 2 else 0.6
        near = get_close_matches(word, list(self._by_word), n=3, cutoff=cutoff)
        return next((one for one in near if one[0] == word[0]), near[0]) if near else None


@dataclass(frozen=True)
class Ask:
    """What a handler is given: who asks, the shop's front door, and the pen to answer with."""

    guest: Guest
    kept: InboxId
    engine: Engine
    pen: Pen
    actor: Actor
    table: Table
    first_line: str = ""
    """What stands for the request's own first line, when a button said so."""
    answered_at: datetime | None = None
    """When the card was shown that the words reply to."""
    version: int | None = None
    """The version the pressed button was made for; None for typed words."""
    drawing: Drawing | None = None
    """Draws pictures; None where nobody sees them."""
    scanning: Scanning | None = None
    """Reads bar codes; None where nothing can."""

    @property
    def request(self) -> Request:
        """What was asked, in the chat it counts for."""
        return self.guest.request

    @property
    def member(self) -> Member | None:
        """The person, if the shop knows them."""
        return self.guest.member

    @property
    def repeat(self) -> str:
        """Words for a button that means this very request: they name it, since it may hold what is kept sealed."""
        return f"{KEPT}{self.kept} {self.first_line}".strip()


async def read_arguments(row: Command, source: Source) -> dict[str, object]:
    """The row's arguments by name; BadArgument says which one is missing or that words are left over."""
    values: dict[str, object] = {}
    for argument in row.arguments:
        values[argument.name] = await _read(row, argument, source)
    if source.left:
        raise BadArgument("too_many_words", word=source.left[0].raw, command=row.name)
    return values


async def _read(row: Command, argument: Argument, source: Source) -> object:
    if argument.optional and not source.left and not argument.grabs:
        return argument.default
    try:
        value = await argument.read(source)
    except BadArgument as error:
        if error.key == "missing":
            raise BadArgument("argument_missing", argument=argument.name, command=row.name) from error
        raise
    return argument.default if value is None and argument.optional else value


def optional(name: str, read: Reader, default: object = None, *, grabs: bool = False) -> Argument:
    """An argument that may be left out."""
    return Argument(name, read, optional=True, default=default, grabs=grabs)


def required(name: str, read: Reader) -> Argument:
    """An argument that must be there."""
    return Argument(name, read)
