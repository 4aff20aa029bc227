"""The catalogue is one table in many files."""

import tomllib

import pytest

from bot.texts import LOCALES, load
from tests.house.test_texts import BOT


@pytest.mark.parametrize("locale", LOCALES)
def test_no_key_stands_twice(locale: str):
    """The later file would win in silence, and somebody's card say another's word."""
    keys = [
        f"{family}.{name}"
        for file in sorted((BOT / "texts" / locale).glob("*.toml"))
        for family, texts in tomllib.loads(file.read_text("utf-8")).items()
        for name in texts
    ]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_a_missing_fact_leaves_a_dash():
    assert load("en")("refused.no_number") == '"–" is no number; write a whole one, like 42.'
