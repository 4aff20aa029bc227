"""Money is an integer number of 分; yuan exist only at the doors."""

from decimal import Decimal, InvalidOperation
from typing import NewType

Fen = NewType("Fen", int)

_CENT = Decimal("0.01")
MOST = 10**13
"""分: more than any shop turns over; numbers without end would hold up everything else while they are read."""
_MOST_YUAN = MOST // 100


def fen_of_yuan(text: str | int | Decimal) -> Fen:
    """Read "39.90", 39 or Decimal("39.9") as 3990 分; ValueError when it is no amount, finer than a 分, or endless."""
    try:
        yuan = Decimal(str(text).strip().removeprefix("¥").removeprefix("￥").replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"no amount of money: {text!r}") from error
    if not yuan.is_finite() or not -_MOST_YUAN <= yuan <= _MOST_YUAN or yuan != yuan.quantize(_CENT):
        raise ValueError(f"no amount of money: {text!r}")
    return Fen(int(yuan * 100))


def yuan_of_fen(fen: int) -> str:
    """Write 3990 as "39.90"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
