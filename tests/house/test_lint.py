"""How the code reads (style.md), as far as a machine can check it; each message says why."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.house.sources import ROOT, WINGS, committed_files, place, python_files, tree

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
VAGUE = re.compile(r"^_*(utils?|helpers?|managers?|services?|base|misc|common|shared|stuff)$")
"""Words that name nothing."""


def say(*command: str) -> str:
    """What a tool complains of; empty when it is content."""
    done = subprocess.run([sys.executable, "-m", *command], check=False, cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"python -m {' '.join(command)}\n{done.stdout}{done.stderr}"


def test_ruff_finds_nothing() -> None:
    said = say("ruff", "check")
    assert not said, said


def test_every_file_is_formatted() -> None:
    said = say("ruff", "format", "--check")
    assert not said, said


@pytest.mark.timeout(400)
def test_mypy_strict_finds_nothing() -> None:
    said = say("mypy")
    assert not said, said


Functions = ast.FunctionDef | ast.AsyncFunctionDef


def functions(source: ast.Module) -> Iterator[Functions]:
    """Every function of a module, methods and inner ones too."""
    yield from (node for node in ast.walk(source) if isinstance(node, Functions))


def length(function: Functions) -> int:
    """Lines of a function from its `def` to its end, its docstring left out: words may be as long as they need."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return lines
    return lines - ((first.end_lineno or 0) - first.lineno + 1)


def long_functions(source: ast.Module) -> list[str]:
    return [f"{one.name} ({length(one)})" for one in functions(source) if length(one) > LONGEST_FUNCTION]


def search(find: Callable[[ast.Module], Iterable[object]], *folders: str) -> dict[str, list[object]]:
    """What a finder finds, by file."""
    found = {place(file): list(find(tree(file))) for file in python_files(*folders)}
    return {file: finds for file, finds in found.items() if finds}


def test_a_function_does_one_thing() -> None:
    found = search(long_functions, *WINGS, "tests")
    assert not found, f"over {LONGEST_FUNCTION} lines: name its parts"


def test_a_file_is_one_noun_or_one_verb() -> None:
    lines = {place(file): file.read_text("utf-8").count("\n") for file in python_files(*WINGS, "tests")}
    found = {file: count for file, count in lines.items() if count > LONGEST_FILE}
    assert not found, f"over {LONGEST_FILE} lines: split it by what it is about"


def test_a_name_says_what_it_is() -> None:
    parts = {place(file): file.relative_to(ROOT).with_suffix("").parts for file in python_files(*WINGS, "tests")}
    assert not [file for file, names in parts.items() if any(VAGUE.match(name) for name in names)]


def undocumented(source: ast.Module) -> Iterator[str]:
    """Public names of a module without a docstring; of a Protocol's and a class's methods too."""
    if ast.get_docstring(source) is None:
        yield "the module itself"
    ways: list[tuple[str, ast.AST]] = [("", source)]
    while ways:
        path, node = ways.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | Functions) and not child.name.startswith("_"):
                if ast.get_docstring(child) is None:
                    yield f"{path}{child.name}"
                if isinstance(child, ast.ClassDef):
                    ways.append((f"{path}{child.name}.", child))


def test_everything_public_says_what_it_is_for() -> None:
    found = search(undocumented, *WINGS)
    assert not found, "no docstring"


def anys(source: ast.Module) -> list[int]:
    """Lines where `Any` stands in the signature of something public."""
    return [
        part.lineno
        for function in functions(source)
        if not function.name.startswith("_")
        for note in [*(a.annotation for a in _arguments(function)), function.returns]
        for part in ast.walk(note or ast.Pass())
        if (isinstance(part, ast.Name) and part.id == "Any") or (isinstance(part, ast.Attribute) and part.attr == "Any")
    ]


def _arguments(function: Functions) -> Iterator[ast.arg]:
    given = function.args
    yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
    yield from (arg for arg in (given.vararg, given.kwarg) if arg)


def test_no_any_crosses_a_door() -> None:
    found = search(anys, *WINGS)
    assert not found, "payloads become values at outside's door, rows at the store's"


def silenced(source: str) -> Iterator[tuple[int, str]]:
    """Lint exceptions that name no rule or give no reason."""
    for number, line in enumerate(source.splitlines(), 1):
        for mark in re.finditer(r"#\s*(noqa|type:\s*ignore)(?P<rule>[:\[][^#\]-]*\]?)?(?P<why>.*)", line):
            if not mark["rule"] or not re.search(r"\w{3}", mark["why"]):
                yield number, mark[0]


