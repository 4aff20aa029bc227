"""Tracking numbers in what people paste and photograph: notices of carriers, lists, bar codes.

A number is 8–30 letters or digits (laws.md, "Tracking numbers"). What is a mobile number, a date or a platform's order
number is none, unless the text says so; when something has a carrier's form, what has none is left aside.
"""

import re
import unicodedata
from collections.abc import Iterable

from core.rules.carriers import guess, named_in
from core.values.carriers import Waybill

_MOST_CHARS = 5000
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{8,30}(?![0-9A-Za-z])")
_LABEL = re.compile(r"(?:单号|單號|运单|運單|面单|tracking|waybill)[^0-9A-Za-z]{0,6}$", re.IGNORECASE)
_SPEAKS = re.compile(r"单号|單號|运单|運單|面单|快递|快遞|包裹|tracking|waybill", re.IGNORECASE)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_DATE = re.compile(r"20\d{6}(?:\d{4}|\d{6})?")
_ORDER_NO = re.compile(r"\d{18,30}")
_LEAST_DIGITS = 6
_LEAST_UNTOLD = 10
"""Shorter runs without a carrier's form count only where the text calls them a number."""
MOST = 20


def read_numbers(text: str) -> tuple[Waybill, ...]:
    """The tracking numbers of a text, each once, with the carriers they may be of; those of a known form alone."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_CHARS])
    named = tuple(carrier.code for carrier in named_in(plain))
    found: dict[str, bool] = {}
    for run in _RUN.finditer(plain):
        number, told = run[0].upper(), _LABEL.search(plain, max(0, run.start() - 20), run.start()) is not None
        if _may_be(number, told):
            found[number] = found.get(number, False) or told or bool(guess(number))
    sure = [number for number, is_sure in found.items() if is_sure]
    return tuple(_read(number, named) for number in (sure or found))[:MOST]


def read_codes(codes: Iterable[str], caption: str = "") -> tuple[Waybill, ...]:
    """The tracking numbers among the bar codes of a label: whole codes alone, those of a known form before others.

    A carrier the caption names comes before the one of the form.
    """
    named = tuple(carrier.code for carrier in named_in(caption))
    numbers = dict.fromkeys(re.sub(r"[\s-]", "", code).upper() for code in codes)
    likely = [number for number in numbers if _RUN.fullmatch(number) and _may_be(number, told=False)]
    known = [number for number in likely if guess(number)]
    return tuple(_read(number, named) for number in (known or likely))[:MOST]


def speaks_of_parcel(text: str) -> bool:
    """Whether a text is about a parcel's number, so that it may be read without having been asked to."""
    found = read_numbers(text)
    if not found:
        return False
    lettered = any(not one.number[0].isdigit() and one.carriers for one in found)
    return lettered or bool(named_in(text)) or _SPEAKS.search(text) is not None


def _may_be(number: str, told: bool) -> bool:
    if sum(char.isdigit() for char in number) < _LEAST_DIGITS:
        return False
    if told or guess(number):
        return True
    other = any(form.fullmatch(number) for form in (_MOBILE, _DATE, _ORDER_NO))
    return not other and len(number) >= _LEAST_UNTOLD


def _read(number: str, named: tuple[str, ...]) -> Waybill:
    """What the text says comes before what the form says."""
    return Waybill(number=number, carriers=tuple(dict.fromkeys((*named, *(one.code for one in guess(number))))))
