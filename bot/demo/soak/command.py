"""`zhanggui demo --soak`: one day with its whole report, or many side by side with a line each."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import combinations
from multiprocessing import get_context
from typing import TextIO

from bot.demo.soak.counter import Nursery
from bot.demo.soak.plan import FULL, SHORT, Size, plan_day
from bot.demo.soak.play import Report, live_day
from bot.demo.soak.schedule import FAULTS, cover, read_faults

WHOLE_EVERY = 20
"""Of many days every so manieth is a whole one; the others are short, and as full of faults."""
BROKEN_SHOWN = 3


def run(seed: int, faults: str, days: int, *, short: bool) -> int:
    """Soak; 0 when every promise of every day was kept, 2 for a fault nobody knows."""
    try:
        chosen = read_faults(faults)
    except ValueError as error:
        print(f"zhanggui demo: {error}", file=sys.stderr)  # noqa: T201 - the answer
        return 2
    if days == 1:
        return _tell_one(_live(seed, chosen, SHORT if short else FULL), chosen, sys.stdout)
    seeds = range(seed, seed + days)
    sizes = {one: SHORT if short or one % WHOLE_EVERY else FULL for one in seeds}
    return _tell_all(_live_all(chosen, sizes), seeds, chosen, sys.stdout)


def _live(seed: int, faults: Sequence[str], size: Size) -> Report:
    return asyncio.run(live_day(plan_day(seed, faults, size), Nursery()))


def _live_all(faults: Sequence[str], sizes: Mapping[int, Size]) -> Iterator[Report]:
    """Side by side, a worker a core and one more, for a day often waits for its wires; the longest begin first."""
    workers = (os.cpu_count() or 1) + 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        seeds = sorted(sizes, key=lambda seed: -sizes[seed].messages)
        living = [pool.submit(_live, seed, faults, sizes[seed]) for seed in seeds]
        for day in as_completed(living):
            yield day.result()


def _tell_one(report: Report, faults: Sequence[str], says: TextIO) -> int:
    facts = " · ".join(f"{name} {count}" for name, count in report.facts.items())
    print(f"seed {report.seed}: {facts}", file=says)
    _tell_faults(Counter(report.struck), faults, says)
    if report.deaths:
        print(f"killed at: {', '.join(report.deaths)}", file=says)
    _tell_pause([report], says)
    _tell_broken(report, says)
    if not report.broken:
        print("every promise was kept", file=says)
    return 1 if report.broken else 0


def _tell_all(days: Iterator[Report], seeds: range, faults: Sequence[str], says: TextIO) -> int:
    """A line a day as it ends, the whole of what was broken, then everything together."""
    reports = []
    for report in days:
        reports.append(report)
        mark = "✗" if report.broken else "✓"
        met = sum(report.struck.values())
        orders, messages = report.facts.get("orders", 0), report.facts.get("messages", 0)
        print(
            f"{mark} seed {report.seed}: {orders} orders, {messages} messages, {met} faults, "
            f"{len(report.deaths)} kills, pause {report.pause_ms:.0f} ms (busy {report.busy_ms:.0f} ms), "
            f"{report.took_s:.1f} s",
            file=says,
            flush=True,
        )
        if report.broken:
            _tell_broken(report, says)
    _tell_together(reports, faults, says)
    missing = cover(seeds, faults).lacks(faults)
    print(f"never planned: {', '.join(missing) or 'nothing'}", file=says)
    wrong = [report.seed for report in reports if report.broken]
    print(f"{len(reports) - len(wrong)} days kept every promise, {len(wrong)} did not: {wrong}", file=says)
    return 1 if wrong else 0


def _tell_together(reports: Sequence[Report], faults: Sequence[str], says: TextIO) -> None:
    struck: Counter[str] = Counter()
    for report in reports:
        struck.update(report.struck)
    print(f"\n{len(reports)} days", file=says)
    _tell_faults(struck, faults, says)
    alone = set().union(*(report.alone for report in reports))
    pairs = set().union(*(report.pairs for report in reports))
    of = list(combinations(sorted(faults), 2))
    print(
        f"struck alone: all but {', '.join(sorted(set(faults) - alone)) or 'none'}; "
        f"struck together: {len(pairs & set(of))} of {len(of)} pairs",
        file=says,
    )
    _tell_pause(reports, says)


def _tell_faults(struck: Counter[str], faults: Sequence[str], says: TextIO) -> None:
    """How many faults were met, by dial."""
    print(f"faults met: {struck.total()}", file=says)
    for name in faults:
        print(f"  {struck[name]:6}  {name}: {FAULTS[name]}", file=says)


def _tell_pause(reports: Sequence[Report], says: TextIO) -> None:
    pause, busy = max(one.pause_ms for one in reports), max(one.busy_ms for one in reports)
    cpu = sum(one.cpu_s for one in reports)
    print(f"longest pause of the shop's loop: {pause:.0f} ms, its own longest work {busy:.0f} ms", file=says)
    print(f"processor time: {cpu:.0f} s, of which the shops' {sum(one.shop_cpu_s for one in reports):.0f} s", file=says)


def _tell_broken(report: Report, says: TextIO) -> None:
    """The first of what was broken, with its history, and how to see it again."""
    for broken in report.broken[:BROKEN_SHOWN]:
        print(broken, file=says)
    if report.broken:
        print(f"seed {report.seed}: {len(report.broken)} promises broken", file=says)
        short = " --short" if report.facts.get("orders", 0) < FULL.orders else ""
        print(f"again: zhanggui demo --soak --seed {report.seed}{short}", file=says)
