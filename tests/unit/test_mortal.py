"""What a test started ends with the test, however that ended."""

import os
import select
import subprocess
import sys
import time

import pytest

from tests.house.sources import ROOT

PATIENCE_S, MOMENT_S = 10, 1
CHILD = ("http.server", "0", "--bind", "127.0.0.1")
"""A module that serves until it is killed; its first line says that it does."""
MORTAL = f"import subprocess; from tests.mortal import mortal; subprocess.run(mortal(*{CHILD}))"
PLAIN = f"import subprocess, sys; subprocess.run((sys.executable, '-m', *{CHILD}))"


@pytest.mark.parametrize(("started", "ends"), [(MORTAL, True), (PLAIN, False)], ids=["mortal", "plain"])
def test_a_child_of_a_killed_test_ends(started: str, ends: bool) -> None:
    """Who lives holds the pipe: its end is the child's. A plain child is the control."""
    reader, writer = os.pipe()
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", started]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=writer, stderr=writer, start_new_session=True) as test:
        os.close(writer)
        try:
            assert read(reader, PATIENCE_S, b"Serving")
            test.kill()
            test.wait(PATIENCE_S)
            assert (read(reader, PATIENCE_S if ends else MOMENT_S) == b"") is ends
        finally:
            if not ends:
                os.killpg(test.pid, 9)
            os.close(reader)


def read(pipe: int, wait_s: float, word: bytes = b"") -> bytes | None:
    """Read on until a word came or the end, which is empty; None when neither came in time."""
    ends_s = time.monotonic() + wait_s
    seen = b""
    while select.select([pipe], [], [], max(0.0, ends_s - time.monotonic()))[0]:
        if not (more := os.read(pipe, 1000)):
            return b""
        seen += more
        if word and word in seen:
            return seen
    return None
