"""Lists of numbers bought beforehand: one a line, with its carrier or under it, as carriers and sheets give them."""

import re
import unicodedata
from collections.abc import Iterable

from core.rules.carriers import find_carrier, guess, is_doubtful
from core.values.parcels import Listed

_CUT = re.compile(r"[\s,;|，；、:：]+")
_NUMBER = re.compile(r"[0-9A-Z]{8,30}")
_LEAST_DIGITS = 6


def read_list(lines: Iterable[str], carrier: str | None) -> Listed:
    """(carrier, number) pairs. A line that names a carrier alone speaks for those after it, as `carrier` for all.

    A number without a carrier gets the one of its form, when there is one alone; a line that can be read as nothing is
    bad, and named.
    """
    meant, good, bad, twice, doubtful = carrier, dict[str, str](), list[str](), 0, 0
    for line in filter(None, (unicodedata.normalize("NFKC", line).strip().upper() for line in lines)):
        words, number = _parts(line)
        named = find_carrier(words) if words else None
        if number is None and named is not None:
            meant = named.code
            continue
        code = _carrier_of(words, named.code if named else meant, number)
        if number is None or code is None:
            bad.append(line)
        elif number in good:
            twice += 1
        else:
            good[number] = code
            doubtful += is_doubtful(code, number)
    return Listed(
        good=tuple((code, number) for number, code in good.items()), bad=tuple(bad), twice=twice, doubtful=doubtful
    )


def _parts(line: str) -> tuple[str, str | None]:
    """The carrier's words and the number of a line."""
    pieces = [piece for piece in _CUT.split(line.strip('"')) if piece]
    number = next((piece for piece in pieces if _is_number(piece)), None)
    return " ".join(piece for piece in pieces if piece != number), number


def _is_number(piece: str) -> bool:
    return _NUMBER.fullmatch(piece) is not None and sum(char.isdigit() for char in piece) >= _LEAST_DIGITS


def _carrier_of(words: str, meant: str | None, number: str | None) -> str | None:
    """Words of no known carrier make a line bad: an order must not ship by another one than was bought."""
    if words and find_carrier(words) is None:
        return None
    looks = guess(number) if number and meant is None else ()
    return meant or (looks[0].code if len(looks) == 1 else None)
