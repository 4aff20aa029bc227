"""Values are built when they are first used: a mistake in one must not wait for that day."""

import subprocess
import sys

from tests.house.sources import ROOT, module, python_files

BUILD_ALL = """
from core.values import Value

def kinds(kind):
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)

built = [kind.model_rebuild(force=True) for kind in kinds(Value)]
assert all(built)
print(len(built))
"""


def test_every_value_can_be_built():
    """In a process of its own: some of these modules must not be loaded beside other tests."""
    names = [module(file) for file in python_files("core", "bot") if "(Value)" in file.read_text("utf-8")]
    code = f"import {', '.join(names)}\n{BUILD_ALL}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_a_value_that_cannot_be_built_would_be_seen():
    code = f"from core.values import Value\nclass Odd(Value):\n    what: 'Nobody'\n{BUILD_ALL}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Nobody" in done.stderr
