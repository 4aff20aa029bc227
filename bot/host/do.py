"""do and status: a chat command from the shell, carried out by the shop that runs, or on its file when none does."""

import argparse
import asyncio
import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.host.options import OK, WRONG, Commands, add_config, find_data_dir, read_config

if TYPE_CHECKING:
    from core.tools.control import Line


def add(commands: Commands) -> None:
    """Add the verbs."""
    do = commands.add_parser(
        "do",
        help="a chat command from the shell",
        description="Carry out a command of the chat, on the running shop or on its file; recorded as the host's act.",
    )
    do.add_argument("words", nargs="+", help="the command, as one would type it in the chat")
    do.add_argument("--as", dest="who", metavar="MEMBER", help="in the name of a member: m3, an id, or a whole name")
    do.add_argument("--yes", action="store_true", help="answer the question a weighty act asks")
    do.add_argument("--file", type=Path, help="a file that goes with the command")
    do.add_argument("--out", type=Path, help="where a file of the answer is written")
    status = commands.add_parser("status", help="how the shop is", description="What /health says, from the shell.")
    status.set_defaults(words=["health"], who=None, yes=False, file=None, out=None)
    for parser in (do, status):
        add_config(parser)
        parser.set_defaults(run=_do)


def _do(args: argparse.Namespace) -> int:
    from core.tools.control import NobodyThere, ask

    line = _line(args)
    try:
        answer = ask(find_data_dir(args), line)
    except NobodyThere:
        answer = asyncio.run(_alone(args, line))
    return _print(answer, args.out)


def _line(args: argparse.Namespace) -> "Line":
    line: Line = {"verb": "do", "words": " ".join(args.words), "who": args.who, "sure": args.yes}
    if args.file is not None:
        line["file"] = {"name": args.file.name, "content": base64.b64encode(args.file.read_bytes()).decode()}
    return line


async def _alone(args: argparse.Namespace, line: "Line") -> "Line":
    """Nobody runs: the same on the shop's file, whose lock is held meanwhile."""
    from bot.fronts.host import Host
    from core.run import open_shop
    from core.tools.folder import need_shop

    config = read_config(args)
    need_shop(config.shop.data_dir)
    print("zhanggui: no shop runs here; this is its file as it stands", file=sys.stderr)
    async with open_shop(config) as shop:
        shop.engine.health.stand_still()
        return await Host(shop.engine, config.shop.locale).answer_line(line)


def _print(answer: "Line", out: Path | None) -> int:
    if "error" in answer:
        print(f"zhanggui do: {answer['error']}", file=sys.stderr)
        return WRONG
    print(answer["text"], end="")
    if "file" in answer:
        _write(base64.b64decode(str(answer["file"])), out)
    return OK if answer.get("ok") else WRONG


def _write(content: bytes, out: Path | None) -> None:
    """For its user's eyes alone: an export or a copy of the shop."""
    if out is None:
        print("(a file came with it: --out FILE)", file=sys.stderr)
        return
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_bytes(content)
