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


def read_config(args: argparse.Namespace) -> "Config":
    """The settings: the named file, or ./config.toml if there is one, under the environment."""
    from core.config import load

    path: Path | None = args.config
    if path is None and Path("config.toml").is_file():
        path = Path("config.toml")
    return load(path, os.environ)
