"""Parcel carriers: the platform's `cpCode` and the words people type for them.

Only codes that are certain stand here (YTO is in the captured request, the others are the platform family's public
codes); any other carrier is chosen by its code.
"""

from core.values.market import Carrier

CARRIERS: tuple[Carrier, ...] = (
    Carrier(code="SF", name="顺丰速运"),
    Carrier(code="YTO", name="圆通速递"),
    Carrier(code="ZTO", name="中通快递"),
    Carrier(code="STO", name="申通快递"),
    Carrier(code="YUNDA", name="韵达快递"),
    Carrier(code="EMS", name="EMS"),
    Carrier(code="POSTB", name="邮政快递包裹"),
)
_SHORT = {
    "顺丰": "SF",
    "圆通": "YTO",
    "中通": "ZTO",
    "申通": "STO",
    "韵达": "YUNDA",
    "邮政": "POSTB",
    "shunfeng": "SF",
    "yuantong": "YTO",
    "zhongtong": "ZTO",
    "shentong": "STO",
    "yunda": "YUNDA",
    "youzheng": "POSTB",
}


def find_carrier(words: str) -> Carrier | None:
    """The carrier meant by a code ("SF"), or a name by its beginning ("圆通", "yuantong"); None when unknown."""
    asked = words.strip()
    code = asked.upper()
    if known := next((one for one in CARRIERS if code == one.code), None):
        return known
    meant = next((short for begin, short in _SHORT.items() if asked.lower().startswith(begin)), None)
    return next((one for one in CARRIERS if one.code == meant), None)
