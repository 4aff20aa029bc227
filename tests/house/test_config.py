"""Every setting stands in config.toml.example, explained and with its default."""

import tomllib
from pathlib import Path

import pytest

from core.config import Config, describe, load
from core.config.schema import TABLES

EXAMPLE = Path(__file__).parents[2] / "config.toml.example"
SETTINGS = [(table, key) for table, model in TABLES.items() for key in model.model_fields]


def leaves(tables: dict[str, object], at: str = "") -> set[tuple[str, str]]:
    """Table and name of every setting in a file, tables inside of tables included."""
    inner = {key: value for key, value in tables.items() if isinstance(value, dict)}
    found = {(at, key) for key in tables if key not in inner}
    return found.union(*(leaves(value, f"{at}.{key}".lstrip(".")) for key, value in inner.items()))


def find_line(table: str, key: str) -> tuple[str, str]:
    """The line of a setting in the example (active or commented out) and the line above it."""
    here, above = "", ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        if here == table and line.removeprefix("# ").startswith(f"{key} ="):
            return line, above
        above = line
    raise AssertionError(f"config.toml.example has no line for {table}.{key}: whoever adds a setting explains it there")


@pytest.mark.parametrize(("table", "key"), SETTINGS, ids=lambda part: part)
def test_every_setting_stands_in_the_example_with_its_explanation(table: str, key: str):
    _, above = find_line(table, key)
    assert above == f"# {TABLES[table].model_fields[key].description}"


def test_the_example_names_nothing_but_settings():
    given = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    given["accounts"] = given["accounts"][0]
    assert leaves(given) <= set(SETTINGS)
    assert ("wecom.aibot", "bot_id") in leaves(given)


def test_the_example_loads_and_shows_the_defaults():
    example = load(EXAMPLE, {})
    assert example.model_dump(exclude={"accounts"}) == Config().model_dump(exclude={"accounts"})
    assert [account.name for account in example.accounts] == ["main"]
    for row in describe(example):
        assert row.value == row.default or row.key in {"accounts.0.name", "accounts.0.cookie_file"}


def test_every_setting_says_what_it_is_for():
    for table, model in TABLES.items():
        for key, field in model.model_fields.items():
            assert field.description and field.description.endswith("."), f"{table}.{key} has no description"
