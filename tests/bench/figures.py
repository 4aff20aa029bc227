"""The figures: what each is, its bar, and how it is printed."""

from collections.abc import Mapping, Sequence
from statistics import median
from types import MappingProxyType
from typing import Literal, NamedTuple


class Bar(NamedTuple):
    """What a figure must reach."""

    name: str
    work: str
    unit: str
    side: Literal["at least", "at most"]
    value: float


class Run(NamedTuple):
    """What one fresh pair of processes gave: the value, the longest event-loop pause, and what else is worth saying.

    `wrong` says what was promised and not kept: then the figure is short, however good the number.
    """

    value: float
    pause_ms: float | None = None
    notes: Mapping[str, float] = MappingProxyType({})
    wrong: str = ""


class Figure(NamedTuple):
    """A figure beside its bar; `value` is the median of the runs (of pauses: the longest)."""

    bar: Bar
    runs: tuple[Run, ...]

    @property
    def value(self) -> float:
        values = [run.value for run in self.runs]
        return max(values) if self.bar.name == "pause" else median(values)

    @property
    def passed(self) -> bool:
        reached = self.value >= self.bar.value if self.bar.side == "at least" else self.value <= self.bar.value
        return reached and not self.wrong

    @property
    def wrong(self) -> str:
        return "; ".join(sorted({run.wrong for run in self.runs if run.wrong}))

    def notes(self) -> dict[str, float]:
        names = dict.fromkeys(name for run in self.runs for name in run.notes)
        return {name: median(run.notes[name] for run in self.runs if name in run.notes) for name in names}

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.bar.name,
            "work": self.bar.work,
            "value": round(self.value, 3),
            "unit": self.bar.unit,
            "bar": self.bar.value,
            "side": self.bar.side,
            "passed": self.passed,
            "wrong": self.wrong,
            "runs": [round(run.value, 3) for run in self.runs],
            "notes": {name: round(value, 3) for name, value in self.notes().items()},
        }


BARS = {
    bar.name: bar
    for bar in (
        Bar("orders", "order frames, socket to stored and moved", "/s", "at least", 5000),
        Bar("replies", "buyers answered, 50 chats, model 300 ms", "/s", "at least", 100),
        Bar("due", "1,000 due at once of 1,000,000, claimed, p99", "ms", "at most", 100),
        Bar("stats", "30-day figures on 1,000,000 orders, p99", "ms", "at most", 20),
        Bar("start", "exec to /reg accepted, 100,000 orders", "s", "at most", 1),
        Bar("memory", "RSS 60 s after ready, without a model", "MB", "at most", 70),
        Bar("memory_model", "RSS 60 s after ready, with a model", "MB", "at most", 90),
        Bar("memory_accounts", "RSS 60 s after ready, 20 accounts connected", "MB", "at most", 110),
        Bar("memory_telegram", "RSS 60 s after ready, with Telegram", "MB", "at most", 95),
        Bar("shell", "`zhanggui do` on a running shop, exec to exit, p99", "ms", "at most", 150),
        Bar("backup", "copy of 500 MB while 50 orders/s come in, longest pause", "ms", "at most", 50),
        Bar("backfill", "12 hours away, 2,000 messages and 300 orders: exec to all known", "s", "at most", 30),
        Bar("press_wecom", "press in WeCom to its changed card, 50 model calls, p99", "ms", "at most", 200),
        Bar("reconnect_wecom", "clean close by WeCom to subscribed again", "s", "at most", 2),
        Bar("press", "Telegram: press to its answer, 50 model calls running, p99", "ms", "at most", 150),
        Bar("card", "Telegram: command to card, 100,000 orders, 50 model calls running, p99", "ms", "at most", 300),
        Bar("picture", "the day's picture, warm, by a process of its own", "s", "at most", 1.5),
        Bar("pause", "longest event-loop pause in any of these", "ms", "at most", 50),
    )
}


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: name, value, bar, verdict, and the range and notes behind it."""
    lines = [f"{'name':<13} {'value':>10} {'bar':>16}  {'':<6} work"]
    for figure in figures:
        bar = figure.bar
        value = f"{figure.value:,.1f}" if figure.value < 1000 else f"{figure.value:,.0f}"
        verdict = "pass" if figure.passed else "SHORT"
        lines.append(
            f"{bar.name:<13} {value:>7} {bar.unit:<3} {bar.side:>9} {bar.value:>5g} {bar.unit:<3} {verdict:<6} {bar.work}"
        )
        said = [f"runs {', '.join(f'{run.value:,.1f}' for run in figure.runs)}"]
        said += [f"{name} {value:,.1f}" for name, value in figure.notes().items()]
        lines.append(f"{'':<13} {'; '.join(said)}{f'; WRONG: {figure.wrong}' if figure.wrong else ''}")
    return "\n".join(lines)
