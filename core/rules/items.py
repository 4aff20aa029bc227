"""What the owner may set on a product, and how it is typed (CFG-016 to CFG-027)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from core.config import Shipping, Stock
from core.errors import BadArgument
from core.rules.guard import BlockKind, check_delivery
from core.rules.shipping import PLACES
from core.values import Value
from core.values.fulfilment import ShipMode
from core.values.money import fen_of_yuan, yuan_of_fen
from core.values.products import Product, ProductState


class Defaults(Value):
    """What a product starts with. Delays in minutes, `low_at` in units."""

    delay_min_minutes: int
    delay_max_minutes: int
    low_at: int
    carrier: str

    @classmethod
    def of(cls, shipping: Shipping, stock: Stock) -> "Defaults":
        """The defaults of a configuration."""
        return cls(
            delay_min_minutes=shipping.delay_min_minutes,
            delay_max_minutes=shipping.delay_max_minutes,
            low_at=stock.low_at,
            carrier=shipping.carrier,
        )


STATED = Defaults.of(Shipping(), Stock())
"""The stated defaults, where no configuration is at hand."""

MOST = 1_000_000_000
LONGEST_DELAY = 120
LONGEST_LOCATION = 16
"""So long a place is the label of a line, whole."""
NOTHING = frozenset({"", "-", "无", "none"})
ON = frozenset({"on", "yes", "true", "1", "是", "开"})
OFF = frozenset({"off", "no", "false", "0", "否", "关"})
MODES = {
    "virtual": ShipMode.virtual,
    "虚拟": ShipMode.virtual,
    "physical": ShipMode.physical,
    "实物": ShipMode.physical,
}
STATES = {
    "active": ProductState.active,
    "上架": ProductState.active,
    "paused": ProductState.paused,
    "暂停": ProductState.paused,
}

Change = dict[str, object]


def changed(product: Product, field: str, value: str) -> Product:
    """The product with one field set from what was typed; BadArgument names the field and what it takes."""
    if field not in FIELDS:
        raise BadArgument("unknown_field", field=field, allowed=", ".join(FIELDS))
    after = product.model_copy(update={**FIELDS[field](product, value.strip()), "configured": True})
    if after.floor_fen is not None and after.price_fen is not None and after.floor_fen > after.price_fen:
        raise BadArgument("floor_over_price", floor=yuan_of_fen(after.floor_fen), price=yuan_of_fen(after.price_fen))
    return after


def twin_of(product: Product, titles: Iterable[str], others: Sequence[tuple[Product, str]]) -> Product | None:
    """The configured product a new one may be again: same specification, and a title of both is alike.

    `titles` are those of the new one's listings, `others` products each with one of its titles.
    """
    mine = {_plain(title) for title in (product.title, *titles) if title}
    alike = (
        one
        for one, title in others
        if one.configured and one.id != product.id and one.spec == product.spec and _plain(title) in mine
    )
    return next(alike, None)


def _plain(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


def shown(product: Product, field: str) -> str:
    """A field's value for the record of who changed what; a delivery text may hold secrets and is not shown."""
    if field == "delay":
        return f"{product.delay_min_minutes}-{product.delay_max_minutes}"
    if field in MONEY:
        fen = getattr(product, MONEY[field])
        return "-" if fen is None else yuan_of_fen(fen)
    if field == "text":
        return f"{len(product.delivery_text or '')} chars"
    value = getattr(product, field)
    return "-" if value in (None, "") else str(value)


def _title(_: Product, value: str) -> Change:
    if not 1 <= len(value) <= 100:
        raise BadArgument("bad_length", field="title", least=1, most=100)
    return {"title": value}


def _long(field: str, column: str, most: int) -> Callable[[Product, str], Change]:
    def read(_: Product, value: str) -> Change:
        if len(value) > most:
            raise BadArgument("bad_length", field=field, least=0, most=most)
        return {column: "" if value in NOTHING else value}

    return read


def _text(_: Product, value: str) -> Change:
    """The delivery text: checked here, once, and then sent as it stands (laws.md, 6)."""
    if value in NOTHING:
        return {"delivery_text": None}
    verdict = check_delivery(value)
    for block in verdict.blocks:
        if block.kind is BlockKind.placeholder:
            raise BadArgument("unknown_placeholder", name=block.words, allowed=" ".join(PLACES))
    if not verdict.passed:
        kinds = ", ".join(sorted(verdict.kinds))
        raise BadArgument("text_stopped", kinds=kinds, words=verdict.blocks[0].words, allowed=" ".join(PLACES))
    return {"delivery_text": value}


