"""`python -m tests.mortal PARENT MODULE …`: runs a module in a process that ends with the one that started it.

Tests that are interrupted or killed clean up nothing after themselves; a shop they left would run for ever.
"""

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Sequence

LOOK_S = 0.2


def mortal(*words: str, options: Sequence[str] = ()) -> tuple[str, ...]:
    """The command that runs a module with its arguments while this process lives; `options` are the interpreter's."""
    return (sys.executable, *options, "-m", "tests.mortal", str(os.getpid()), *words)


def end_with(parent: int) -> None:
    """Watch the parent from a thread of its own. An orphan has another one: it ends as by a power cut."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_S)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="mortal", daemon=True).start()


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
