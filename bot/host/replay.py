"""replay: what was kept because nothing could be made of it is read once more, after an update that may know better."""

import argparse
import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands, add_config, read_config

if TYPE_CHECKING:
    from core.config import Config
    from core.run import Shop
    from core.tools.control import Line
    from core.values.replay import Kept, Replayed


def add(commands: Commands) -> None:
    """Add the verb."""
    replay = commands.add_parser("replay", help="read again what nothing could be made of")
    verbs = replay.add_subparsers(dest="verb", required=True, metavar="VERB")
    unknown = verbs.add_parser(
        "unknown",
        help="records of a shape that was unknown when they came",
        description="Read every kept record of unknown shape once more and act on what it turns out to be; "
        "asked twice it does nothing twice.",
    )
    quarantined = verbs.add_parser(
        "quarantined",
        help="records set aside because acting on them failed",
        description="Act once more on every record that was set aside by a bug, after an update that mends it; "
        "one that fails again is set aside again.",
    )
    for verb in (unknown, quarantined):
        add_config(verb)
        verb.set_defaults(run=_replay)


async def replay_line(shop: "Shop", line: "Line") -> "Line":
    """The same for a line of the control socket, by the shop that runs."""
    from core.values.replay import Kept

    return (await shop.replay(Kept(str(line["kept"])), running=True)).model_dump(mode="json")


def _replay(args: argparse.Namespace) -> int:
    import sys

    from core.tools.control import NobodyThere, ask
    from core.values.replay import Kept, Replayed

    config, kept = read_config(args), Kept(args.verb)
    try:
        answer = ask(config.shop.data_dir, {"verb": "replay", "kept": kept.value})
    except NobodyThere:
        found, later = asyncio.run(_alone(config, kept)), True
    else:
        if "error" in answer:
            print(f"zhanggui replay: {answer['error']}", file=sys.stderr)
            return WRONG
        found, later = Replayed.model_validate(answer), False
    for line in _lines(found, config.watch.raw_days, later=later):
        print(line)
    return OK


async def _alone(config: "Config", kept: "Kept") -> "Replayed":
    """Nobody runs: the same on the shop's file, whose lock is held meanwhile."""
    from core.run import open_shop
    from core.tools.folder import need_shop

    need_shop(config.shop.data_dir)
    async with open_shop(config) as shop:
        return await shop.replay(kept, running=False)


def _lines(found: "Replayed", raw_days: int, *, later: bool) -> Iterator[str]:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.read.items()))
    yield f"read {sum(found.read.values())}" + (f": {kinds}" if kinds else "")
    if later and found.read:
        yield "no shop runs here: the next start acts on them"
    if found.known:
        yield f"come another way meanwhile: {found.known}"
    yield f"still unreadable: {found.unknown}"
    if found.gone:
        yield f"gone, older than {raw_days} days: {found.gone}"
