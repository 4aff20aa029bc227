"""Reading numbers as Chinese sellers write them: 35, 35.5, 三十五, 两百五, 1百5, 1k2, 百八, thirty-five, sanshiwu.

A number that can be read in several ways carries all its readings: the guard judges by the lowest.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from core.rules.text import Folded

DIGITS = {
    char: n for n, chars in enumerate(["零〇", "一壹弌幺", "二贰弍两", "三叁弎", "四肆", "五伍"]) for char in chars
} | {char: n for n, chars in enumerate(["六陆", "七柒", "八捌", "九玖"], 6) for char in chars}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_TENS = {"廿": "二十", "卅": "三十"}
_CHARS = "".join(DIGITS) + "".join(UNITS) + "".join(_TENS)

_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d(?:\d|o(?![a-np-z]))*(?:\.\d+)?)"
    r"|(?P<letter>(?<=\d)[kw](?![a-z]))"
    rf"|(?P<char>[{_CHARS}]|(?<=[{_CHARS}])o(?![a-np-z]))"
)
_BROKEN = re.compile(r"[\s·*_'\"`|.]{0,4}")
"""What may stand between the characters of one broken-up Chinese number."""


class Number(NamedTuple):
    """A number in a folded text. `bare_char` marks a lone 一 or 十, which is seldom an amount."""

    start: int
    end: int
    readings: tuple[Decimal, ...]
    bare_char: bool = False


class _Token(NamedTuple):
    kind: str
    value: Decimal
    start: int
    end: int
    char: str = ""


def read_numerals(folded: Folded) -> Iterator[Number]:
    """Numbers in Arabic and Chinese figures, mixed as people mix them."""
    for group in _groups(folded.text):
        readings = sorted(set(_readings(group, folded.text)))
        if readings:
            alone = len(group) == 1 and folded.text[group[0].start] in _CHARS
            yield Number(group[0].start, group[-1].end, tuple(readings), alone)


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        if found["number"]:
            yield _Token("number", Decimal(found["number"].replace(",", "").replace("o", "0")), start, end)
        elif found["letter"]:
            yield _Token("unit", Decimal(1000 if found["letter"] == "k" else 10000), start, end)
        elif found["char"] in _TENS:
            yield _Token("digit", Decimal(DIGITS[_TENS[found["char"]][0]]), start, end)
            yield _Token("unit", Decimal(10), start, end)
        elif found["char"] in UNITS:
            yield _Token("unit", Decimal(UNITS[found["char"]]), start, end)
        else:
            yield _Token("digit", Decimal(DIGITS.get(found["char"], 0)), start, end, found["char"])


def _groups(text: str) -> Iterator[list[_Token]]:
    group: list[_Token] = []
    for token in _tokens(text):
        if group and not _joins(group[-1], token, text[group[-1].end : token.start]):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _joins(left: _Token, right: _Token, gap: str) -> bool:
    if left.kind == "number":
        return right.kind == "unit" and not gap.strip(" ")
    if right.kind == "number":
        return left.kind == "unit" and not gap
    return bool(_BROKEN.fullmatch(gap)) and not (right.char == "两" and left.kind == "digit")


def _readings(group: list[_Token], text: str) -> Iterator[Decimal]:
    """All values a run of tokens may mean; broken by a dot, each part may also stand alone."""
    if any("." in text[a.end : b.start] for a, b in pairwise(group)):
        yield from (token.value for token in group if token.kind != "unit")
    if len(group) > 1 and all(token.kind == "digit" for token in group):
        yield Decimal("".join(str(token.value) for token in group))
        return
    pieces = _pieces(group)
    for piece, following in zip(pieces, [*pieces[1:], []], strict=True):
        shares_unit = len(piece) == 1 and len(following) > 1 and following[1].kind == "unit"
        yield piece[0].value * following[1].value if shares_unit else _value(piece)
    if pieces[0][0].value in (100, 1000) and len(pieces[0]) > 1:
        yield from _short_forms(pieces[0])


def _pieces(group: list[_Token]) -> list[list[_Token]]:
    """Split where two digits meet (三五十 is 30 to 50) and where a unit grows inside a section."""
    pieces: list[list[_Token]] = [[]]
    for token in group:
        piece = pieces[-1]
        if piece and piece[-1].kind != "unit" and token.kind != "unit" and piece[-1].value != 0:
            pieces.append([])
        elif _grows(piece, token):
            pieces.append([piece.pop()] if piece[-1].kind != "unit" else [])
        pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _grows(piece: list[_Token], token: _Token) -> bool:
    """Whether a unit is not smaller than the one before it (三百五十二百): a new number began."""
    units = [earlier.value for earlier in piece if earlier.kind == "unit"]
    return token.kind == "unit" and token.value < 10**4 and bool(units) and token.value >= units[-1]


def _short_forms(piece: list[_Token]) -> Iterator[Decimal]:
    """百八 is 180, and in some mouths "eighty to a hundred"."""
    rest = piece[1:]
    yield _value(rest) if len(rest) > 1 else rest[0].value * piece[0].value / 10


def _value(piece: list[_Token]) -> Decimal:
    """Add up digits and units: 一百二 is 120, 一百零二 is 102, 一万二 is 12,000, 十五 is 15."""
    total = section = Decimal(0)
    digit: Decimal | None = None
    unit = Decimal(1)
    after_zero = False
    for token in piece:
        if token.kind != "unit":
            after_zero = after_zero or token.value == 0
            digit = token.value
        elif token.value >= 10**4:
            total += (section + (digit or 0) or Decimal(1)) * token.value
            section, digit, unit, after_zero = Decimal(0), None, token.value, False
        else:
            section += (Decimal(1) if digit is None else digit) * token.value
            digit, unit, after_zero = None, token.value, False
    last = digit or Decimal(0)
    colloquial = unit >= 100 and not after_zero and last < 10
    return total + section + (last * unit / 10 if colloquial else last)


_SYLLABLES = dict(
    zip(
        ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "shi", "bai", "qian", "wan", "liang"],
        "零一二三四五六七八九十百千万两",
        strict=True,
    )
)
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_TEENS = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENFOLD = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH = (
    dict(zip(_ONES, "零一二三四五六七八九十", strict=True))
    | {word: f"十{char}" for word, char in zip(_TEENS, "一二三四五六七八九", strict=True)}
    | {word: f"{char}十" for word, char in zip(_TENFOLD, "二三四五六七八九", strict=True)}
    | {"hundred": "百", "thousand": "千"}
)
_PINYIN_RUN = re.compile(
    rf"(?<![a-z])(?:(?:{'|'.join(sorted(_SYLLABLES, key=len, reverse=True))})[\s'-]?){{2,}}(?=kuai|yuan|[^a-z]|$)"
)
_ENGLISH_RUN = re.compile(rf"(?<![a-z])(?:(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))}|and)[\s-]*)+(?![a-z])")
_SYLLABLE = re.compile("|".join(sorted(_SYLLABLES, key=len, reverse=True)))
_WORD = re.compile("|".join(sorted(_ENGLISH, key=len, reverse=True)))


def read_words(folded: Folded) -> Iterator[Number]:
    """Numbers spelled in English or pinyin."""
    for run, word, chars in ((_PINYIN_RUN, _SYLLABLE, _SYLLABLES), (_ENGLISH_RUN, _WORD, _ENGLISH)):
        for found in run.finditer(folded.text):
            spelled = "".join(chars[piece] for piece in word.findall(found[0]))
            inner = Folded(spelled, tuple(range(len(spelled))))
            readings = [reading for number in read_numerals(inner) for reading in number.readings]
            if readings:
                yield Number(found.start(), found.start() + len(found[0].rstrip(" '-")), tuple(sorted(readings)))
