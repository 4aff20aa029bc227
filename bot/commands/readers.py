"""Readers of arguments: each takes its words off the line and says what they mean, or refuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.auth import Attachment, Request
from bot.cards.replies import Options
from bot.commands.when import read_instant, read_seconds
from bot.commands.words import Line, Token
from core.engine.front import Engine
from core.errors import BadArgument
from core.values.ids import AccountId, ChatId, OrderId, ProductId

_NUMBER = re.compile(r"[0-9]{1,9}")
PAGE = re.compile(r"(?:page|第)([0-9]{1,4})页?")
"""page2, 第2页: a page of a list."""
_MOST_LINES = 20_000
_MOST_BYTES = 20_000_000


@dataclass
class Source:
    """The words still to be read, and what reading them needs; `asked` is the request they came with."""

    line: Line
    engine: Engine
    now: datetime
    zone: ZoneInfo
    asked: Request | None = None
    taken: int = field(default=0)

    @property
    def attachment(self) -> Attachment | None:
        """The file that came with them."""
        return self.asked.attachment if self.asked is not None else None

    @property
    def left(self) -> tuple[Token, ...]:
        """The tokens nobody took yet."""
        return self.line.tokens[self.taken :]

    def peek(self) -> str | None:
        """The next token as read, without taking it."""
        return self.left[0].text if self.left else None

    def take(self) -> Token:
        """The next token; BadArgument when there is none."""
        if not self.left:
            raise BadArgument("missing")
        self.taken += 1
        return self.line.tokens[self.taken - 1]

    def take_rest(self) -> str:
        """Everything that is left, as typed, further lines included."""
        first = self.line.rest.split(maxsplit=self.taken)[self.taken :]
        self.taken = len(self.line.tokens)
        return "\n".join((*first, *self.line.tail)).strip()


async def read_order(source: Source) -> OrderId:
    """#42, 42, the platform's number, or its last digits."""
    return await source.engine.orders.find(source.take().text)


@dataclass(frozen=True)
class Failed:
    """Every failed shipment; `count` is how many the person says there are."""

    count: int | None = None


async def read_failed_or_order(source: Source) -> OrderId | Failed:
    """An order, or `failed` with the number that bulk acts ask to be typed."""
    if source.peek() not in ("failed", "失败"):
        return await read_order(source)
    source.take()
    return Failed(await read_number(source) if source.left else None)


@dataclass(frozen=True)
class Recorded:
    """An act by its number on record."""

    act: int


async def read_recorded_or_order(source: Source) -> OrderId | Recorded:
    """An order; or r17: an act, as the buttons of the list of what can be taken back name it."""
    if re.fullmatch(r"r[0-9]{1,15}", source.peek() or ""):
        return Recorded(int(source.take().text[1:]))
    return await read_order(source)


async def read_product(source: Source) -> ProductId:
    """p3, 3, a platform item id, or part of a title."""
    if (source.peek() or "").startswith("@"):
        raise BadArgument("missing")
    return await source.engine.stock.find(source.take().text)


async def read_product_or_order(source: Source) -> ProductId:
    """A product, or the product of an order (#42), made when nobody described it yet."""
    word = source.peek()
    if word is not None and word.startswith("#"):
        return await source.engine.items.product_of_order(await read_order(source))
    return await read_product(source)


async def read_chat(source: Source) -> ChatId:
    """c7, the chat of an order (#42), or part of a buyer's nick."""
    return await source.engine.chats.find(source.take().text)


async def read_until(source: Source) -> datetime:
    """A length from now or a time of day."""
    return read_instant(source.take().text, source.now, source.zone)


async def read_maybe_until(source: Source) -> datetime | None:
    """The same, or nothing for without end (永久, forever)."""
    word = source.peek()
    if word in ("永久", "forever", "一直"):
        source.take()
        return None
    return await read_until(source)


async def read_length(source: Source) -> int:
    """A length in seconds."""
    word = source.take().text
    seconds = read_seconds(word)
    if seconds is None:
        raise BadArgument("no_length", word=word)
    if not 0 < seconds <= timedelta(days=1).total_seconds():
        raise BadArgument("time_out_of_range", word=word, days=1)
    return seconds


