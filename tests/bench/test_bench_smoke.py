"""Every benchmark runs, tiny: its numbers mean nothing then, its promises hold."""

from pathlib import Path

import pytest

from tests.bench.away import AWAY
from tests.bench.chat import CHAT
from tests.bench.figures import BARS, Figure, Run, table
from tests.bench.host import HOST
from tests.bench.measures import MEASURES, TINY
from tests.bench.wecom import WECOM


@pytest.mark.parametrize("name", [*MEASURES, *AWAY, *HOST, *CHAT, *WECOM])
async def test_a_bench_runs_and_keeps_its_promises(name: str, tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    run = await (MEASURES | AWAY | HOST | CHAT | WECOM)[name](place, TINY)
    assert run.value > 0
    assert not run.wrong


def test_each_figure_is_printed_beside_its_bar() -> None:
    figures = [Figure(BARS["orders"], (Run(6000.0), Run(5500.0), Run(4000.0))), Figure(BARS["due"], (Run(120.0),))]
    printed = table(figures).splitlines()
    assert "5,500 /s" in printed[1]
    assert "pass" in printed[1]
    assert "SHORT" in printed[3]


def test_a_broken_promise_is_short_however_good_the_number() -> None:
    assert not Figure(BARS["due"], (Run(1.0, wrong="999 claimed instead of 1000"),)).passed


def test_the_pause_is_the_longest_of_all_not_the_median() -> None:
    assert not Figure(BARS["pause"], (Run(1.0), Run(2.0), Run(60.0))).passed
