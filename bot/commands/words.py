"""Typed words become a line: the first word, the rest as tokens, and what stands on further lines.

Full-width signs and letters are read as the plain ones (NFKC); digits of other scripts, circled and raised digits stay
as they are, so that no reader takes ④² for 42. What a buyer is to receive, and card keys, are never changed.
"""

import re
import unicodedata
from dataclasses import dataclass

from core.errors import BadArgument

MAX_CHARS = 20_000
"""Longest words of a command; more keys than that come as a file."""
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_GLUED = re.compile(r"([\u3400-\u9fff]+)([#＃pckPCK]?[0-9０-９].*|[A-Za-z0-9]{4}-?[A-Za-z0-9]{4})", re.DOTALL)
"""发货42, 发货#42, 库存p3, 放回k1, 绑定K7QF-M3ZP: on a phone nobody types the blank."""


@dataclass(frozen=True)
class Token:
    """A word of a line: as typed, and as read."""

    raw: str
    text: str


@dataclass(frozen=True)
class Line:
    """A command's words. `tail` are the further lines, as typed."""

    word: str
    tokens: tuple[Token, ...]
    rest: str
    """Everything after the first word on the first line, as typed."""
    tail: tuple[str, ...]
    slash: bool
    """Whether it began with a slash, so that it was meant for the shop and nobody else."""


def read_line(words: str) -> Line:
    """Take a message apart; BadArgument when it cannot be a command (empty, endless, control or direction signs)."""
    if len(words) > MAX_CHARS:
        raise BadArgument("words_too_long", limit=MAX_CHARS)
    text = words.replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE).strip()
    if any(_is_odd(char) for char in text):
        raise BadArgument("odd_signs")
    first, *tail = text.split("\n")
    head, *others = _unglue(first.strip()).split(maxsplit=1) or [""]
    rest = others[0] if others else ""
    plain = fold(head)
    word = plain.removeprefix("/").partition("@")[0]
    if not word:
        raise BadArgument("no_words")
    tokens = tuple(Token(part, fold(part)) for part in rest.split())
    return Line(word, tokens, rest, tuple(tail), plain.startswith("/"))


def fold(text: str) -> str:
    """One spelling: full-width and case resolved, odd digits left alone."""
    folded = "".join(char if _is_odd_digit(char) else unicodedata.normalize("NFKC", char) for char in text)
    return unicodedata.normalize("NFC", folded).casefold()


def _is_odd(char: str) -> bool:
    return char in _DIRECTION or (unicodedata.category(char) in ("Cc", "Cs", "Co") and char not in "\n\t")


def _is_odd_digit(char: str) -> bool:
    return char.isnumeric() and unicodedata.category(char) in ("No", "Nl", "Nd") and not _is_plain_digit(char)


def _is_plain_digit(char: str) -> bool:
    return char in "0123456789" or "０" <= char <= "９"


def _unglue(line: str) -> str:
    glued = _GLUED.fullmatch(line)
    return f"{glued[1]} {glued[2]}" if glued else line
