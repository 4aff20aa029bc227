"""Readers of what is typed of a parcel: a carrier and a number, as a thumb types them."""

import re
import unicodedata
from collections.abc import Sequence
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
    typed = [token.raw for token in _take_all(source)]
    if len(typed) > _MOST_PIECES:
        raise BadArgument("too_many_words", word=typed[_MOST_PIECES], command="ship")
    return _parcel_of(typed)


def _parcel_of(typed: Sequence[str]) -> Typed:
    raws = [piece for raw in typed for piece in _pieces(unicodedata.normalize("NFKC", raw))]
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


@dataclass(frozen=True)
class Batch:
    """Many parcels, a line each: the order, the carrier's words, the number."""

    lines: tuple[tuple[str, str | None, str | None], ...]


async def read_order_or_batch(source: Source) -> OrderId | Batch:
    """An order; or, with further lines or a text file, a parcel a line."""
    file = source.attachment
    listed = decode_file(file).splitlines() if file is not None and not is_picture(file.content) else ()
    further = [line for line in (*source.line.tail, *listed) if line.strip()]
    if not further:
        return await read_order(source)
    first = source.line.rest
    _take_all(source)
    lines = [line for line in map(_batch_line, (first, *further)) if line is not None]
    if len(lines) > _MOST_AT_ONCE:
        raise BadArgument("too_many_parcels", limit=_MOST_AT_ONCE)
    return Batch(tuple(lines))


_MOST_AT_ONCE = 200
_SHIP_WORDS = re.compile(r"^\s*[/／]?(?:发货|ship)(?![a-z])\s*", re.IGNORECASE)


def _batch_line(line: str) -> tuple[str, str | None, str | None] | None:
    """A line without the command it may repeat; None for an empty one."""
    raws = [raw for raw in re.split(r"[\s,;，；、|]+", _SHIP_WORDS.sub("", line)) if raw]
    if not raws:
        return None
    parcel = _parcel_of(raws[1:])
    return raws[0], parcel.carrier, parcel.number
