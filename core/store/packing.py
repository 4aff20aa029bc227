"""A backup: one consistent moment of the shop and a manifest, in a zip, without the key that opens its secrets.

The key stays behind on purpose: who finds a backup must not be able to read it (laws.md, 11).
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from core.errors import BadConfig
from core.store import copying, schema
from core.store.db import FILE
from core.store.vault import KEY_FILE, Vault
from core.values import Value

FORM = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class Manifest(Value):
    """What a backup says of itself. `schema_number` counts migrations, `keys` name the key file's keys."""

    form: int
    program: str
    schema_number: int
    made_at: datetime
    keys: tuple[str, ...]
    sha256: str
    size: int


def pack(data_dir: Path, target: Path) -> Manifest:
    """Write the shop of a folder to a new file, also while it runs.

    BadConfig when there is none or `target` exists; OSError when the disk refuses.
    """
    path = data_dir / FILE
    if not path.is_file():
        raise BadConfig(f"{path}: there is no shop here")
    if target.exists():
        raise BadConfig(f"{target}: exists already; choose another name")
    with scratch(target.parent, "copy") as copied:
        _copy(path, copied)
        manifest = _describe(copied, Vault.read(data_dir / KEY_FILE))
        _pack(copied, manifest, target)
    return manifest


def _copy(path: Path, copied: Path) -> None:
    try:
        copying.copy(path, copied)
    except sqlite3.OperationalError as error:
        raise OSError(f"{copied.parent}: {error}") from error


def _describe(path: Path, vault: Vault) -> Manifest:
    return Manifest(
        form=FORM,
        program=version("zhanggui"),
        schema_number=schema.number_of(path),
        made_at=datetime.now(UTC),
        keys=vault.names,
        sha256=checksum(path),
        size=path.stat().st_size,
    )


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(copied: Path, manifest: Manifest, target: Path) -> None:
    """All of it under the name, or nothing."""
    with scratch(target.parent, "packing") as packing:
        with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest.model_dump(mode="json"), indent=1))
            packed.write(copied, FILE)
        to_disk(packing)
        packing.rename(target)


def to_disk(path: Path) -> None:
    """Wait until a file lies on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def drop_leftovers(folder: Path) -> None:
    """Take away what a process that died in the middle left of its scratch files."""
    for name in ("copy", "packing"):
        for path in folder.glob(f".{name}-*"):
            path.unlink(missing_ok=True)


@contextmanager
def scratch(folder: Path, what: str) -> Iterator[Path]:
    """A file name of our own beside the target, gone afterwards; only we can read what comes to stand there."""
    handle, name = tempfile.mkstemp(prefix=f".{what}-", dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
