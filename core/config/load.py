"""Reading the configuration: environment over files of secrets over the TOML file over the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.config import schema
from core.config.schema import Config
from core.config.sources import Places, Tree, overlay_environment, places_of, read_toml
from core.config.wrong import find_check
from core.errors import BadConfig, Problem


@dataclass(frozen=True)
class Origin:
    """Where a configuration comes from, so that it can be read again: the file (None: none) and the environment."""

    path: Path | None
    env: Mapping[str, str]

    def read(self) -> Config:
        """The configuration as it stands there now; BadConfig as `load`."""
        return load(self.path, self.env)

    def mark(self) -> tuple[int, ...]:
        """Changes whenever the file does: replaced (an editor), written over, or only touched; empty without a file."""
        try:
            found = self.path.stat() if self.path is not None else None
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino) if found is not None else ()


def load(path: Path | None, env: Mapping[str, str]) -> Config:
    """The configuration of a file (None: no file) under an environment.

    Raises BadConfig, one line that names the setting, where it was read and what is allowed.
    """
    tree: Tree = read_toml(path) if path else {}
    places = places_of(tree, str(path))
    overlay_environment(tree, places, env)
    return read_tree(tree, places)


def read_tree(tree: Tree, places: Places) -> Config:
    """The configuration of raw settings; BadConfig as `load`."""
    try:
        return Config.model_validate(tree).read_at(places)
    except ValidationError as error:
        raise _explain(error, places, tree) from None
    except (OverflowError, RecursionError) as error:
        raise BadConfig(f"a number in the configuration is too large: {error}") from None


def _explain(error: ValidationError, places: Places, tree: Tree) -> BadConfig:
    first, *others = sorted(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    more = f" (and {len(others)} more)" if others else ""
    found = _explain_one(first, places, tree)
    return BadConfig(f"{found}{more}", found.problem)


def _explain_one(found: ErrorDetails, places: Places, tree: Tree) -> BadConfig:
    path = _setting_path(tuple(str(part) for part in found["loc"]))
    key = ".".join(path)
    place = places.get(key) or next((p for k, p in places.items() if k.startswith(f"{key}.")), "configuration")
    field = schema.field_of(path)
    facts = {"setting": key, "place": place}
    if found["type"] == "extra_forbidden":
        return BadConfig(f"{place}: {schema.explain_unknown(path)}", schema.unknown(path, place))
    if found["type"] == "missing" and field:
        return BadConfig(f"{key} is missing; give {schema.allowed(field)}", schema.problem("missing", facts, field))
    check, told = find_check(found)
    says = found["msg"] if check else ""
    if field is None:
        problem = Problem("checked" if check else "no_shape", {**told, **facts}, check=check)
        return BadConfig(f"{place}: {f'[{key}] ' if key else ''}{says or _shape_of(path)}", problem)
    value = "****" if schema.is_secret(field) else f"{_look_up(tree, path)!r:.80}"
    words = f"{place}: {key} = {value}: {f'{says}; ' if says else ''}allowed: {schema.allowed(field)}"
    return BadConfig(words, schema.problem("value", {**told, **facts, "value": value}, field, check))


def _shape_of(path: tuple[str, ...]) -> str:
    if path[:1] == ("accounts",):
        return "write a list of tables, each under [[accounts]]"
    return f"write a table, [{'.'.join(path)}]"


def _setting_path(loc: tuple[str, ...]) -> tuple[str, ...]:
    """The part of an error's location that names a setting: deeper parts are places inside its value."""
    if loc[:1] == ("accounts",):
        return loc[:3]
    deepest = next((n for n in range(len(loc), 1, -1) if schema.field_of(loc[:n])), None)
    return loc[: deepest or len(schema.split(loc)[0].split(".")) + 1] if loc else loc


def _look_up(tree: object, path: tuple[str, ...]) -> object:
    for part in path:
        if isinstance(tree, list):
            tree = tree[int(part)]
        elif isinstance(tree, dict):
            tree = tree.get(part)
    return tree
