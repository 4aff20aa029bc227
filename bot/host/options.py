"""What several verbs share: the configuration they go by, and what their exit codes mean."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from core.config import Config, Origin

OK, WRONG = 0, 1

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config FILE`."""
    parser.add_argument("--config", type=Path, default=None, help="default: config.toml, if there is one")


def find_data_dir(args: argparse.Namespace) -> Path:
    """The shop's folder by the file and the environment, without loading every other setting.

    A command from the shell goes to the running shop, which knows the rest. BadConfig when the file is no TOML.
    """
    return Path(os.environ.get("ZHANGGUI__SHOP__DATA_DIR") or str(_shop_table(args).get("data_dir") or "data"))


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
