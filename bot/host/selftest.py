"""selftest: a fake order through a whole shop of its own, in the words of the shop's language."""

import argparse
import asyncio

from bot.host.options import OK, WRONG, Commands, add_config, find_locale


def add(commands: Commands) -> None:
    """Add the verb."""
    selftest = commands.add_parser(
        "selftest",
        help="try everything with a fake order",
        description="A fake order in a shop of its own; exit 0 or 1.",
    )
    selftest.add_argument("--json", action="store_true", help="one line of JSON")
    add_config(selftest)
    selftest.set_defaults(run=_selftest)


def _selftest(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from bot.cards.pen import Pen
    from bot.cards.selftest import plain_lines
    from bot.demo.selftest import play
    from bot.texts import choose, load

    found = asyncio.run(play())
    pen = Pen(load(choose(find_locale(args))), ZoneInfo("UTC"), datetime.now(UTC))
    print(found.model_dump_json() if args.json else plain_lines(found, pen))
    return OK if found.passed else WRONG
