"""Texts for people, zh and en with the same keys.

A catalogue is a folder of TOML files, one a topic, with a table a family: `no_such_order` under `[refused]` is the key
`refused.no_such_order`. Placeholders are plain names in braces. A house test keeps the two catalogues alike.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LOCALES = ("zh", "en")
"""The first is the default."""


class _Facts(dict[str, object]):
    """Facts for a text; one that nobody gave shows as a dash, since a card with a gap beats no card."""

    def __missing__(self, name: str) -> str:
        return "–"


class Texts:
    """One locale's catalogue."""

    def __init__(self, locale: str, texts: Mapping[str, str]) -> None:
        self.locale = locale
        self._texts = texts

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of a key with its facts filled in; KeyError when there is no such key."""
        return self._texts[key].format_map(_Facts(facts))

    def has(self, key: str) -> bool:
        """Whether the catalogue knows a key."""
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        """Every key, for the house tests and the menus."""
        return iter(self._texts)

    def raw(self, key: str) -> str:
        """A text as written, placeholders and all."""
        return self._texts[key]


@cache
def load(locale: str) -> Texts:
    """The catalogue of a locale; KeyError when there is none."""
    if locale not in LOCALES:
        raise KeyError(locale)
    folder = Path(__file__).parent / locale
    return Texts(locale, dict(pair for file in sorted(folder.glob("*.toml")) for pair in _read(file)))


def choose(wish: str, default: str = LOCALES[0]) -> str:
    """The locale to speak: "zh-CN" and "zh_TW" are zh, what nobody translated is the default."""
    language = wish.replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else default


def _read(file: Path) -> Iterator[tuple[str, str]]:
    for family, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
        yield from ((f"{family}.{name}", text) for name, text in texts.items())
