"""`zhanggui backup` and `zhanggui restore`: the whole shop in one file, without the key that opens its secrets.

The file is a zip of the database and a manifest. The key stays behind on purpose: who finds a backup must not be able
to read it (laws.md, 11). A restore believes nothing: size, checksum, schema, key and every law are looked at first, and
the file that was there is kept.
"""

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from core import lock
from core.errors import BadConfig
from core.store import books, copying, pauses, schema
from core.store.db import FILE
from core.store.packing import CHUNK, FORM, MANIFEST, Manifest, checksum, pack, scratch, to_disk
from core.store.vault import KEY_FILE, Vault
from core.values import Value

__all__ = ["MANIFEST", "Manifest", "Written", "backup", "read_key", "read_manifest", "restore"]

_MANIFEST_BYTES = 65_536


class Written(Value):
    """A backup as it lies there: its manifest, its file's bytes and checksum, and why a restore would refuse it."""

    manifest: Manifest
    size: int
    sha256: str
    wrong: str


def backup(data_dir: Path, target: Path, zone: ZoneInfo) -> Written:
    """Write the shop of a folder to a new file, also while it runs, and look at it as a restore would.

    What is wrong in it is told, and the file stays: it may be all there is. BadConfig and OSError as `pack`.
    """
    manifest = pack(data_dir, target)
    return Written(
        manifest=manifest,
        size=target.stat().st_size,
        sha256=checksum(target),
        wrong=_find_wrong(target, manifest, zone),
    )


def _find_wrong(source: Path, manifest: Manifest, zone: ZoneInfo) -> str:
    with scratch(source.parent, "checking") as fresh:
        try:
            _unpack(source, manifest, fresh)
            _check_file(fresh, zone)
        except BadConfig as error:
            return str(error)
    return ""


def read_manifest(source: Path) -> Manifest:
    """What a backup says of itself; BadConfig when it is none."""
    try:
        with zipfile.ZipFile(source) as packed:
            if sorted(packed.namelist()) != sorted((FILE, MANIFEST)):
                raise BadConfig(f"{source}: not a backup of this program")
            with packed.open(MANIFEST) as file:
                manifest = Manifest.model_validate_json(file.read(_MANIFEST_BYTES))
    except (zipfile.BadZipFile, ValidationError, EOFError, RuntimeError, NotImplementedError) as error:
        raise BadConfig(f"{source}: not a backup of this program, or a damaged one") from error
    if manifest.form != FORM:
        raise BadConfig(f"{source}: made by another zhanggui ({manifest.program}) in a form this one does not know")
    return manifest


def restore(data_dir: Path, source: Path, zone: ZoneInfo) -> tuple[Manifest, Path | None]:
    """Put a backup in the place of a folder's shop; returns what it was, and where the former file is kept now.

    It begins with the emergency stop on: what was sold and sent since is not in it and must be found first.
    Refuses with BadConfig, and changes nothing, while a shop runs on the folder, when the key file does not fit, or
    when the backup is damaged, too new, or breaks a law.
    """
    manifest = read_manifest(source)
    with lock.hold(data_dir), scratch(data_dir, "restoring") as fresh:
        _check_key(data_dir, manifest)
        _unpack(source, manifest, fresh)
        _check_file(fresh, zone)
        pauses.stop_restored(fresh, manifest.made_at)
        return manifest, _exchange(data_dir, fresh)


def read_key(data_dir: Path) -> str:
    """The text of the key file; BadConfig when there is no usable one."""
    Vault.read(data_dir / KEY_FILE)
    return (data_dir / KEY_FILE).read_text("ascii")


def _check_key(data_dir: Path, manifest: Manifest) -> None:
    missing = set(manifest.keys) - set(Vault.read(data_dir / KEY_FILE).names)
    if missing:
        raise BadConfig(
            f"{data_dir / KEY_FILE}: not the key this backup was made with (it needs {', '.join(sorted(missing))})"
        )


def _unpack(source: Path, manifest: Manifest, fresh: Path) -> None:
    """The database, as large as it says and not a byte more."""
    digest, left = hashlib.sha256(), manifest.size
    try:
        with zipfile.ZipFile(source) as packed, packed.open(FILE) as file, fresh.open("wb") as out:
            while chunk := file.read(min(CHUNK, left + 1)):
                left -= len(chunk)
                digest.update(chunk)
                if left < 0:
                    break
                out.write(chunk)
    except (zipfile.BadZipFile, EOFError) as error:
        raise BadConfig(f"{source}: damaged ({error})") from error
    if left or digest.hexdigest() != manifest.sha256:
        raise BadConfig(f"{source}: damaged: its checksum is another than when it was made")


def _check_file(fresh: Path, zone: ZoneInfo) -> None:
    """Nothing of the file is run before its schema is known to be ours; then every law is looked at."""
    number = schema.number_of(fresh)
    if number > schema.newest():
        raise BadConfig(f"made by a newer zhanggui (schema {number}); this one knows up to {schema.newest()}")
    strange = schema.strange_parts(fresh)
    if strange:
        raise BadConfig(f"its schema is not a shop's: {strange[0][:80]}")
    with scratch(fresh.parent, "checking") as checked:
        copying.copy(fresh, checked)
        schema.migrate(checked, keep=False)
        wrong = books.check_file(checked, zone)
    if wrong:
        raise BadConfig(f"it breaks a law: {wrong[0]}")


def _exchange(data_dir: Path, fresh: Path) -> Path | None:
    """The fresh file takes the place in one instant; the former one is kept beside it, whole or as it was found."""
    path, kept = data_dir / FILE, None
    if path.exists():
        kept = data_dir / f"{FILE}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        copying.set_aside(path, kept)
    to_disk(fresh)
    fresh.replace(path)
    return kept
