"""One shop a folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import BadConfig
from core.lock import hold

HOLD = """
import sys
from pathlib import Path
from core.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(BadConfig, match="another zhanggui runs on this folder"), hold(tmp_path):
            pass
        first.kill()
    with hold(tmp_path):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with hold(tmp_path):
            pass
