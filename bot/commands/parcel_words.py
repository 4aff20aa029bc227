"""Readers of what is typed of a parcel: a carrier and a number, as a thumb types them."""

import re
import unicodedata
from dataclasses import dataclass

from bot.commands.readers import Source, read_order
from bot.commands.words import Token
from core.errors import BadArgument
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
