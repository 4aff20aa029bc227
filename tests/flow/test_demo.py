"""The scripted demo, run as a newcomer runs it."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_scripted_day_keeps_every_promise_and_touches_no_real_shop(tmp_path: Path):
    real = tmp_path / "real"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--script"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "ZHANGGUI__SHOP__DATA_DIR": str(real)},
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "✗" not in done.stdout
    assert not real.exists(), "the demo used the folder of a real shop"
