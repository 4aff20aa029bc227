"""Readers of what is typed of a parcel: a carrier and a number, as a thumb types them."""

import re
import unicodedata
from dataclasses import dataclass

from bot.commands.readers import Source, decode_file, read_order
from bot.commands.words import Token
from bot.scans.scanning import is_picture
from core.errors import BadArgument
from core.values.carriers import BY_CODE, CARRIERS
from core.values.ids import OrderId


@dataclass(frozen=True)
class Typed:
    """What was typed of a parcel: the carrier's words and the number, as typed; either may be missing."""

    carrier: str | None = None
    number: str | None = None


_GLUED_NUMBER = re.compile(r"([^\x00-\x7f]+)([0-9A-Za-z-]{6,})")
_NUMERIC = re.compile(r"[0-9A-Za-z-]*[0-9]{3,}[0-9A-Za-z-]*")


async def read_parcel(source: Source) -> Typed:
    """A carrier and a number, in any order, glued or in pieces: 顺丰 SF123…, SF123… 顺丰, 顺丰SF123…, SF 1234 5678."""
    raws = [piece for token in _take_all(source) for piece in _pieces(unicodedata.normalize("NFKC", token.raw))]
    if len(raws) > _MOST_PIECES:
        raise BadArgument("too_many_words", word=raws[_MOST_PIECES], command="ship")
    numeric = [index for index, raw in enumerate(raws) if _NUMERIC.fullmatch(raw)]
    first, last = (numeric[0], numeric[-1]) if numeric else (len(raws), len(raws) - 1)
    if first >= 2 and raws[first - 1].isascii() and raws[first - 1].isalpha():
        first -= 1  # 顺丰 SF 1234 5678 90123: the letters are the number's
    number = "".join(raws[first : last + 1])
    named = " ".join((*raws[:first], *raws[last + 1 :]))
    return Typed(named or None, number or None)


_MOST_PIECES = 8


def _take_all(source: Source) -> list[Token]:
    return [source.take() for _ in source.left]


def _pieces(raw: str) -> tuple[str, ...]:
    glued = _GLUED_NUMBER.fullmatch(raw)
    return (glued[1], glued[2]) if glued else (raw,)


async def read_maybe_text(source: Source) -> str | None:
    """All that is left, further lines included; nothing is None."""
    return source.take_rest() or None


async def read_maybe_order(source: Source) -> OrderId | None:
    """#42, or a short number that stands before other words; nothing else is taken for an order."""
    word = source.peek() or ""
    return await read_order(source) if re.fullmatch(r"#[0-9]{1,40}|[0-9]{1,7}", word) else None


@dataclass(frozen=True)
class Lines:
    """A list of numbers: the carrier's words that stand before it, if any, and its lines."""

    carrier: str | None
    lines: tuple[str, ...]


async def read_number_lines(source: Source) -> Lines:
    """顺丰 and one number a line below it, or an attached text file; numbers on the first line count too."""
    if source.left and source.left[0].text.startswith("@"):
        raise BadArgument("no_such_file", name=source.left[0].raw[1:])
    raws = [token.raw for token in _take_all(source)]
    first = tuple(raw for raw in raws if _NUMERIC.fullmatch(raw))
    named = " ".join(raw for raw in raws if raw not in first)
    lines = source.line.tail if source.attachment is None else decode_file(source.attachment).splitlines()
    if len(lines) > _MOST_LINES:
        raise BadArgument("too_many_keys", limit=_MOST_LINES)
    if not any(line.strip() for line in (*first, *lines)):
        raise BadArgument("no_numbers")
    return Lines(named or None, (*first, *lines))


_MOST_LINES = 20_000


async def read_carrier(source: Source) -> str:
    """A carrier's code, from a word people use for it."""
    word = source.take()
    named = next((one.code for one in CARRIERS if word.text.startswith(one.words)), None)
    code = named or (word.raw.upper() if word.raw.upper() in BY_CODE else None)
    if code is None:
        raise BadArgument("unknown_carrier", carrier=word.raw[:40])
    return code


async def read_picture(source: Source) -> bytes | None:
    """The picture that came along."""
    file = source.attachment
    return file.content if file is not None and is_picture(file.content) else None
