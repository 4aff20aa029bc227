"""The scripted demo, run as a newcomer runs it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mortal import mortal


@pytest.mark.parametrize("front", [(), ("--front", "wecom")], ids=["terminal", "wecom"])
def test_the_scripted_day_keeps_every_promise_and_touches_no_real_shop(tmp_path: Path, front: tuple[str, ...]):
    real = tmp_path / "real"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--script", *front],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "ZHANGGUI__SHOP__DATA_DIR": str(real)},
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "✗" not in done.stdout
    assert not real.exists(), "the demo used the folder of a real shop"


def test_the_scripted_day_speaks_english_where_it_is_asked_to():
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--script", "--locale", "en"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "✗" not in done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith("  ✓")]
    assert len(told) > 20
    assert not [line for line in told if re.search("[\u4e00-\u9fff]", line)]


@contextmanager
def at_the_demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The live demo as a process that is typed to."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": os.getcwd(), "TMPDIR": str(folder)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(mortal("bot", "demo", *words), **pipes, env=env, text=True, encoding="utf-8") as demo:
        try:
            yield demo
        finally:
            demo.kill()


def read_until(demo: "subprocess.Popen[str]", pattern: str) -> re.Match[str]:
    """The first line that says it; the test's own time limit is the patience."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"the demo never said {pattern}")


def test_the_live_demo_in_wecom_is_typed_to_and_pressed(tmp_path: Path):
    with at_the_demo(tmp_path, "--front", "wecom") as demo:
        assert demo.stdin is not None
        read_until(demo, "掌柜已就绪")
        demo.stdin.write("急停\n")
        demo.stdin.flush()
        number = read_until(demo, r"\[(\d+)\] \S*\s?恢复")[1]
        demo.stdin.write(f"{number}\n")
        demo.stdin.flush()
        read_until(demo, "恢复")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) == 0


def test_the_scripted_day_does_not_play_where_it_cannot(tmp_path: Path):
    with at_the_demo(tmp_path, "--script", "--front", "telegram") as demo:
        assert demo.wait(20) == 2
