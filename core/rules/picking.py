"""The order in which a person walks along the shelf."""

import re
import unicodedata
from datetime import datetime

from core.values.picking import Pick

_PARTS = re.compile(r"\d+|\D+")
_Part = tuple[bool, int, str]


def walk_key(pick: Pick) -> tuple[bool, tuple[_Part, ...], datetime, int]:
    """Sorts by place as people count (A-2 before A-10), then by deadline; what has no place comes last."""
    return not pick.location, _parts(pick.location), pick.ship_by_at, pick.order_id


def _parts(location: str) -> tuple[_Part, ...]:
    """Words and numbers of a place, each comparable with the other."""
    plain = unicodedata.normalize("NFKC", location).casefold()
    return tuple((False, int(part), "") if part.isdecimal() else (True, 0, part) for part in _PARTS.findall(plain))
