"""How far the price goes down, round by round; never below the floor, and never to it when there is room above."""

from collections.abc import Sequence

from core.rules.numerals import read_numerals
from core.rules.text import fold

STEPS = (0.0, 0.3, 0.5, 0.65, 0.75, 0.8)
"""Which share of the room between price and floor is given up to each round; the last holds for all later ones."""
_SERIOUS = 0.3
"""A number under this share of the price is no offer but a size, a count or a joke."""


def counter_offer_fen(price_fen: int, floor_fen: int | None, rounds: int) -> int:
    """What may be offered after so many rounds of bargaining, in 分; whole yuan where possible.

    Without a floor nothing is given up.
    """
    if floor_fen is None or floor_fen >= price_fen:
        return price_fen
    share = STEPS[min(max(rounds, 0), len(STEPS) - 1)]
    exact = price_fen - int((price_fen - floor_fen) * share)
    return min(price_fen, -(-exact // 100) * 100)


def find_offer_fen(texts: Sequence[str], price_fen: int) -> int | None:
    """The highest serious offer in a buyer's words, in 分; None when there is none."""
    offers = [
        int(number.readings[-1] * 100)
        for text in texts
        for number in read_numerals(fold(text))
        if not number.bare_char and price_fen * _SERIOUS <= number.readings[-1] * 100 <= price_fen
    ]
    return max(offers, default=None)
