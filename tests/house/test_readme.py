"""The README says what is true: its printed parts, its commands and every test it names."""

import ast
import re
import subprocess
import sys

import pytest

from bot.commands.table import TABLE
from core.config import load
from core.config.schema import TABLES
from tests.house.readme import PRINTED, README, part, printed, rewritten
from tests.house.sources import ROOT, tree

TEXT = README.read_text("utf-8")
TESTS_COMMAND = "python3 -m venv .venv && .venv/bin/pip install --quiet -e '.[dev]' && .venv/bin/pytest"


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_part_is_what_the_code_prints(name: str) -> None:
    assert printed(name) == PRINTED[name](), "write it anew: python -m tests.house.readme"


def test_printing_again_changes_nothing() -> None:
    assert rewritten(TEXT) == TEXT


def test_a_part_that_is_out_of_date_would_be_seen() -> None:
    old = TEXT.replace("| `risk.tolerance_percent` |", "| `risk.tolerance` |")
    assert part(old, "settings") != PRINTED["settings"]()
    assert rewritten(old) == TEXT


def test_every_command_and_every_setting_stands_in_it() -> None:
    assert [row.name for row in TABLE.rows if f"`/{row.name}`" not in printed("commands")] == []
    keys = {
        f"{table}.0.{key}" if table == "accounts" else f"{table}.{key}"
        for table, model in TABLES.items()
        for key in model.model_fields
    }
    assert {key for key in keys if f"`{key}`" not in printed("settings")} == set()


def commands(name: str) -> list[str]:
    """The lines of a part that is one code block."""
    block = re.fullmatch(r"```\n(.*?)\n```", printed(name), re.DOTALL)
    assert block is not None
    return block[1].splitlines()


def test_the_two_commands_are_one_line_each_and_stand_near_the_top() -> None:
    assert commands("test") == [TESTS_COMMAND]
    assert commands("demo") == [
        "python3 -m venv .venv && .venv/bin/pip install --quiet -e . && .venv/bin/zhanggui demo"
    ]
    assert TEXT.index("<!-- /test -->") < 2500


def test_the_pipeline_runs_the_readmes_test_command() -> None:
    """`.ci/run` cuts the command out of the README with this very sed line."""
    script = (ROOT / ".ci/run").read_text("utf-8")
    sed = r"sed -n '/^<!-- test -->$/,/^<!-- \/test -->$/p' README.md | sed '/^<!--/d; /^```/d'"
    assert f"command=$({sed})" in script
    assert 'bash -euo pipefail -c "$command"' in script
    cut = subprocess.run(["bash", "-c", sed], cwd=ROOT, capture_output=True, text=True, check=True)
    assert cut.stdout.strip() == TESTS_COMMAND


def test_the_pipeline_can_be_started() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0


def functions_of(file: str) -> set[str]:
    source = tree(ROOT / file)
    return {node.name for node in ast.walk(source) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def missing_tests(text: str) -> list[str]:
    """Tests a text names that do not exist."""
    named = re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", text)
    return [f"{file}::{test}" for file, test in named if not (ROOT / file).is_file() or test not in functions_of(file)]


def test_every_test_it_names_exists() -> None:
    assert len(re.findall(r"::test_", TEXT)) > 20
    assert missing_tests(TEXT) == []
    assert missing_tests("tests/house/test_readme.py::test_nobody_wrote") == [
        "tests/house/test_readme.py::test_nobody_wrote"
    ]


def test_every_law_has_its_row() -> None:
    numbers = re.findall(r"^\| (\d+)\. .*::test_", printed("laws"), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 13)]


def test_every_threat_names_what_shows_that_it_is_stopped() -> None:
    rows = [row for row in printed("threats").splitlines() if row.startswith("| ")][1:]
    assert len(rows) >= 10
    assert [row for row in rows if "::test_" not in row.rpartition(" | ")[2]] == []


def test_the_compose_file_is_one_and_names_settings_only() -> None:
    text = printed("compose")
    given = dict(re.findall(r"^      (ZHANGGUI__\w+): (\S+)$", text, re.MULTILINE))
    files = {name for name in given if name.endswith("_FILE")}
    assert {given[name].removeprefix("/run/secrets/") for name in files} == {"telegram_token", "ai_key"}
    plain = {name.removesuffix("_FILE"): value for name, value in given.items()}
    config = load(None, plain)
    assert config.telegram.token.get_secret_value() == "/run/secrets/telegram_token", "each is read as what it is"
    assert config.ai.api_key.get_secret_value() == "/run/secrets/ai_key"


def test_every_path_it_names_exists() -> None:
    paths = set(re.findall(r"`((?:core|bot|tests|prompts|\.ci)(?:/[\w.]+)+)", TEXT))
    assert {path for path in paths if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()} == set()


def test_the_command_lines_table_names_every_verb_and_says_what_it_is_for() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    given = re.findall(r"^    (\w+) {2,}\S", helped.stdout, re.MULTILINE)
    assert set(re.findall(r"^\| `zhanggui (\w+)", printed("verbs"), re.MULTILINE)) == set(given)
    assert "None" not in printed("verbs"), "a verb without a description"
