"""zhanggui …: the command line. It builds the shop and the chosen fronts in one process.

Everything heavy is imported by the command that needs it: `health` must answer in a few hundredths of a second.
"""

import argparse
import asyncio
import io
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host import charts, check, copies, decode, do, login, replay, selftest
from bot.host.late import LateHost
from bot.host.options import OK, WRONG, Commands, add_config, find_locale, find_origin, read_config, read_leniently

if TYPE_CHECKING:
    from bot.fronts.counter import Counter
    from bot.notices import Notices
    from core.config import Config, Origin
    from core.engine.front import Engine
    from core.errors import ShopError
    from core.tools.control import Verb

USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well. What cannot be done is one clear line, never a traceback."""
    from core.errors import ShopError

    parser = build_parser()
    given = sys.argv[1:] if argv is None else argv
    if not given:
        parser.print_help(sys.stderr)
        parser.exit(USAGE)
    args = parser.parse_args(given)
    try:
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except ShopError as error:
        print(f"zhanggui {args.command}: {_said(error, args)}", file=sys.stderr)
    except OSError as error:
        print(f"zhanggui {args.command}: {error.filename or ''} {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return WRONG


def _said(error: "ShopError", args: argparse.Namespace) -> str:
    """A setting that will not do, or what the world refused, in the owner's language; anything else as it is."""
    from zoneinfo import ZoneInfo

    from bot.cards.pen import Pen
    from bot.cards.replies import refusal_text
    from bot.cards.wrong import say_wrong
    from bot.texts import choose, load
    from core.errors import BadConfig

    texts = load(choose(find_locale(args)))
    if isinstance(error, BadConfig):
        return say_wrong(error, texts)
    words = refusal_text(error.key, error.facts, Pen(texts, ZoneInfo("UTC"), datetime.now(UTC)))
    reason = error.facts.get("reason")
    return f"{words} ({reason})" if reason else words


