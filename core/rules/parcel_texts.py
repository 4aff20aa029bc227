"""What a buyer is told of a parcel, from the owner's template: carrier, number, and where it can be tracked."""

import re
from collections.abc import Mapping

from core.rules.templates import facts_of, fill
from core.values.carriers import BY_CODE, name_of
from core.values.orders import Order

IN_THE_ORDER = "闲鱼订单里的物流信息"
"""Stands where a page would, for carriers without a known one and when the marketplace did not take the address."""
KEY = "parcel:"
"""How the natural key of such a text begins: `parcel:42:SF123`. A number is told once (law 2)."""
PLAIN = ":plain"
_PAGE = re.compile(r"https?://[!-~]+")


def places_of(order: Order, code: str, number: str) -> Mapping[str, str]:
    """What the places of the template are filled with."""
    carrier = BY_CODE.get(code)
    page = carrier.page_of(number) if carrier is not None else ""
    return facts_of(order) | {"carrier": name_of(code, "zh"), "number": number, "link": page or IN_THE_ORDER}


def text_of(template: str, order: Order, code: str, number: str) -> str | None:
    """The text as the buyer gets it; None when the template has a place nobody can fill."""
    return fill(template, places_of(order, code, number))


def key_of(order_id: int, number: str) -> str:
    """The natural key: another number is another text."""
    return f"{KEY}{order_id}:{number}"


def plain(key: str, body: str) -> tuple[str, str] | None:
    """The same without an address, when the marketplace refused it: key and text; None where that is no use."""
    if not key.startswith(KEY) or key.endswith(PLAIN) or not _PAGE.search(body):
        return None
    return f"{key}{PLAIN}", _PAGE.sub(IN_THE_ORDER, body)
