"""`zhanggui demo`: the pretend world, the shop and the terminal; live, or a scripted day that checks itself."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from core.config import Config

Serve = Callable[[Config], Awaitable[None]]
"""Runs the shop of a configuration with its terminal front until the person leaves."""


def run(args: argparse.Namespace, serve: Serve) -> int:
    """Play; 0 when the person left or every promise of the scripted day held."""
    seed: int = args.seed if args.seed is not None else 1
    if args.script:
        from bot.demo.script import play

        return asyncio.run(play(seed, sys.stdout))
    from bot.demo.live import play as play_live

    return asyncio.run(play_live(seed, serve))