async def read_number(source: Source) -> int:
    """A whole number of at most nine digits."""
    word = source.take().text
    if not _NUMBER.fullmatch(word):
        raise BadArgument("no_number", word=word)
    return int(word)


async def read_quantity(source: Source) -> int | None:
    """How many units, or None for without end (∞, 无限, unlimited)."""
    if source.peek() in ("∞", "无限", "不限", "unlimited", "-1"):
        source.take()
        return None
    return await read_number(source)


async def read_short_id(source: Source) -> int:
    """a1, c7, p3 or a bare number: a row's short number, whatever its letter."""
    word = source.take().text
    if not re.fullmatch(r"[a-z]?[0-9]{1,9}", word):
        raise BadArgument("no_number", word=word)
    return int(word.lstrip("abcdefghijklmnopqrstuvwxyz"))


async def read_page(source: Source) -> int:
    """page2, 第2页: a page of a list, from 1."""
    word = source.take()
    found = PAGE.fullmatch(word.text)
    if found is None:
        raise BadArgument("no_number", word=word.raw)
    return max(1, int(found[1]))


async def read_before(source: Source) -> OrderId | None:
    """<42: the page after that order."""
    if (source.peek() or "").startswith("<"):
        word = source.take().text.lstrip("<#")
        if not _NUMBER.fullmatch(word):
            raise BadArgument("no_number", word=word)
        return OrderId(int(word))
    return None


async def read_word(source: Source) -> str:
    """One word as typed (a carrier, a tracking number, a field's name)."""
    return source.take().raw


async def read_text(source: Source) -> str:
    """All that is left, as typed."""
    text = source.take_rest()
    if not text:
        raise BadArgument("missing")
    return text


async def read_keys(source: Source) -> tuple[str, ...]:
    """Card keys, one a line: the further lines, or an attached text file."""
    if source.left and source.left[0].text.startswith("@"):
        raise BadArgument("no_such_file", name=source.left[0].raw[1:])
    if source.left:
        raise BadArgument("keys_on_own_lines", word=source.left[0].raw)
    lines = source.line.tail if source.attachment is None else decode_file(source.attachment).splitlines()
    if len(lines) > _MOST_LINES:
        raise BadArgument("too_many_keys", limit=_MOST_LINES)
    if not any(line.strip() for line in lines):
        raise BadArgument("no_keys")
    return tuple(lines)


def decode_file(file: Attachment) -> str:
    """A text file as people save them in China: UTF-8, UTF-16 with its mark, or GBK."""
    if len(file.content) > _MOST_BYTES:
        raise BadArgument("file_too_big", limit=_MOST_BYTES // 1_000_000)
    names = ("utf-16",) if file.content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return file.content.decode(name)
        except UnicodeDecodeError:
            continue
    raise BadArgument("file_not_text", name=file.name)


def choice(words: Mapping[str, str], *, skip: bool = False) -> "Choice":
    """A reader of one of some words; `skip` leaves a word it does not know for the next reader."""
    return Choice(words, skip=skip)


class Choice:
    """Reads one of some words (typed → meant)."""

    def __init__(self, words: Mapping[str, str], *, skip: bool = False) -> None:
        self.words = words
        self.skip = skip

    async def __call__(self, source: Source) -> str | None:
        """What the next word means; NotFound-free: a strange word is BadArgument with what is allowed."""
        word = source.peek()
        meant = self.words.get(word or "")
        if meant is None and self.skip:
            return None
        if meant is None:
            allowed = Options(self.options(latin=False), self.options(latin=True))
            raise BadArgument("no_choice", word=source.take().raw, allowed=allowed)
        source.take()
        return meant

    def options(self, *, latin: bool) -> tuple[str, ...]:
        """One word a meaning, in Latin letters or in Chinese."""
        near = (word for word in self.words if word.isascii() == latin)
        found = {self.words[word]: word for word in reversed([*near])}
        return tuple(reversed(found.values()))


@dataclass(frozen=True)
class Scope:
    """What a pause is for: all, a product, a chat, or some accounts."""

    kind: str
    entity_id: int | None = None
    accounts: tuple[AccountId, ...] = ()
