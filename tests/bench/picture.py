"""The day's picture: how long it takes with and without matplotlib's list of fonts, and what it leaves in the shop."""

import os
import time
from pathlib import Path

from bot.cards.pictures import daily_chart
from bot.charts.drawing import Workers
from tests import figures
from tests.bench.figures import Run

GROWN_MB = 5.0
WARM_RUNS = 3


def rss_mb() -> float:
    """Resident memory of this process, in MB of 1,000,000 bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def draw(folder: Path, cold_bar_s: float) -> Run:
    """A first picture in an empty folder, within `cold_bar_s`, then some more; the value is a warm one in seconds."""
    workers, chart = Workers(folder / "fonts"), daily_chart(figures.day_report(), figures.pen())
    before_mb, took_s, sizes = rss_mb(), [], []
    for _ in range(1 + WARM_RUNS):
        began_s = time.perf_counter()
        sizes.append(len(await workers.draw(chart) or b""))
        took_s.append(time.perf_counter() - began_s)
    cold_s, warm_s, grown_mb = took_s[0], sorted(took_s[1:])[WARM_RUNS // 2], rss_mb() - before_mb
    wrong = "no picture" if not all(sizes) else "cold too slow" if cold_s > cold_bar_s else ""
    wrong = wrong or ("the shop's process grew" if grown_mb > GROWN_MB else "")
    notes = {"cold s": cold_s, "process grew MB": grown_mb, "kB": max(sizes) / 1000}
    return Run(warm_s, notes=notes, wrong=wrong)
