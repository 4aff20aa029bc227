"""A file of the shop as a whole: opened without trust, copied while it is written to."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.store.writer import connect


@contextmanager
def open_readonly(path: Path) -> Iterator[sqlite3.Connection]:
    """The file read-only; nothing that stands in its schema is run."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    finally:
        connection.close()


def make_private(path: Path) -> None:
    """A file nobody but its user may read, made if it is not there; SQLite gives its log the same mode."""
    path.touch(mode=0o600)
    path.chmod(0o600)


def copy(path: Path, target: Path) -> None:
    """One consistent moment of a file, also while a shop writes to it: readers of a WAL hold nobody up. Blocks."""
    make_private(target)
    copied = sqlite3.connect(target)
    try:
        with open_readonly(path) as connection:
            connection.backup(copied, pages=-1)
        copied.execute("PRAGMA journal_mode = DELETE")
    finally:
        copied.close()


def set_aside(path: Path, kept: Path) -> None:
    """Keep the file under another name, whole or, when it is damaged, as it was found; and end its log.

    The log must be gone before another file gets its name: SQLite would play the old log into it.
    """
    logs = [path.with_name(path.name + end) for end in ("-wal", "-shm")]
    try:
        _end_log(path)
        copy(path, kept)
    except sqlite3.Error:
        for file in (path, *logs):
            if file.exists():
                shutil.copy2(file, kept.with_name(kept.name + file.name.removeprefix(path.name)))
    for log in logs:
        log.unlink(missing_ok=True)


def _end_log(path: Path) -> None:
    connection = connect(path)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
