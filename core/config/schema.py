"""What settings there are: the one list that reading, errors and `describe` go by."""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import PrivateAttr, SecretStr, TypeAdapter, model_validator
from pydantic.fields import FieldInfo

from core.config.connections import Account, Ai, ClockSpeed, Shop, Telegram, Watch, Wire
from core.config.fields import Section
from core.config.trade import Approvals, Limits, Replies, Retry, Risk, Shipping, Stock


class Config(Section):
    """The whole configuration, a table a field."""

    shop: Shop = Shop()
    accounts: tuple[Account, ...] = ()
    ai: Ai = Ai()
    telegram: Telegram = Telegram()
    replies: Replies = Replies()
    approvals: Approvals = Approvals()
    shipping: Shipping = Shipping()
    risk: Risk = Risk()
    retry: Retry = Retry()
    stock: Stock = Stock()
    limits: Limits = Limits()
    wire: Wire = Wire()
    clock: ClockSpeed = ClockSpeed()
    watch: Watch = Watch()
    _places: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _distinct(self) -> "Config":
        names = [account.name for account in self.accounts]
        if len(set(names)) != len(names):
            raise ValueError("two accounts have the same name")
        return self

    def place_of(self, key: str) -> str:
        """Where a setting (`ai.model`, `accounts.0.name`) was read; "default" when nowhere."""
        return self._places.get(key, "default")

    def read_at(self, places: dict[str, str]) -> "Config":
        """The same configuration, knowing where each setting was read."""
        self._places.update(places)
        return self


TABLES: dict[str, type[Section]] = {
    name: Account if name == "accounts" else type(field.default) for name, field in Config.model_fields.items()
}
"""Name of each table → its model. `accounts` is a list of them."""


def field_of(path: tuple[str, ...]) -> FieldInfo | None:
    """The setting a path (`("ai", "model")`, `("accounts", "0", "name")`) names; None when there is none."""
    if not path or path[0] not in TABLES:
        return None
    keys = path[1:]
    if path[0] == "accounts":
        if not keys or not (keys[0].isascii() and keys[0].isdigit() and len(keys[0]) <= 3):
            return None
        keys = keys[1:]
    return TABLES[path[0]].model_fields.get(keys[0]) if len(keys) == 1 else None


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting's value must never be shown."""
    return field.annotation is SecretStr


def explain_unknown(path: tuple[str, ...]) -> str:
    """What to say of a name that is no setting: its place, the nearest name, all allowed names."""
    table, key = path[0], path[-1]
    if table not in TABLES:
        return f"unknown table {table!r}{_near(table, TABLES)}; allowed: {', '.join(TABLES)}"
    names = TABLES[table].model_fields
    where = "[[accounts]]" if table == "accounts" else f"[{table}]"
    wrong = key if len(path) > 1 else ""
    return f"unknown name {wrong!r} in {where}{_near(wrong, names)}; allowed: {', '.join(names)}"


def allowed(field: FieldInfo) -> str:
    """The values a setting takes, in words."""
    shape = _json_schema(field)
    options = shape.get("enum") or ([shape["const"]] if "const" in shape else None)
    if isinstance(options, list):
        return f"one of {', '.join(map(str, options))}"
    bounds = [f"{word} {shape[key]}" for key, word in _BOUNDS.items() if isinstance(shape.get(key), int | float)]
    kind = _KINDS.get(str(shape.get("format") or shape.get("type")), "text")
    return " ".join(filter(None, [kind, " and ".join(bounds), f"({field.description})"]))


_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "up to", "exclusiveMaximum": "below"}
_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of rising numbers",
    "path": "a path",
    "date-time": "a date and time with its offset",
}


def _json_schema(field: FieldInfo) -> dict[str, object]:
    """The field's JSON schema; of several alternatives the first."""
    shape: dict[str, object] = TypeAdapter(field.rebuild_annotation()).json_schema()
    options = shape.get("anyOf")
    return options[0] if isinstance(options, list) else shape


def _near(word: str, names: Iterable[str]) -> str:
    found = get_close_matches(word, list(names), n=1)
    return f", did you mean {found[0]!r}?" if found else ""