class Version(argparse.Action):
    """`--version`: looked up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and leave."""
        from importlib.metadata import version

        print(f"zhanggui {version('zhanggui')}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="zhanggui", description="A shop engine worked from its owner's chat.")
    parser.add_argument("--version", action=Version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_demo(commands)
    _add_sandbox(commands)
    decode.add(commands)
    check.add(commands)
    _add_checks(commands)
    selftest.add(commands)
    copies.add(commands)
    replay.add(commands)
    do.add(commands)
    login.add(commands)
    charts.add(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = commands.add_parser("run", help="run the shop", description="Run the shop until SIGTERM.")
    add_config(run)
    run.add_argument("--headless", action="store_true", help="no terminal: the shop alone")
    run.add_argument("--bind", action="store_true", help="print a code that makes whoever types it an owner")
    run.set_defaults(run=_run)


def _add_demo(commands: Commands) -> None:
    demo = commands.add_parser(
        "demo",
        help="a small shop with pretend buyers: no account, no key, no network",
        description="A small shop with pretend buyers on the platform's own wire protocol.",
    )
    demo.add_argument("--script", action="store_true", help="a built-in day with nobody there, checked at its end")
    demo.add_argument(
        "--soak", action="store_true", help="a whole day under faults with nobody there, checked at its end"
    )
    demo.add_argument("--faults", default="all", metavar="NAMES", help="of --soak: all, none, or names with commas")
    demo.add_argument("--days", type=int, default=1, help="of --soak: so many days, from the seed on")
    demo.add_argument("--short", action="store_true", help="of --soak: a fifth of a day")
    demo.add_argument("--open", action="store_true", help="in a browser: a pretend Telegram beside the buyers")
    demo.add_argument(
        "--front", choices=["terminal", "telegram", "wecom"], default="terminal", help="where the owner stands"
    )
    demo.add_argument("--locale", choices=["zh", "en"], default="zh", help="the language of cards and commands")
    demo.add_argument("--seed", type=int, default=None, help="the same seed gives the same day")
    demo.set_defaults(run=_demo)


def _add_sandbox(commands: Commands) -> None:
    sandbox = commands.add_parser(
        "sandbox", help="the pretend world alone", description="Serve the pretend world; prints its addresses as JSON."
    )
    sandbox.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    sandbox.add_argument("--seed", type=int, default=0, help="decides buyers and faults")
    sandbox.add_argument("--record", type=Path, default=None, metavar="FOLDER", help="write down what really happened")
    sandbox.set_defaults(run=_sandbox)


def _add_checks(commands: Commands) -> None:
    verify = commands.add_parser(
        "verify", help="check the books and every law", description="Check the file; prints the first wrong row."
    )
    add_config(verify)
    verify.set_defaults(run=_verify)
    health = commands.add_parser(
        "health", help="is the shop alive?", description="0 when the last sign of life is fresh, else 1."
    )
    add_config(health)
    health.set_defaults(run=_health)


def _run(args: argparse.Namespace) -> int:
    from bot.fronts.keyboard import LinesAbove, is_screen
    from core.config import secrets_of
    from core.log import open_log

    config = read_config(args)
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    level = logging.WARNING if is_screen() and not args.headless else logging.INFO
    open_log(LinesAbove(), level, secrets_of(config))
    asyncio.run(_serve(config, headless=args.headless, bind=args.bind, origin=find_origin(args)))
    return OK


async def _serve(config: "Config", *, headless: bool, bind: bool = False, origin: "Origin | None" = None) -> None:
    from bot.fronts.checks import check_line
    from bot.fronts.opening import load_fronts
    from core.config import secrets_of
    from core.log import keep_log
    from core.run import open_shop, settle_down
    from core.tools.control import serve

    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    openers = await load_fronts(config, headless=headless)
    counters: list[Counter] = []

    def owner(engine: "Engine") -> "Notices":
        from bot.fronts.counter import Counter

        counters.append(Counter(engine, config, [opener(engine) for opener in openers]))
        return counters[0].notices

    async with open_shop(config, owner=owner if openers else None, origin=origin) as shop:
        keep_log(config.shop.data_dir, secrets_of(config))
        await _open(counters, bind=bind)
        settle_down()
        await shop.start()
        for name, listen in [one for counter in counters for one in counter.listeners()]:
            shop.keep(f"front-{name}", listen)
        typing = asyncio.create_task(_type(counters[0], over)) if counters else None
        verbs: dict[str, Verb] = dict(LateHost(shop.engine, config.shop.locale).verbs)
        verbs["check"] = partial(check_line, shop, counters)
        verbs["replay"] = partial(replay.replay_line, shop)
        async with serve(config.shop.data_dir, verbs):
            await over.wait()
        if typing is not None:
            typing.cancel()
        await shop.stop()
        for counter in counters:
            await counter.close()


async def _open(counters: "Sequence[Counter]", *, bind: bool) -> None:
    """Make ready for people; a shop without its group prints a code."""
    for counter in counters:
        await counter.open()
        if (invitation := await counter.invitation(asked=bind)) is not None:
            print(invitation, flush=True)


async def _type(counter: "Counter", over: asyncio.Event) -> None:
    """Serve the terminal. On a screen the person's leaving ends the shop; the end of a pipe does not."""
    from bot.commands.table import TABLE
    from bot.fronts.keyboard import PipeKeyboard, PromptKeyboard, is_screen
    from bot.fronts.terminal import Terminal

    terminal = counter.fronts.by_name.get(Terminal.name)
    if not isinstance(terminal, Terminal):
        return
    screen = is_screen()
    words = tuple(row.chinese for row in TABLE.rows)
    try:
        await terminal.run(counter.desk, PromptKeyboard(words) if screen else PipeKeyboard(sys.stdin))
    except Exception:
        logging.getLogger("zhanggui.terminal").exception("the terminal is lost, the shop runs on")
        return
    if screen:
        over.set()


def _demo(args: argparse.Namespace) -> int:
    from bot import demo

    return demo.run(args, _serve_quietly)


async def _serve_quietly(config: "Config") -> None:
    await _serve(config, headless=False)


def _sandbox(args: argparse.Namespace) -> int:
    from bot.demo.sandbox import serve

    asyncio.run(serve(args.port, args.seed, args.record))
    return OK


def _verify(args: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from core.tools.verify import verify

    config = read_config(args)
    verdict = verify(config.shop.data_dir, ZoneInfo(config.shop.timezone))
    for finding in verdict.findings:
        print(finding)
    if verdict.is_right:
        print("every law holds: " + ", ".join(f"{count} {table}" for table, count in verdict.rows.items()))
    return OK if verdict.is_right else WRONG


def _health(args: argparse.Namespace) -> int:
    from core.tools.health import heartbeat_age_s

    config = read_leniently(args)
    age_s = heartbeat_age_s(config.shop.data_dir)
    if age_s is None:
        print(f"zhanggui health: no sign of life in {config.shop.data_dir}", file=sys.stderr)
        return WRONG
    late = age_s > config.watch.stale_s
    print(f"last sign of life {age_s:.1f} s ago" + (", too long" if late else ""))
    return WRONG if late else OK


if __name__ == "__main__":
    sys.exit(main())
