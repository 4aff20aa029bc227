"""The project's own files, as house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINGS = ("core", "bot")
LEFT_OUT = {".git", ".venv", "data", "dist", "build", "__pycache__"}


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every module of the named folders, in order."""
    return tuple(sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py")))


def place(file: Path) -> str:
    """A file's path as messages show it."""
    return file.relative_to(ROOT).as_posix()


def module(file: Path) -> str:
    """A file's module name."""
    name = place(file).removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


@cache
def tree(file: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(file.read_text("utf-8"), str(file))


def imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of every module imported under a node."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((found.lineno, name.name) for name in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module and not found.level:
            yield found.lineno, found.module


def committed_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; in a copy without history every file that is no cache."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        ).stdout.decode()  # fmt: skip
        files = [ROOT / name for name in listed.split("\0") if name]
    else:
        files = [file for file in ROOT.rglob("*") if not _is_left_out(file.relative_to(ROOT))]
    return tuple(sorted(file for file in files if file.is_file()))


def _is_left_out(path: Path) -> bool:
    return any(
        part in LEFT_OUT or part.endswith(("_cache", ".egg-info")) or part == ".hypothesis" for part in path.parts
    )
