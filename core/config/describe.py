"""Every setting with its value, default and source: for the owner's eyes, secrets masked."""

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.config import schema
from core.config.fields import Section
from core.config.schema import Config

LONG = 16
"""Of a secret at least so long the last four characters are shown."""


class SettingRow(NamedTuple):
    """One setting. `place` is "default" or where it was read; `what` says what it is for."""

    key: str
    value: str
    default: str
    place: str
    what: str


def describe(config: Config) -> tuple[SettingRow, ...]:
    """All settings in the order of the example file; the keys of accounts are `accounts.0.name` and so on."""
    return tuple(row for prefix, section in _sections(config) for row in _rows(config, prefix, section))


def secrets_of(config: Config) -> frozenset[str]:
    """Every secret the configuration holds, whole: what no line of the log may show."""
    held = [value for _, section in _sections(config) for _, value in section if isinstance(value, SecretStr)]
    return frozenset(secret.get_secret_value() for secret in held)


def _sections(config: Config) -> Iterator[tuple[str, Section]]:
    """Each table with the name its settings begin with."""
    for table in schema.TABLES:
        if table == "accounts":
            yield from ((f"accounts.{number}", account) for number, account in enumerate(config.accounts))
        else:
            yield table, attrgetter(table)(config)


def shown_value(config: Config, key: str) -> str:
    """A setting as it is shown; empty when there is none of that name."""
    return next((row.value for row in describe(config) if row.key == key), "")


class Difference(NamedTuple):
    """A setting that two configurations have differently, as it is shown; a name that only one has is empty there."""

    key: str
    before: str
    after: str


def differences(before: Config, after: Config) -> tuple[Difference, ...]:
    """What differs, in the order of the example file; two secrets that look alike when masked differ all the same."""
    old, new = _by_key(before), _by_key(after)
    return tuple(
        Difference(key, old[key][0] if key in old else "", new[key][0] if key in new else "")
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    )


def _by_key(config: Config) -> dict[str, tuple[str, object]]:
    """Every setting as it is shown and as it is."""
    return {row.key: (row.value, _raw(config, row.key)) for row in describe(config)}


def _raw(config: Config, key: str) -> object:
    found: object = config
    for part in key.split("."):
        found = found[int(part)] if isinstance(found, tuple) else getattr(found, part)
    return found


def _rows(config: Config, prefix: str, section: Section) -> list[SettingRow]:
    return [
        SettingRow(
            key=f"{prefix}.{name}",
            value=_show(field, getattr(section, name)),
            default="(required)" if field.is_required() else _show(field, field.default),
            place=config.place_of(f"{prefix}.{name}"),
            what=field.description or "",
        )
        for name, field in type(section).model_fields.items()
        if not schema.is_table(field)
    ]


def _show(field: FieldInfo, value: object) -> str:
    if schema.is_secret(field):
        return _last_four(value) if isinstance(value, SecretStr) else ""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"{part:g}" for part in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _last_four(secret: SecretStr) -> str:
    """Enough to tell two apart; of a short one nothing."""
    text = secret.get_secret_value()
    return f"****{text[-4:] if len(text) >= LONG else ''}" if text else ""
