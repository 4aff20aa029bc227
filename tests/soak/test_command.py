"""`zhanggui demo --soak` as it is typed."""

import subprocess
import sys

LINE = [sys.executable, "-m", "bot", "demo", "--soak"]


def test_an_unknown_fault_is_said_and_nothing_is_played():
    done = subprocess.run([*LINE, "--faults", "rain"], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "unknown fault 'rain'" in done.stderr
    assert done.stdout == ""
