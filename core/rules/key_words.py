"""Which words of a message may be a card key: keys stand in the shop as fingerprints, so each is looked up whole."""

import re
from collections.abc import Iterator
from itertools import islice

from core.rules.text import is_invisible

SHORTEST, LONGEST = 4, 500
"""A key shorter than this is a word anybody types."""
MOST_TEXT, MOST_PARTS, MOST = 8000, 24, 5000
"""So many characters are read, so many parts make one piece (a UUID has nine), so many pieces are looked up."""
_PART = re.compile(r"[A-Za-z0-9]+|[^\WA-Za-z0-9_]+|[^\w\s]|_")


def key_words(text: str) -> tuple[str, ...]:
    """Every piece of a line that begins and ends where a word or a sign does, each once; the whole lines first."""
    seen = "".join(char for char in text[:MOST_TEXT] if char == "\n" or not is_invisible(char))
    lines = [line.strip() for line in seen.splitlines()]
    pieces = (piece for line in lines for piece in _pieces(line))
    wanted = (piece for piece in (*lines, *islice(pieces, MOST)) if SHORTEST <= len(piece) <= LONGEST)
    return tuple(dict.fromkeys(wanted))


def _pieces(line: str) -> Iterator[str]:
    """From each part to each of the next ones, and to the line's end: keys have blanks and signs in them."""
    spans = [match.span() for match in _PART.finditer(line)]
    for at, (start, _) in enumerate(spans):
        yield line[start:]
        for _, end in spans[at : at + MOST_PARTS]:
            yield line[start:end]
