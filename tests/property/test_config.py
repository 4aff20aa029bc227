"""Whatever stands in the file or the environment: a configuration, or BadConfig in one line; never another error."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import load
from core.config.schema import TABLES
from core.errors import BadConfig

NAMES = sorted({key for model in TABLES.values() for key in model.model_fields})
WORDS = st.one_of(st.sampled_from(NAMES), st.text("abc_0159.", min_size=1, max_size=6))
TOML_VALUES = st.one_of(
    st.integers().map(str),
    st.floats().map(lambda number: repr(number) if number == number else "nan"),
    st.sampled_from(["true", "false", '""', '"x"', "[]", "[1, 'a']", "{a = 1}", "1979-05-27", "2026-01-01T00:00:00Z"]),
    st.sampled_from(["9" * 400, "-1", "'http://'", "'ws://h'", "0001-01-01T00:00:00+14:00", "07:32:00", "1e999"]),
    st.text(max_size=20).map(lambda text: "'''" + text.replace("'", "") + "'''"),
)
ENV_NAMES = st.one_of(
    st.tuples(st.sampled_from(sorted(TABLES)), WORDS).map("__".join).map(lambda name: name.replace(".", "__")),
    st.tuples(st.just("accounts"), st.integers(-2, 5).map(str), WORDS).map("__".join),
    st.text("AB_019", max_size=9),
).map(lambda name: f"ZHANGGUI__{name.upper()}")


def complaint_of(path: Path | None, env: Mapping[str, str]) -> str | None:
    try:
        load(path, env)
    except BadConfig as error:
        return str(error)
    return None


def load_or_complain(text: str | bytes, env: Mapping[str, str]) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
        return complaint_of(path, env)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80), st.integers(1, 100_000).map(lambda n: "a = " + "[" * n)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_for_a_file(text: str | bytes):
    load_or_complain(text, {})


@given(st.dictionaries(st.tuples(st.sampled_from(sorted(TABLES)), st.sampled_from(NAMES)), TOML_VALUES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_value_for_any_setting(values: dict[tuple[str, str], str]):
    tables: dict[str, list[str]] = {}
    for (table, key), value in values.items():
        tables.setdefault(table, []).append(f"{key} = {value}")
    blocks = [f"[[{t}]]\n" if t == "accounts" else f"[{t}]\n" for t in tables]
    load_or_complain(
        "\n".join(block + "\n".join(lines) for block, lines in zip(blocks, tables.values(), strict=True)), {}
    )


@given(st.dictionaries(ENV_NAMES, st.text(max_size=12), max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_environment(env: dict[str, str]):
    load_or_complain('[[accounts]]\nname = "a"\n', env)


@given(
    st.sampled_from([(t, k) for t, model in TABLES.items() if t != "accounts" for k in model.model_fields]), st.text()
)
@settings(max_examples=150, deadline=None)
def test_a_setting_given_as_text_is_taken_or_named(setting: tuple[str, str], value: str):
    name = f"ZHANGGUI__{setting[0].replace('.', '__')}__{setting[1]}".upper()
    words = complaint_of(None, {name: value})
    assert words is None or name in words or f"[{setting[0]}]" in words