def test_every_lint_exception_names_its_rule_and_its_reason() -> None:
    found = {place(file): list(silenced(file.read_text("utf-8"))) for file in python_files(*WINGS)}
    assert not {file: lines for file, lines in found.items() if lines}


PATCHING = {"monkeypatch", "mocker", "unittest.mock", "mock", "MagicMock", "AsyncMock", "freeze_time"}


def patches(source: ast.Module) -> set[str]:
    """Names by which a test would replace a part of the shop."""
    names = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(source) if isinstance(node, ast.arg)}
    names |= {node.module or "" for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    names |= {
        name.name for node in ast.walk(source) if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names
    }
    return names & PATCHING


def test_tests_use_real_small_things() -> None:
    found = search(patches, "tests")
    assert not found, "the outside world is an argument: pass another one in"


def test_a_test_is_a_sentence() -> None:
    found = search(lambda source: [f.name for f in functions(source) if re.fullmatch(r"test_[a-z]+", f.name)], "tests")
    assert not found, "say what must be true"


def unclosed(source: ast.Module) -> list[str]:
    """Functions that open a file and neither close it, hand it on nor keep it; `with` alone commits and does not close."""
    kept = r"closing\(sqlite3|\.close\(\)|return connection|self\.\w+ = sqlite3"
    said = {one.name: ast.unparse(one) for one in functions(source)}
    return [name for name, code in said.items() if "sqlite3.connect(" in code and not re.search(kept, code)]


def test_a_connection_is_closed() -> None:
    found = search(unclosed, *WINGS, "tests")
    assert not found, "Python 3.13 warns of it, and warnings are errors here: use contextlib.closing"


MACHINERY = {
    "command", "table", "words", "when", "readers", "grantees", "calls", "present", "parcel_words", "sellers", "shown", "walk",
    "refusing",
}  # fmt: skip
"""Files of bot/commands that are no topic of the shop."""


def test_a_topic_has_one_name_on_every_floor() -> None:
    topics = {file.stem for file in (ROOT / "core/engine").glob("*.py")} | {"help"}
    strange = {file.stem for file in (ROOT / "bot/commands").glob("*.py")} - topics - MACHINERY - {"__init__"}
    assert not strange, "who knows one topic finds all others by its name"


FORBIDDEN_WORDS = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.$}])/(work|opt|root|home|Users|tmp)/[\w.]",
        r"\bpypi\.org|pythonhosted\.org|--(extra-)?index-url|--find-links[= ]\S*:",
    )
]
"""Addresses of registries and paths of somebody's machine: neither is the next reader's."""
QUOTED = {"tests/house/test_lint.py": "it names them"}


def foreign_words(text: str) -> list[str]:
    return [found[0] for pattern in FORBIDDEN_WORDS for found in pattern.finditer(text)]


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    found = {}
    for file in committed_files():
        text = file.read_bytes().decode("utf-8", "replace")
        if place(file) not in QUOTED and (words := foreign_words(text)):
            found[place(file)] = words
    assert not found


TOP_LEVEL = {"README.md", "pyproject.toml", "config.toml.example", "Dockerfile", "prompts", "core", "bot", "tests"}


def test_the_top_level_is_fixed() -> None:
    tops = {file.relative_to(ROOT).parts[0] for file in committed_files()}
    assert {top for top in tops if not top.startswith(".")} <= TOP_LEVEL, "house.md: nothing else joins it"


CONTROLS: dict[str, tuple[Callable[[ast.Module], object], str]] = {
    "a long function": (long_functions, "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    "a missing docstring": (
        lambda source: list(undocumented(source)),
        '"""A."""\nclass B:\n    """B."""\n    def c(self): ...',
    ),
    "an Any": (anys, "from typing import Any\ndef f(x: dict[str, Any]) -> None: ..."),
    "a connection left open": (unclosed, "def f(a):\n    with sqlite3.connect(a) as b:\n        b.execute('x')"),
    "a patch": (patches, "def test_a(monkeypatch): ..."),
}
"""Each finder with a source in which it must find something."""


@pytest.mark.parametrize("case", CONTROLS)
def test_each_finder_finds(case: str) -> None:
    find, source = CONTROLS[case]
    assert find(ast.parse(source))


def test_the_finders_of_words_find() -> None:
    assert foreign_words("see /home/me/notes") == ["/home/m"]
    assert not foreign_words("https://example.com/home/me and {dir}/tmp/x")
    assert [
        line for line, _ in silenced("x = 1  # noqa\ny = 2  # noqa: E1\nz = 3  # noqa: E1 - because it must\n")
    ] == [1, 2]
