"""The words given to the model: prompts/NAME.md, overridden by data_dir/prompts/NAME.md; checked before the start."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from core.errors import BadConfig
from core.rules.experts import PROMPTS, fill, prompt_facts


def load(data_dir: Path) -> Mapping[str, str]:
    """Every prompt by name; BadConfig when one cannot be read or names an unknown placeholder."""
    return {name: _load_one(data_dir / "prompts" / f"{name}.md", name) for name in PROMPTS}


def _load_one(override: Path, name: str) -> str:
    try:
        text = (
            override.read_text("utf-8")
            if override.exists()
            else files("prompts").joinpath(f"{name}.md").read_text("utf-8")
        )
        fill(text, prompt_facts(None, "", 0))
    except (OSError, UnicodeDecodeError, BadConfig) as error:
        raise BadConfig(f"{override if override.exists() else name}: {error}") from error
    return text
