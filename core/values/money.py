"""Money is an integer number of 分; yuan exist only at the doors."""

from decimal import Decimal, InvalidOperation
from typing import NewType

Fen = NewType("Fen", int)


def fen_of_yuan(text: str | int | Decimal) -> Fen:
    """Read "39.90", 39 or Decimal("39.9") as 3990 分; ValueError when it is no amount or finer than a 分."""
    try:
        fen = Decimal(str(text).strip().removeprefix("¥").removeprefix("￥").replace(",", "")) * 100
        whole = fen.to_integral_exact() if fen.is_finite() else None
    except InvalidOperation as error:
        raise ValueError(f"no amount of money: {text!r}") from error
    if whole is None or whole != fen:
        raise ValueError(f"no amount of money: {text!r}")
    return Fen(int(whole))


def yuan_of_fen(fen: int) -> str:
    """Write 3990 as "39.90"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
