"""Where raw settings come from: the TOML file, files of secrets, the environment; laid over each other by name.

Every raw setting keeps the place it came from, so that an error and `describe` can name it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from core.config import schema
from core.errors import BadConfig, Problem

PREFIX = "ZHANGGUI__"
Tree: TypeAlias = dict[str, object]
Places: TypeAlias = dict[str, str]
"""Setting (`ai.model`, `accounts.0.name`) → where it was read."""


def read_toml(path: Path) -> Tree:
    """The tables of a file; BadConfig when it is absent or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        problem = Problem("no_file", {"place": str(path)})
        raise BadConfig(f"{path}: no such file; copy config.toml.example and edit it", problem) from error
    except (OSError, ValueError, RecursionError) as error:
        why = str(error) or type(error).__name__
        raise BadConfig(
            f"{path}: cannot be read: {why}", Problem("unreadable", {"place": str(path), "why": why})
        ) from error


def places_of(tree: object, place: str, at: tuple[str, ...] = ()) -> Places:
    """Every leaf of a tree, with the place given."""
    if isinstance(tree, dict):
        return {k: v for key, branch in tree.items() for k, v in places_of(branch, place, (*at, str(key))).items()}
    if isinstance(tree, list) and at == ("accounts",):
        return {k: v for n, branch in enumerate(tree) for k, v in places_of(branch, place, (*at, str(n))).items()}
    return {".".join(at): place}


def overlay_environment(tree: Tree, places: Places, env: Mapping[str, str]) -> None:
    """Lay files of secrets and then plain variables over the tree; BadConfig for a name that is no setting."""
    found = {name: _find(name) for name in sorted(env, key=_natural) if name.startswith(PREFIX)}
    for name, (path, is_file) in found.items():
        if is_file:
            _put(tree, path, _read_secret(name, env[name]), name)
            places[".".join(path)] = f"{env[name]} ({name})"
    for name, (path, is_file) in found.items():
        if not is_file:
            _put(tree, path, env[name], name)
            places[".".join(path)] = name


def _natural(name: str) -> list[tuple[int, str]]:
    return [(len(part) if part.isdigit() else 0, part) for part in name.split("__")]


def _find(name: str) -> tuple[tuple[str, ...], bool]:
    path = tuple(name.removeprefix(PREFIX).lower().split("__"))
    if schema.field_of(path):
        return path, False
    plain = (*path[:-1], path[-1].removesuffix("_file"))
    secret = schema.field_of(plain) if plain != path else None
    if secret and schema.is_secret(secret):
        return plain, True
    raise BadConfig(f"environment variable {name}: {schema.explain_unknown(path)}")


def _read_secret(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError) as error:
        raise BadConfig(f"environment variable {name}: the file {file!r} cannot be read: {error}") from error


def _put(tree: Tree, path: tuple[str, ...], value: str, name: str) -> None:
    """Set one leaf, making the table or the next list item where it is absent."""
    *tables, key = path
    branch: object = tree
    for depth, part in enumerate(tables):
        if isinstance(branch, list):
            branch = _item(branch, int(part), name)
            continue
        if not isinstance(branch, dict):
            break
        branch = branch.setdefault(part, [] if path[: depth + 1] == ("accounts",) else {})
        if part == "accounts" and not isinstance(branch, list):
            raise BadConfig(f"environment variable {name}: accounts in the file is no list; write [[accounts]]")
    if not isinstance(branch, dict):
        raise BadConfig(f"environment variable {name}: {'.'.join(tables)} in the file is no table")
    branch[key] = value


def _item(accounts: list[object], index: int, name: str) -> object:
    if index > len(accounts):
        raise BadConfig(f"environment variable {name}: account {len(accounts)} must be given before {index}")
    if index == len(accounts):
        accounts.append({})
    return accounts[index]