def _carrier(_: Product, value: str) -> Change:
    if len(value) > 40:
        raise BadArgument("bad_length", field="carrier", least=0, most=40)
    return {"carrier": None if value in NOTHING else value}


def _delay(_: Product, value: str) -> Change:
    """Minutes, "30" or "5-30"."""
    found = re.fullmatch(r"(\d{1,3})(?:\s*[-~到]\s*(\d{1,3}))?", value)
    low = int(found[1]) if found else -1
    high = int(found[2] or found[1]) if found else -1
    if not 0 <= low <= high <= LONGEST_DELAY:
        raise BadArgument("bad_delay", value=value, least=0, most=LONGEST_DELAY)
    return {"delay_min_minutes": low, "delay_max_minutes": high}


def _money(field: str, column: str, *, may_be_none: bool) -> Callable[[Product, str], Change]:
    def read(_: Product, value: str) -> Change:
        if value in NOTHING:
            return {column: None if may_be_none else 0}
        try:
            fen = fen_of_yuan(value)
        except ValueError as error:
            raise BadArgument("bad_money", field=field, value=value) from error
        if not 0 <= fen <= MOST:
            raise BadArgument("bad_money", field=field, value=value)
        return {column: fen}

    return read


def _number(field: str, least: int, *, may_be_none: bool) -> Callable[[Product, str], Change]:
    def read(_: Product, value: str) -> Change:
        if may_be_none and value in NOTHING:
            return {field: None}
        number = int(value) if re.fullmatch(r"[0-9]{1,10}", value) else -1
        if not least <= number <= MOST:
            raise BadArgument("bad_number", field=field, value=value, least=least, most=MOST)
        return {field: number}

    return read


def _choice(field: str, choices: dict[str, object]) -> Callable[[Product, str], Change]:
    def read(_: Product, value: str) -> Change:
        if value.lower() not in choices:
            raise BadArgument("bad_choice", field=field, value=value, allowed=", ".join(choices))
        return {field: choices[value.lower()]}

    return read


def _is_on(field: str, value: str) -> bool:
    if value.lower() not in ON | OFF:
        raise BadArgument("bad_choice", field=field, value=value, allowed="开, 关, on, off")
    return value.lower() in ON


def _auto_ship(_: Product, value: str) -> Change:
    return {"auto_ship": _is_on("auto_ship", value)}


def _location(_: Product, value: str) -> Change:
    place = " ".join(value.split())
    if len(place) > LONGEST_LOCATION:
        raise BadArgument("bad_length", field="location", least=0, most=LONGEST_LOCATION)
    return {"location": "" if place in NOTHING else place}


def _fragile(_: Product, value: str) -> Change:
    return {"fragile": _is_on("fragile", value)}


def _counted(product: Product, value: str) -> Change:
    """Counting off empties the shelf: unlimited is outside the books. Keys are always counted."""
    counted = _is_on("counted", value)
    if not counted and product.keyed:
        raise BadArgument("stock_is_keys", product=product.id)
    return {"counted": counted, "free": product.free if counted else 0}


def _keyed(product: Product, value: str) -> Change:
    """Only an empty shelf changes between loose units and keys."""
    keyed = _is_on("keyed", value)
    if keyed != product.keyed and (product.free or product.reserved):
        raise BadArgument("has_loose_units", product=product.id, free=product.free, reserved=product.reserved)
    return {"keyed": keyed, "counted": keyed or product.counted}


MONEY = {"price": "price_fen", "floor": "floor_fen", "postage": "postage_fen"}

FIELDS: dict[str, Callable[[Product, str], Change]] = {
    "title": _title,
    "auto_ship": _auto_ship,
    "mode": _choice("mode", dict(MODES)),
    "delay": _delay,
    "price": _money("price", "price_fen", may_be_none=True),
    "floor": _money("floor", "floor_fen", may_be_none=True),
    "postage": _money("postage", "postage_fen", may_be_none=False),
    "max_quantity": _number("max_quantity", 1, may_be_none=True),
    "low_at": _number("low_at", 0, may_be_none=False),
    "carrier": _carrier,
    "text": _text,
    "location": _location,
    "fragile": _fragile,
    "facts": _long("facts", "facts", 4000),
    "state": _choice("state", dict(STATES)),
    "counted": _counted,
    "keyed": _keyed,
}
"""What can be set, and how each is read."""
