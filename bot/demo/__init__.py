"""`zhanggui demo`: the pretend world and the shop; live, a scripted day, or a soaked one."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from core.config import Config

Serve = Callable[[Config], Awaitable[None]]
"""Runs the shop of a configuration with its fronts until the person leaves."""


def run(args: argparse.Namespace, serve: Serve) -> int:
    """Play; 0 when the person left or every promise of the day was kept."""
    seed: int = args.seed if args.seed is not None else 1
    if args.soak:
        from bot.demo.soak import command

        return command.run(seed, args.faults, args.days, short=args.short)
    if args.script and (args.open or args.front == "telegram"):
        print("zhanggui demo: --script plays at the terminal or in WeCom", file=sys.stderr)  # noqa: T201 - the answer
        return 2
    if args.script:
        from bot.demo.script import play

        return asyncio.run(play(seed, sys.stdout, args.front, args.locale))
    from bot.demo import live

    plays = {"terminal": live.play, "telegram": live.play_open, "wecom": live.play_wecom}
    return asyncio.run(plays["telegram" if args.open else args.front](seed, serve, args.locale))
