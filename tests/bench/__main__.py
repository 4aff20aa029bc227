"""`python -m tests.bench [NAME …] [--json] [--quick]`: every figure beside its bar; exit 1 when one falls short."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import orjson

from tests.bench.away import AWAY
from tests.bench.chat import CHAT
from tests.bench.figures import BARS, Figure, Run, table
from tests.bench.host import HOST
from tests.bench.measures import FULL, MEASURES, QUICK, Size
from tests.bench.wecom import WECOM

ROUNDS = 3
ALL = MEASURES | AWAY | HOST | CHAT | WECOM


def names_of(asked: Sequence[str]) -> list[str]:
    """`memory` is two figures, `pause` is part of all others."""
    if not asked or "pause" in asked:
        return list(ALL)
    return [name for name in ALL if name in asked or name.removesuffix("_model") in asked]


def measure(names: Sequence[str], size: Size, rounds: int, place: Path) -> list[Figure]:
    """Each figure from so many runs, and the longest pause of them all."""
    figures = []
    for name in names:
        runs = [asyncio.run(_run(name, size, place)) for _ in range(rounds)]
        figures.append(Figure(BARS[name], tuple(runs)))
    paused = [Run(run.pause_ms) for figure in figures for run in figure.runs if run.pause_ms is not None]
    return [*figures, Figure(BARS["pause"], tuple(paused))] if paused else figures


async def _run(name: str, size: Size, place: Path) -> Run:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        return await ALL[name](Path(folder), size)


def main() -> int:
    """0 when every bar was reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the shop does per second.")
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BARS, []], help=", ".join(BARS))
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="one run of each, smaller")
    parser.add_argument("--rounds", type=int, default=None, help=f"runs of each (default {ROUNDS})")
    args = parser.parse_args()
    size, rounds = (QUICK, 1) if args.quick else (FULL, ROUNDS)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        figures = measure(names_of(args.names), size, args.rounds or rounds, Path(place))
    if args.json:
        said = {
            "figures": [figure.as_json() for figure in figures],
            "cores": os.cpu_count(),
            "load_before": load_before,
        }
        print(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
    else:
        print(table(figures))
        print(f"{os.cpu_count()} cores, load {load_before:.2f} before")
    return 0 if all(figure.passed for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
