"""Which numbers of a text are prices, and which of those are too low (law 6).

Every number counts as a price unless its surroundings say otherwise (3张, 第1次, 12:30, iPhone 13); a money unit
beside it (¥, 元, 块 …) overrules any such excuse. What stays unclear is a price: a stopped sentence costs a rule's
answer, a slipped one costs money.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from core.rules.numerals import DIGITS, Number, read_numerals, read_words
from core.rules.price_words import (
    AFTER_SALE,
    AMOUNT_TAIL,
    BEFORE_SALE,
    BUNDLE_TOTAL,
    EXCUSES,
    FIXED_DISCOUNTS,
    FURTHER_REDUCED,
    ITEM_MEASURE,
    MONEY_AFTER,
    MONEY_BEFORE,
    OFF_AFTER,
    PER_UNIT,
    PER_UNIT_AFTER,
    PERCENT_OF_PRICE,
    POSTAGE_BEFORE,
    REDUCED_BEFORE,
    TENTHS_AFTER,
    UNDER_AFTER,
    UNDER_BEFORE,
    VAGUE_AMOUNT,
)
from core.rules.text import Folded, fold

Reader = Callable[[Folded], Iterable[Number]]
_REACH = 12
"""How many characters beside a number are looked at."""


class Pricing(NamedTuple):
    """What the prices of a text are held against, in 分. `item_text` is what the listing itself says."""

    price_fen: int | None = None
    floor_fen: int | None = None
    postage_fen: int | None = None
    quantity: int = 1
    item_text: str = ""
    known: tuple[str, ...] = ()

    @property
    def limit_fen(self) -> int | None:
        """The lowest price that may be said: the floor, or the price itself where no floor is known."""
        return self.price_fen if self.floor_fen is None else self.floor_fen


class Price(NamedTuple):
    """A span of the folded text that says a price; `fen` is what it comes to, None when nobody can tell."""

    start: int
    end: int
    fen: int | None
    low: bool


def read_vague(folded: Folded) -> Iterator[Number]:
    """Amounts without a readable number: 几块钱, XXXV元."""
    for found in VAGUE_AMOUNT.finditer(folded.text):
        yield Number(found.start(), found.end(), (Decimal("0.01"),))


READERS: tuple[Reader, ...] = (read_numerals, read_words, read_vague)


def find_prices(folded: Folded, pricing: Pricing, readers: Sequence[Reader] = READERS) -> Iterator[Price]:
    """Every price and discount of a text; `low` are those that come to less than `pricing.limit_fen`."""
    numbers = sorted({number for read in readers for number in read(folded)})
    text = _Text(folded.text, pricing, numbers)
    named = list(text.named())
    yield from named
    yield from text.reductions([price.fen for price in named if price.fen is not None])


_UNKNOWABLE = -1
"""A discount on a price nobody knows: below any floor."""


class _Text:
    """A folded text with the numbers read in it and what they are held against."""

    def __init__(self, text: str, pricing: Pricing, numbers: Sequence[Number]) -> None:
        self.text = text
        self.pricing = pricing
        self.numbers = numbers
        self.excuses = [found.span() for pattern in EXCUSES for found in pattern.finditer(text)]
        self.excuses += [found.span() for word in pricing.known if word for found in _literal(word).finditer(text)]
        self.listed = {reading for n in read_numerals(fold(pricing.item_text)) for reading in n.readings}

    def before(self, number: Number) -> str:
        return self.text[max(0, number.start - _REACH) : number.start]

    def after(self, number: Number) -> str:
        return self.text[number.end : number.end + _REACH]

    def price(self, start: int, end: int, fen: int, units: int) -> Price:
        limit = self.pricing.limit_fen
        return Price(start, end, fen if fen >= 0 else None, limit is None or fen < limit * units)

    def named(self) -> Iterator[Price]:
        """The amounts said as such: 35元, 三十五, 每张35."""
        tails = {tail for number in self.numbers if (tail := self.tail_start(number)) is not None}
        for number in self.numbers:
            if number.start not in tails and self._left(number) is None and self._is_price(number):
                fen = int((number.readings[0] + self._tail(number)) * 100) - self._is_under(number)
                if not (fen == self.pricing.postage_fen and POSTAGE_BEFORE.search(self.before(number))):
                    yield self.price(number.start, number.end, fen, self.units(number))

    def reductions(self, named: Sequence[int]) -> Iterator[Price]:
        """What discounts leave of the price; several count together, 再少5块 counts from the lowest price named."""
        full, taken = self.pricing.price_fen, 0
        for start, end, left in sorted(self._discounts()):
            if full is None or left == _UNKNOWABLE:
                yield self.price(start, end, _UNKNOWABLE, 1)
                continue
            taken += full - left
            further = FURTHER_REDUCED.search(self.text[max(0, start - _REACH) : start])
            base = min([full, *named]) if further else full
            yield self.price(start, end, max(_UNKNOWABLE, base - taken), 1)

    def _discounts(self) -> Iterator[tuple[int, int, int]]:
        for number in self.numbers:
            left = self._left(number)
            if left is not None:
                yield number.start, number.end, left
        for pattern, percent in FIXED_DISCOUNTS:
            for found in pattern.finditer(self.text):
                yield found.start(), found.end(), self.share_of_price(Decimal(percent))

    def _is_price(self, number: Number) -> bool:
        return self._is_marked(number) or self._is_bare_price(number)

    def share_of_price(self, percent: Decimal) -> int:
        price = self.pricing.price_fen
        return _UNKNOWABLE if price is None or percent < 0 else int(price * percent / 100)

    def tail_start(self, number: Number) -> int | None:
        """Where the 五 of 三十块五 stands."""
        found = AMOUNT_TAIL.match(self.text, number.end)
        return found.start(1) if found else None

    def units(self, number: Number) -> int:
        """How many units the amount pays for: 3张100元 is 100 for three, 每张35 is 35 for one."""
        before = self.before(number)
        if PER_UNIT.search(before) or PER_UNIT_AFTER.match(self.after(number)):
            return 1
        counts = [(n, int(n.readings[-1])) for n in self.numbers if n is not number and self._counts_items(n)]
        if BUNDLE_TOTAL.search(before):
            return max([self.pricing.quantity, *(count for _, count in counts)])
        return max([1, *(count for n, count in counts if self._touch(n, number))])

    def _counts_items(self, number: Number) -> bool:
        whole = number.readings[-1] == int(number.readings[-1]) and 1 < number.readings[-1] < 1000
        return whole and bool(ITEM_MEASURE.match(self.after(number))) and number.readings[-1] not in self.listed

    def _touch(self, left: Number, right: Number) -> bool:
        if left.start > right.start:
            left, right = right, left
        gap = self.text[left.end : right.start]
        return len(gap) <= 7 and not re.search(r"[,。.!?;、\n]", gap)

    def _is_marked(self, number: Number) -> bool:
        text = self.text
        found = MONEY_AFTER.match(text, number.end)
        if found and not any(start <= number.start < end and found.end() <= end for start, end in self.excuses):
            return True
        sign = MONEY_BEFORE.search(self.before(number))
        letter = sign is not None and re.sub(r"\W", "", sign[0]) in {"y", "r"}
        return sign is not None and not (letter and number.readings[0] < 10)

    def _is_under(self, number: Number) -> bool:
        """不到80, 80以内: at least a 分 less than the number."""
        return bool(UNDER_BEFORE.search(self.before(number)) or UNDER_AFTER.match(self.after(number)))

    def _tail(self, number: Number) -> Decimal:
        found = AMOUNT_TAIL.match(self.text, number.end)
        return Decimal(DIGITS.get(found[1], found[1])) / 10 if found else Decimal(0)

    def _left(self, number: Number) -> int | None:
        """What is left of the price when the number is a discount; None when it is none."""
        before, after, lowest = self.before(number), self.after(number), number.readings[0]
        if TENTHS_AFTER.match(after) and not MONEY_BEFORE.search(before):
            return self.share_of_price(lowest * 10 if lowest <= 10 else lowest if lowest < 100 else Decimal(-1))
        if after.lstrip().startswith("%"):
            return self._reduced_by_percent(before, after, number.readings)
        if not REDUCED_BEFORE.search(before) or AFTER_SALE.search(after):
            return None
        if self._is_excused(number) and not self._is_marked(number):
            return None
        price = self.pricing.price_fen
        return _UNKNOWABLE if price is None else max(_UNKNOWABLE, price - int(number.readings[-1] * 100))

    def _reduced_by_percent(self, before: str, after: str, readings: tuple[Decimal, ...]) -> int | None:
        if REDUCED_BEFORE.search(before) or OFF_AFTER.match(after):
            return self.share_of_price(100 - readings[-1])
        return self.share_of_price(readings[0]) if PERCENT_OF_PRICE.search(before) else None

    def _is_bare_price(self, number: Number) -> bool:
        """Whether a number without a money unit is a price after all."""
        said_to_sell = bool(BEFORE_SALE.search(self.before(number)) or AFTER_SALE.match(self.after(number)))
        if number.bare_char:
            return said_to_sell and self.text[number.start] not in "一零〇" and not self._is_excused(number)
        listed = number.readings[0] in self.listed
        if self._is_excused(number):
            return said_to_sell and not listed and (self._leads_excuse(number) or self._ends_excuse(number))
        return said_to_sell or not (listed or number.readings[0] == 0)

    def _is_excused(self, number: Number) -> bool:
        return any(start <= number.start and number.end <= end for start, end in self.excuses)

    def _leads_excuse(self, number: Number) -> bool:
        """35个 after 成交价: the measure word is no excuse there."""
        return any(start == number.start for start, _ in self.excuses) and bool(BEFORE_SALE.search(self.before(number)))

    def _ends_excuse(self, number: Number) -> bool:
        """pro 35卖你: the name before it is no excuse there."""
        return any(end == number.end for _, end in self.excuses) and bool(AFTER_SALE.match(self.after(number)))


def _literal(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(fold(word).text))
