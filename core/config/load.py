"""Reading the configuration: environment over files of secrets over the TOML file over the defaults."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.config import schema
from core.config.schema import Config
from core.config.sources import Places, Tree, overlay_environment, places_of, read_toml
from core.errors import BadConfig


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
    except (ValidationError, OverflowError, RecursionError) as error:
        raise BadConfig(_explain(error, places, tree)) from None


def _explain(error: Exception, places: Places, tree: Tree) -> str:
    if not isinstance(error, ValidationError):
        return f"a number in the configuration is too large: {error}"
    first, *others = sorted(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    more = f" (and {len(others)} more)" if others else ""
    return _explain_one(first, places, tree) + more


def _explain_one(found: ErrorDetails, places: Places, tree: Tree) -> str:
    path = _setting_path(tuple(str(part) for part in found["loc"]))
    key = ".".join(path)
    place = places.get(key) or next((p for k, p in places.items() if k.startswith(f"{key}.")), "configuration")
    field = schema.field_of(path)
    if found["type"] == "extra_forbidden":
        return f"{place}: {schema.explain_unknown(path)}"
    if found["type"] == "missing" and field:
        return f"{key} is missing; give {schema.allowed(field)}"
    says = _own_words(found)
    if field is None:
        return f"{place}: {f'[{key}] ' if key else ''}{says or _shape_of(path)}"
    value = "****" if schema.is_secret(field) else repr(_look_up(tree, path))
    return f"{place}: {key} = {value:.80}: {f'{says}; ' if says else ''}allowed: {schema.allowed(field)}"


def _own_words(found: ErrorDetails) -> str:
    """What a check of ours says; a library's phrase about types helps nobody who edits a file."""
    return found["msg"].removeprefix("Value error, ") if found["type"] == "value_error" else ""


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
