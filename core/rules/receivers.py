"""How much of a receiver a group may read: the last four digits and the town (law 11)."""

import re

from core.values.receivers import Receiver

_TOWN = re.compile(r"^(.{1,24}?(?:市|州|盟|地区)(?:.{1,10}?(?:区|县|市|旗))?)")
_HIDDEN = "****"
_LEAST_DIGITS = 8
"""Of a shorter number four digits would be half."""


def masked(receiver: Receiver) -> Receiver:
    """The same with everything hidden that leads to a door or a telephone."""
    town = _TOWN.match(receiver.address)
    digits = re.sub(r"\D", "", receiver.phone)
    return Receiver(
        name=f"{receiver.name[:1]}**",
        phone=f"{_HIDDEN}{digits[-4:]}" if len(digits) >= _LEAST_DIGITS else _HIDDEN,
        address=f"{town[1] if town else ''}{_HIDDEN}",
    )
