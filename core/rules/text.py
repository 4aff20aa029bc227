"""Plain text: cleaned before it leaves, folded before it is judged, masked before it is shown.

The same histories, listings and prompts are read for every answer, so what is known of a text is kept for a while.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

_SKIPPED = {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
"""Categories that show nothing: zero-width, direction marks, controls, combining strokes, variation selectors."""
_KEPT_CONTROLS = {"\n", "\t"}
_LOOKALIKES = str.maketrans(
    "авсеіјкмнопрѕтухѵѡԛɡαβεικνορτυχω∨√➕✚＋兩萬塊圓轉賬帳紅線寶銀臉號電聯絡繫圍貳參叄陸億❤♥",
    "abceijkmhonpstyxvwqgabeikvoptuxwvv+++两万块元转账账红线宝银脸号电联络系围贰叁叁陆亿心心",
)
"""Letters of other alphabets and older forms of characters that are read as these."""


_WHOLE = 1_000_000


class Folded(NamedTuple):
    """A text as a reader hears it; `origins[i]` is the place of its i-th character in the text it was made of."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that a span of the folded text came from."""
        return (self.origins[start], self.origins[end - 1] + 1) if end > start else (0, 0)


@lru_cache(maxsize=8192)
def is_invisible(char: str) -> bool:
    """Whether a character shows nothing."""
    return char not in _KEPT_CONTROLS and unicodedata.category(char) in _SKIPPED


@lru_cache(maxsize=4096)
def normalise(text: str, cap: int = 2000) -> str:
    """One spelling of a text: NFKC, nothing invisible, trimmed, at most `cap` characters."""
    shown = "".join(char for char in unicodedata.normalize("NFKC", text) if not is_invisible(char))
    return re.sub(r"[ \t]+", " ", shown).strip()[:cap].rstrip()


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same words: an echo may differ from what was sent in spelling and white space."""
    return normalise(one, _WHOLE).split() == normalise(other, _WHOLE).split()


def fold(text: str) -> Folded:
    """A text in lower case, look-alikes and circled forms resolved, invisible characters gone."""
    return _keep((char, place) for place, raw in enumerate(text) for char in _fold_char(raw))


@lru_cache(maxsize=512)
def tight(text: str) -> str:
    """A text as a reader hears it, letters, digits and characters only."""
    return squash(fold(text)).text


def squash(folded: Folded, keep: Callable[[str], bool] = str.isalnum) -> Folded:
    """Only letters, digits and characters, so that `微 . 信` reads 微信."""
    return _keep(pair for pair in zip(folded.text, folded.origins, strict=True) if keep(pair[0]))


def inside(whole: Folded, part: Folded, start: int, end: int) -> tuple[int, int]:
    """Where a span of a squashed text stands in the folded text it was made of."""
    first, last = part.origins[start], part.origins[end - 1]
    return bisect_left(whole.origins, first), bisect_right(whole.origins, last)


def mask_nick(nick: str) -> str:
    """A buyer's name for a card: first and last character stay."""
    plain = normalise(nick, 40)
    if len(plain) <= 1:
        return "*" if plain else ""
    return f"{plain[0]}*" if len(plain) == 2 else f"{plain[0]}**{plain[-1]}"


def mask_key(key: str) -> str:
    """A card key for a card: its last four characters, when it is long enough to keep a secret."""
    plain = key.strip()
    return f"****-{plain[-4:]}" if len(plain) >= 8 else "****"


def _keep(pairs: Iterable[tuple[str, int]]) -> Folded:
    chars, places = [], []
    for char, place in pairs:
        chars.append(char)
        places.append(place)
    return Folded("".join(chars), tuple(places))


@lru_cache(maxsize=8192)
def _fold_char(raw: str) -> str:
    if raw.isascii():
        return raw.lower()
    if is_invisible(raw):
        return ""
    digit = unicodedata.digit(raw, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", raw)
    if plain == raw:
        plain = _letter_of_symbol(raw)
    return "".join(char for char in plain.lower().translate(_LOOKALIKES) if not is_invisible(char))


def _letter_of_symbol(raw: str) -> str:
    """The letter in a boxed or circled sign (🅥, 🇻) or the number in one (🔟), which NFKC leaves alone."""
    if raw == "🔟":
        return "10"
    name = unicodedata.name(raw, "")
    boxed = re.search(r"(?:CIRCLED|SQUARED|SYMBOL).* LETTER ([A-Z])$", name)
    return boxed[1] if boxed else raw
