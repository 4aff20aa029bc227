"""What several verbs share: the configuration they go by, and what their exit codes mean."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from core.config import Config

OK, WRONG = 0, 1

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config FILE`."""
    parser.add_argument("--config", type=Path, default=None, help="default: config.toml, if there is one")


def find_data_dir(args: argparse.Namespace) -> Path:
    """The shop's folder by the file and the environment, without loading every other setting.

    A command from the shell goes to the running shop, which knows the rest. BadConfig when the file is no TOML.
    """
    import tomllib

    from core.errors import BadConfig

    path = _file(args)
    try:
        shop = tomllib.loads(path.read_text("utf-8-sig")).get("shop", {}) if path else {}
    except ValueError as error:
        raise BadConfig(f"{path}: cannot be read: {error}") from error
    return Path(os.environ.get("ZHANGGUI__SHOP__DATA_DIR") or shop.get("data_dir") or "data")


def read_config(args: argparse.Namespace) -> "Config":
    """The settings: the named file, or ./config.toml if there is one, under the environment."""
    from core.config import load

    return load(_file(args), os.environ)


def _file(args: argparse.Namespace) -> Path | None:
    path: Path | None = args.config
    return Path("config.toml") if path is None and Path("config.toml").is_file() else path
