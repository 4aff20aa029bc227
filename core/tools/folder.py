"""`zhanggui check` and the data folder: looked at without changing anything in it."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadConfig
from core.store import copying
from core.store.db import FILE
from core.store.schema import newest, number_of
from core.store.vault import KEY_FILE, Vault
from core.values.checks import CheckLine, Part

LEAST_FREE = 500_000_000
"""Bytes; a shop also needs room for a copy of its file (backups, the copy before a migration)."""
MB = 1_000_000


def check_folder(data_dir: Path) -> list[CheckLine]:
    """A data folder's lines: may it be written, do key and file fit this program, is there room."""
    if not data_dir.exists():
        return [_absent(data_dir)]
    return [_writable(data_dir), _key(data_dir), _schema(data_dir), _room(data_dir)]


def need_shop(data_dir: Path) -> None:
    """BadConfig where no shop lies: a word to a shop makes none."""
    if not (data_dir / FILE).is_file():
        raise BadConfig(f"{data_dir / FILE}: there is no shop here; `zhanggui run` makes one")


def check_private(paths: Iterable[Path]) -> list[CheckLine]:
    """A line for each file of secrets that others can read."""
    found = [path for path in paths if path.is_file() and path.stat().st_mode & 0o077]
    return [CheckLine(part=Part.config, key="check.key_open", facts={"path": str(path)}) for path in found]


def is_current(data_dir: Path) -> bool:
    """Whether a shop of this program's schema lies in the folder: opening it would change nothing."""
    path = data_dir / FILE
    try:
        return path.is_file() and (data_dir / KEY_FILE).is_file() and number_of(path) == newest()
    except BadConfig:
        return False


def _absent(data_dir: Path) -> CheckLine:
    above = next(folder for folder in data_dir.absolute().parents if folder.exists())
    if os.access(above, os.W_OK | os.X_OK):
        return _line("check.folder_new", ok=True, path=str(data_dir))
    return _line("check.folder_closed", path=str(above))


def _writable(data_dir: Path) -> CheckLine:
    closed = next((path for path in _written(data_dir) if not os.access(path, os.R_OK | os.W_OK)), None)
    if closed is not None:
        return _line("check.folder_closed", path=str(closed))
    return _line("check.folder_ok", ok=True, path=str(data_dir))


def _written(data_dir: Path) -> Iterator[Path]:
    yield data_dir
    yield from (path for path in (data_dir / FILE, data_dir / KEY_FILE) if path.exists())


def _key(data_dir: Path) -> CheckLine:
    if not (data_dir / KEY_FILE).exists() and not (data_dir / FILE).exists():
        return _line("check.key_new", ok=True)
    try:
        Vault.read(data_dir / KEY_FILE)
    except (BadConfig, OSError) as error:
        return _line("check.key_wrong", reason=str(error))
    if (data_dir / KEY_FILE).stat().st_mode & 0o077:
        return _line("check.key_open", path=str(data_dir / KEY_FILE))
    return _line("check.key_ok", ok=True)


def _schema(data_dir: Path) -> CheckLine:
    path = data_dir / FILE
    if not path.exists():
        return _line("check.schema_new", ok=True)
    try:
        have = number_of(path)
    except BadConfig as error:
        return _line("check.schema_wrong", reason=str(error))
    newer, same = have > newest(), have == newest()
    key = "check.schema_newer" if newer else "check.schema_ok" if same else "check.schema_older"
    return _line(key, ok=not newer, have=have, want=newest())


def _room(data_dir: Path) -> CheckLine:
    path = data_dir / FILE
    free, size = shutil.disk_usage(data_dir).free, path.stat().st_size if path.exists() else 0
    wanted = max(LEAST_FREE, 2 * size)
    key = "check.disk_ok" if free >= wanted else "check.disk_full"
    return _line(key, ok=free >= wanted, free=free // MB, wanted=wanted // MB)


def _line(key: str, *, ok: bool = False, **facts: str | int) -> CheckLine:
    return CheckLine(part=Part.folder, key=key, ok=ok, facts=facts)


@contextmanager
def undisturbed(data_dir: Path) -> Iterator[Path]:
    """A folder in which a shop can be opened to be looked at: this one, unless opening would change it.

    Where there is no shop yet, or one of an older schema, it is a passing copy: a check makes and migrates nothing.
    """
    if is_current(data_dir):
        yield data_dir
        return
    with tempfile.TemporaryDirectory(prefix="zhanggui-check-") as name:
        passing = Path(name)
        if _is_older(data_dir):
            copying.copy(data_dir / FILE, passing / FILE)
            shutil.copy(data_dir / KEY_FILE, passing / KEY_FILE)
        yield passing


def _is_older(data_dir: Path) -> bool:
    try:
        return (data_dir / KEY_FILE).is_file() and number_of(data_dir / FILE) < newest()
    except BadConfig:
        return False
