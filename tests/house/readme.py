"""The README's printed parts. `python -m tests.house.readme` writes them anew; a test compares them."""

import argparse
import functools
import re
from collections.abc import Callable, Iterator

from bot.__main__ import build_parser
from bot.cards import capabilities
from bot.commands.help import markdown
from bot.commands.table import TABLE
from bot.texts import load
from core.config import Config, describe
from core.config.connections import Account
from core.rules.fulfilment import FULFILMENTS
from core.rules.orders import ORDERS
from tests.house.sources import ROOT

README = ROOT / "README.md"


def part(text: str, name: str) -> str:
    """What stands between the markers of a part; KeyError when the markers are not there once."""
    found = re.findall(rf"^<!-- {name} -->\n(.*?)\n?<!-- /{name} -->$", text, re.DOTALL | re.MULTILINE)
    if len(found) != 1:
        raise KeyError(f"the README has {len(found)} parts <!-- {name} -->")
    return found[0]


def printed(name: str) -> str:
    """A part of the README as it stands."""
    return part(README.read_text("utf-8"), name)


def commands() -> str:
    """Every command, from the table."""
    return markdown(TABLE, "en")


def verbs(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers of the command line that run something, in their order."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield parser
    for action in below:
        for child in action.choices.values():
            yield from verbs(child)


def command_line() -> str:
    """Every verb of the host's command line, with its options and what it is for."""
    lines = ["| command | what it does |", "|---|---|"]
    for parser in verbs(build_parser()):
        usage = _usage(parser).replace("|", chr(92) + "|")
        lines.append(f"| `{usage}` | {parser.description} |")
    return "\n".join(lines)


def _usage(parser: argparse.ArgumentParser) -> str:
    """On one line, however wide the screen is."""
    parser.formatter_class = functools.partial(argparse.HelpFormatter, width=10_000)  # type: ignore[assignment]
    return parser.format_usage().removeprefix("usage: ").replace("[-h] ", "").strip()


def settings() -> str:
    """Every setting with its default, from the configuration."""
    lines = ["| setting | default | what it is for |", "|---|---|---|"]
    for row in describe(Config(accounts=(Account(name="main"),))):
        default = f"`{row.default}`" if row.default else "–"
        lines.append(f"| `{row.key}` | {default} | {row.what.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)


FLOORS = ("core/rules", "core/store", "core/moves", "core/engine", "bot/commands", "bot/cards")
"""Floors on which a topic may stand, from the law up to the counter."""


def rooms() -> str:
    """Which topic stands on which floor; those of at least three."""
    topics = [{file.stem for file in (ROOT / floor).iterdir()} - {"__init__", "__pycache__"} for floor in FLOORS]
    common = sorted(topic for topic in set().union(*topics) if sum(topic in floor for floor in topics) >= 3)
    lines = ["| topic | " + " | ".join(f"`{floor}`" for floor in FLOORS) + " |", "|---" * (len(FLOORS) + 1) + "|"]
    lines += [
        f"| {topic} | " + " | ".join("●" if topic in floor else "" for floor in topics) + " |" for topic in common
    ]
    return "\n".join(lines)


def _diagram(text: str) -> str:
    return f"```mermaid\n{text}\n```"


PRINTED: dict[str, Callable[[], str]] = {
    "commands": commands,
    "capabilities": lambda: capabilities.markdown(load("en")),
    "verbs": command_line,
    "settings": settings,
    "map": rooms,
    "orders": lambda: _diagram(ORDERS.diagram()),
    "fulfilments": lambda: _diagram(FULFILMENTS.diagram()),
}
"""Parts that are printed, never typed."""


def rewritten(text: str) -> str:
    """The README with every printed part as it should be."""
    for name, write in PRINTED.items():
        before = part(text, name)
        marks = f"<!-- {name} -->\n{{}}\n<!-- /{name} -->"
        old = f"<!-- {name} -->\n{before}" + ("\n" if before else "") + f"<!-- /{name} -->"
        text = text.replace(old, marks.format(write()))
    return text


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text("utf-8")), "utf-8")
