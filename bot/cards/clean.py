"""What comes from outside is cleaned before it stands on a card: no control or direction signs, no endless lines."""

import re
import unicodedata
from collections.abc import Iterator

_SPACE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_GAP = r"[\s.·-]{0,2}"
_PHONES = (
    re.compile(rf"(?<!\d)((?:[+]?86{_GAP})?[1１][3-9３-９]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\d)((?:[+]?86{_GAP})?[1１][3-9３-９]\d)\d{_GAP}\d{{3}}(\d){_GAP}(\d{{3}})(?!\d)"),
    re.compile(r"(?<!\d)(0\d{2,3})-\d{3,4}(\d{4})(?!\d)"),
)
"""A mainland mobile number, 11 digits with 13 to 19 in front, as people part them (3-4-4, 4-4-3); a landline's with its
area code. Full-width digits are digits.
"""
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164\u2800")
_MARKS_IN_A_ROW = 3
"""Stacked combining marks ("zalgo") climb over the lines above; no language needs more on a letter."""


def clean(text: str, limit: int, *, lines: bool = False) -> str:
    """A text fit for a card: at most `limit` characters, one line unless `lines` keeps line breaks."""
    flat = text.replace("\r\n", "\n").replace("\r", "\n") if lines else " ".join(text.split())
    kept = "".join(_visible(flat[: limit * 4]))
    tidy = _BLANK_LINES.sub("\n\n", _SPACE.sub(" ", kept)).strip()
    return clip(tidy, limit)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, within `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def mask_nick(nick: str) -> str:
    """A buyer's nick with its middle hidden: 小**鱼."""
    name = clean(nick, 40)
    if not name:
        return "**"
    return f"{name[0]}**{name[-1]}" if len(name) > 2 else f"{name[0]}**"


def mask_phones(text: str) -> str:
    """The text with the middle of telephone numbers hidden (law 11)."""
    for phone in _PHONES:
        text = phone.sub(lambda found: f"{found[1]}****{''.join(found.groups()[1:])}", text)
    return text


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if char == "\n" or (kind[0] != "C" and char not in _INVISIBLE and marks <= _MARKS_IN_A_ROW):
            yield char
        elif kind == "Cc":
            yield " "
