"""Why an order is risky: the rule that hit, with the numbers behind it."""

from bot.cards.pen import Pen
from core.values.fulfilment import RiskKind, RiskReason

_MONEY = frozenset(
    {RiskKind.amount_low, RiskKind.amount_high, RiskKind.amount_over_limit, RiskKind.first_buyer_over_limit}
)
"""Rules whose numbers are 分."""


def describe_reason(reason: RiskReason, pen: Pen) -> str:
    """One rule in a few words."""
    seen, limit = (_number(n, reason.kind, pen) for n in (reason.seen, reason.limit))
    return pen(f"risk.{reason.kind}", seen=seen, limit=limit)


def _number(number: int | str, kind: RiskKind, pen: Pen) -> str:
    return pen.money(number) if kind in _MONEY and isinstance(number, int) else str(number)
