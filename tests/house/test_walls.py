"""Who may import whom (house.md); import-linter's contracts stand in pyproject.toml, each with its reason."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.sources import ROOT, WINGS, imports, module, place, python_files, tree

ONE_DOOR = {
    "openai": "core.outside.model",
    "telegram": "bot.fronts.telegram.wire",
    "wechatpy": "bot.fronts.wecom.wechat",
}
"""Libraries that one module imports at its top, and which module, once it stands."""
HEAVY = {"matplotlib", "numpy", "openai", "telegram", "wechatpy"}
"""What a starting shop must not load: the composition root fetches it in a thread when it is configured."""
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def lint_imports(folder: Path) -> str:
    """What import-linter says of a project folder; empty when every wall stands."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_every_wall_of_the_house_stands() -> None:
    broken = lint_imports(ROOT)
    assert not broken, broken


BREACHES = {
    "wings": ("core/clock.py", "import bot.texts"),
    "core-floors": ("core/flows/ship.py", "import core.engine.front"),
    "bot-floors": ("bot/commands/orders.py", "import bot.desk"),
    "front-door": ("bot/desk.py", "import core.store.orders"),
    "moves-and-engine-without-world": ("core/moves/orders.py", "import core.outside.ports"),
    "sandbox-alone": ("core/sandbox/ids.py", "import core.values.ids"),
    "bot-sandbox-alone": ("bot/sandbox/record.py", "import core.values.ids"),
    "only-store-speaks-sql": ("core/flows/ship.py", "import sqlite3"),
    "only-outside-speaks-to-the-world": ("core/engine/orders.py", "import httpx2"),
    "only-a-front-knows-its-platform": ("bot/desk.py", "import telegram"),
    "charts-in-a-worker": ("bot/cards/stats.py", "import matplotlib"),
    "rules-are-pure": ("core/rules/risk.py", "import time"),
    "no-cycles": ("core/rules/text.py", "import core.rules.guard"),
}
"""For each contract a line that breaks it."""


@pytest.mark.timeout(300)
def test_each_wall_notices_a_breach(tmp_path: Path) -> None:
    for wing in WINGS:
        shutil.copytree(ROOT / wing, tmp_path / wing, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in BREACHES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as wall:
            wall.write(f"\n{line}\n")
    said = " ".join(lint_imports(tmp_path).split())
    unnoticed = [one["id"] for one in CONTRACTS if f"{' '.join(one['name'].split())} BROKEN" not in said]
    assert not unnoticed, said


def test_each_wall_has_a_breach_to_try_it() -> None:
    assert [contract["id"] for contract in CONTRACTS] == list(BREACHES)


def test_a_new_room_is_named_in_the_lists_that_name_them_all() -> None:
    rooms = {f"core.{child.stem}" for child in (ROOT / "core").iterdir() if _is_room(child)}
    lists = {contract["id"]: set(contract.get("forbidden_modules", ())) for contract in CONTRACTS}
    assert lists["sandbox-alone"] - {"bot"} == rooms - {"core.sandbox", "core.clock", "core.log"}
    front_door = {f"core.{name}" for name in ("engine", "run", "tools", "config", "values", "clock", "log", "errors")}
    assert lists["front-door"] == rooms - front_door


def _is_room(child: Path) -> bool:
    return (child.suffix == ".py" and child.stem != "__init__") or (child / "__init__.py").is_file()


@pytest.mark.parametrize("library", ONE_DOOR)
def test_a_heavy_library_has_one_door(library: str) -> None:
    """Imported at the top of exactly one module, so that one thread can load it before the shop is ready."""
    top, deeper = set(), set()
    for file in python_files(*WINGS):
        at_top = {(line, name) for node in tree(file).body for line, name in imports(node) if _is_import(node)}
        for line, name in imports(tree(file)):
            if name.split(".")[0] == library:
                (top if (line, name) in at_top else deeper).add(module(file))
    assert not deeper, f"{library} is imported inside of {deeper}: a first import there stalls the loop"
    assert top == {ONE_DOOR[library]} if ONE_DOOR[library] else len(top) <= 1


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def loaded(*names: str) -> set[str]:
    """The modules a fresh process holds after importing the named ones."""
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_starting_shop_loads_nothing_heavy() -> None:
    doors = [name for name in ONE_DOOR.values() if name]
    modules = [module(file) for file in python_files(*WINGS)]
    light = [
        name
        for name in modules
        if name not in doors and not name.startswith(("bot.charts.", "bot.fronts.", "bot.demo", "core.sandbox"))
    ]
    assert loaded(*light) & HEAVY == set()


def test_the_door_itself_would_be_seen() -> None:
    assert "openai" in loaded("core.outside.model")


def test_health_loads_no_machinery() -> None:
    """It must answer within 0.3 s, interpreter included."""
    assert not loaded("core.tools.health") & (HEAVY | {"aiosqlite", "httpx2", "websockets", "cryptography", "asyncio"})


IMPURE = {"now", "today", "utcnow", "open", "print", "input", "sleep"}


def impurities(source: ast.Module) -> list[tuple[int, str]]:
    """Lines where a module waits, asks a clock or touches a disk."""
    found = [
        (node.lineno, type(node).__name__)
        for node in ast.walk(source)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in IMPURE:
                found.append((node.lineno, name))
    return found


def test_rules_and_values_wait_for_nothing_and_ask_no_clock() -> None:
    found = [
        f"{place(file)}:{line} {what}"
        for file in python_files("core/rules", "core/values")
        for line, what in impurities(tree(file))
    ]
    assert not found, "now, chance and facts are arguments of a rule"


def test_an_impure_rule_would_be_seen() -> None:
    rule = ast.parse("async def due(clock):\n    await clock.sleep(1)\n    return clock.now()")
    assert [line for line, _ in sorted(impurities(rule))] == [1, 2, 2, 3]


def test_nobody_reaches_the_network_past_the_adapters() -> None:
    """The standard library's own clients, which import-linter sees only as `urllib` and `http`."""
    clients = {"urllib.request", "http.client", "smtplib", "ftplib", "xmlrpc.client", "socketserver"}
    found = [
        f"{place(file)}:{line}"
        for file in python_files(*WINGS)
        for line, name in imports(tree(file))
        if name in clients and not place(file).startswith(("core/outside/", "core/sandbox/", "bot/sandbox/"))
    ]
    assert not found
