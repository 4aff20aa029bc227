"""One shop a folder: `run` holds data_dir/lock while it lives (house.md, "Second processes")."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadConfig

LOCK_FILE = "lock"


@contextmanager
def hold(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; BadConfig when another process does. The kernel lets go of it when the process dies."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise BadConfig(f"{data_dir}: another zhanggui runs on this folder; stop it first") from error
    try:
        yield
    finally:
        os.close(handle)
