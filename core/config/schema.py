"""What settings there are: the one list that reading, errors and `describe` go by."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic import PrivateAttr, SecretStr, TypeAdapter, field_validator
from pydantic.fields import FieldInfo

from core.config.connections import Account, Ai, ClockSpeed, Shop, Telegram, Watch, Wire
from core.config.fields import Section
from core.config.trade import Approvals, Limits, Reminders, Replies, Report, Retry, Risk, Shipping, Stock
from core.config.wecom import Wecom
from core.config.wrong import wrong
from core.errors import Problem


class Config(Section):
    """The whole configuration, a table a field."""

    shop: Shop = Shop()
    accounts: tuple[Account, ...] = ()
    ai: Ai = Ai()
    telegram: Telegram = Telegram()
    wecom: Wecom = Wecom()
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
    report: Report = Report()
    reminders: Reminders = Reminders()
    _places: dict[str, str] = PrivateAttr(default_factory=dict)

    @field_validator("accounts")
    @classmethod
    def _distinct(cls, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        names = [account.name for account in accounts]
        if len(set(names)) != len(names):
            raise wrong("same_name")
        return accounts

    def place_of(self, key: str) -> str:
        """Where a setting (`ai.model`, `accounts.0.name`) was read; "default" when nowhere."""
        return self._places.get(key, "default")

    @property
    def places(self) -> tuple[str, ...]:
        """The settings that somebody gave."""
        return tuple(self._places)

    def placed(self, places: dict[str, str]) -> "Config":
        """A configuration of these values, with places of its own."""
        self._places = dict(places)
        return self

    def read_at(self, places: dict[str, str]) -> "Config":
        """The same configuration, knowing where each setting was read."""
        self._places.update(places)
        return self


def _tables(name: str, model: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    """A table and those inside of it; one that holds nothing but tables is none itself."""
    inner = {key: type(field.default) for key, field in model.model_fields.items() if is_table(field)}
    if len(inner) < len(model.model_fields):
        yield name, model
    for key, table in inner.items():
        yield from _tables(f"{name}.{key}", table)


def is_table(field: FieldInfo) -> bool:
    """Whether a field holds a table, no setting."""
    return isinstance(field.default, Section)


TABLES: dict[str, type[Section]] = {
    path: model
    for name, field in Config.model_fields.items()
    for path, model in _tables(name, Account if name == "accounts" else type(field.default))
}
"""Name of each table (`ai`, `wecom.aibot`) → its model. `accounts` is a list of them."""
TOPS = tuple(Config.model_fields)
"""What may stand at the top of the file."""


def split(path: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A path's table and what is left of it: `("wecom", "aibot", "secret")` is `wecom.aibot` and `("secret",)`.

    An account's number belongs to its table. Without a table of that name the first part stands for it.
    """
    if path[:1] == ("accounts",):
        return "accounts", path[2:] if len(path) > 1 and _is_number(path[1]) else path[1:]
    deepest = max((n for n in range(1, len(path)) if ".".join(path[:n]) in TABLES), default=1)
    return ".".join(path[:deepest]), path[deepest:]


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 3


def field_of(path: tuple[str, ...]) -> FieldInfo | None:
    """The setting a path (`("ai", "model")`, `("accounts", "0", "name")`) names; None when there is none."""
    table, keys = split(path) if path else ("", ())
    if len(keys) != 1 or table not in TABLES or (table == "accounts" and len(path) != 3):
        return None
    field = TABLES[table].model_fields.get(keys[0])
    return field if field is not None and not is_table(field) else None


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting's value must never be shown."""
    return field.annotation is SecretStr


def explain_unknown(path: tuple[str, ...]) -> str:
    """What to say of a name that is no setting: its place, the nearest name, all allowed names."""
    wrong, where, names = _stranger(path)
    if path[0] not in TOPS:
        return f"unknown table {wrong!r}{_near(wrong, names)}; allowed: {', '.join(names)}"
    return f"unknown name {wrong!r} in {where}{_near(wrong, names)}; allowed: {', '.join(names)}"


def unknown(path: tuple[str, ...], place: str) -> Problem:
    """The same in parts."""
    name, where, names = _stranger(path)
    why = "unknown_name" if path[0] in TOPS else "unknown_table"
    return Problem(why, {"name": name, "where": where, "place": place}, kind="choice", options=tuple(names))


def _stranger(path: tuple[str, ...]) -> tuple[str, str, list[str]]:
    """The name nobody knows, the table it stands in, and the names that are known there."""
    if path[0] not in TOPS:
        return path[0], "", list(TOPS)
    table, keys = split(path)
    model = TABLES.get(table)
    inner = [name.removeprefix(f"{table}.") for name in TABLES if name.startswith(f"{table}.")]
    where = "[[accounts]]" if table == "accounts" else f"[{table}]"
    wrong = (path[-1] if model else keys[0]) if keys else ""
    return wrong, where, [*(model.model_fields if model else ()), *inner]


def allowed(field: FieldInfo) -> str:
    """The values a setting takes, in words."""
    kind, bounds, options = _limits(field)
    if options:
        return f"one of {', '.join(options)}"
    words = [f"{_BOUNDS[word]} {limit}" for word, limit in bounds]
    return " ".join(filter(None, [_KINDS.get(kind, kind), " and ".join(words), f"({field.description})"]))


def problem(why: str, facts: dict[str, str], field: FieldInfo, check: str = "") -> Problem:
    """What is wrong with a setting, with what it takes."""
    kind, bounds, options = _limits(field)
    return Problem(why, facts, check, kind, bounds, options)


def _limits(field: FieldInfo) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The kind of a setting, the bounds of a number, and the words it may be."""
    shape = _json_schema(field)
    options = shape.get("enum") or ([shape["const"]] if "const" in shape else [])
    bounds = tuple((key, str(shape[key])) for key in _BOUNDS if isinstance(shape.get(key), int | float))
    kind = str(shape.get("format") or shape.get("type"))
    words = tuple(map(str, options)) if isinstance(options, list) else ()
    return "choice" if words else kind if kind in _KINDS else "text", bounds, words


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
    shape: dict[str, object] = TypeAdapter(field.rebuild_annotation(), config=Section.model_config).json_schema()
    options = shape.get("anyOf")
    return options[0] if isinstance(options, list) else shape


def _near(word: str, names: Iterable[str]) -> str:
    found = get_close_matches(word, list(names), n=1)
    return f", did you mean {found[0]!r}?" if found else ""
