"""Whether a tracking number looks like its carrier's. A doubt is a question to the person, never a refusal."""

import re

PREFIXES = {
    "SF": "顺丰",
    "YT": "圆通",
    "JT": "极兔",
    "JD": "京东",
    "STO": "申通",
    "ZTO": "中通",
    "YD": "韵达",
    "DPK": "德邦",
}
"""Letters a carrier's numbers begin with, as people see them on parcels."""
ALWAYS = frozenset({"顺丰", "圆通", "极兔"})
"""Carriers whose numbers begin with their letters; the others' may be digits alone."""


def is_doubtful(carrier: str, tracking_no: str) -> bool:
    """Whether the number begins like another carrier's, or lacks the letters its own always has."""
    letters = re.match(r"[A-Za-z]*", tracking_no.strip())
    begins = PREFIXES.get(letters[0].upper()) if letters else None
    if begins is not None:
        return begins not in carrier
    return any(name in carrier for name in ALWAYS)
