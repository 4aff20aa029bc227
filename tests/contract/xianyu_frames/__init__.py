"""Payloads in the shapes the platform sends. Ids and names are made up; `expect` is what a correct reader says."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def names() -> list[str]:
    """The payloads that say what a reader must find in them."""
    return sorted(path.stem for path in HERE.glob("*.json") if "expect" in load(path.stem))


def load(name: str) -> dict[str, Any]:
    """One payload file: `payload`, and where it has them `expect` and `wire`."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
