"""What several verbs share: the configuration they go by, and what their exit codes mean."""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from core.config import Config, Origin
    from core.errors import BadConfig

OK, WRONG = 0, 1
_DATA_DIR = r"""^\s*data_dir\s*=\s*(["'])([^"'\n]+)\1"""

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config FILE`."""
    parser.add_argument("--config", type=Path, default=None, help="default: config.toml, if there is one")


def find_data_dir(args: argparse.Namespace) -> Path:
    """The shop's folder by the file and the environment, without loading every other setting.

    A command from the shell goes to the running shop, which knows the rest. A file that cannot be read keeps nobody
    from it: the folder is then what a line of the file says, or the default.
    """
    table, error = _shop_table_or_line(args)
    if error is not None:
        _warn(error)
    return _data_dir(table)


def read_leniently(args: argparse.Namespace) -> "Config":
    """As `read_config`; of settings that cannot be used the folder, with the defaults for the rest, and it is said."""
    from core.config import load
    from core.errors import BadConfig

    try:
        return read_config(args)
    except BadConfig as error:
        data_dir = _data_dir(_shop_table_or_line(args)[0])
        _warn(error)
        return load(None, {"ZHANGGUI__SHOP__DATA_DIR": str(data_dir)})


def _data_dir(table: "dict[str, object]") -> Path:
    return Path(os.environ.get("ZHANGGUI__SHOP__DATA_DIR") or str(table.get("data_dir") or "data"))


def _warn(error: "BadConfig") -> None:
    print(f"zhanggui: the configuration cannot be used, mend it: {error}", file=sys.stderr)


def _shop_table_or_line(args: argparse.Namespace) -> "tuple[dict[str, object], BadConfig | None]":
    """[shop] of the file; of one that is no TOML the line that names the folder, and what is wrong with it."""
    from core.errors import BadConfig

    try:
        return _shop_table(args), None
    except BadConfig as error:
        path = find_file(args)
        if path is None or not path.is_file():
            raise
        found = re.search(_DATA_DIR, path.read_text("utf-8", "replace"), re.MULTILINE)
        return ({"data_dir": found[2]} if found else {}), error


def find_locale(args: argparse.Namespace) -> str:
    """The language to speak in while the configuration cannot be used; the default where it says none."""
    from core.errors import BadConfig

    try:
        return os.environ.get("ZHANGGUI__SHOP__LOCALE") or str(_shop_table(args).get("locale") or "")
    except BadConfig:
        return ""


def _shop_table(args: argparse.Namespace) -> dict[str, object]:
    import tomllib

    from core.errors import BadConfig

    path = find_file(args)
    try:
        table = tomllib.loads(path.read_text("utf-8-sig")).get("shop", {}) if path else {}
    except ValueError as error:
        raise BadConfig(f"{path}: cannot be read: {error}") from error
    except FileNotFoundError as error:
        raise BadConfig(f"{path}: no such file; copy config.toml.example and edit it") from error
    return table if isinstance(table, dict) else {}


def read_config(args: argparse.Namespace) -> "Config":
    """The settings: the named file, or ./config.toml if there is one, under the environment."""
    from core.config import load

    return load(find_file(args), os.environ)


def find_origin(args: argparse.Namespace) -> "Origin":
    """Where these settings come from, to be read again while the shop runs."""
    from core.config import Origin

    path = find_file(args)
    return Origin(path.absolute() if path is not None else None, os.environ)


def find_file(args: argparse.Namespace) -> Path | None:
    """The configuration's file; None when it is the environment alone."""
    path: Path | None = args.config
    return Path("config.toml") if path is None and Path("config.toml").is_file() else path
