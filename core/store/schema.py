"""The file's schema: made by scripts in their order, and compared before a file from elsewhere is trusted."""

import sqlite3
from importlib.resources import files
from pathlib import Path

from core.errors import BadConfig
from core.store import copying, queries
from core.store.writer import connect

KEPT = "before-schema-{number}.db"
"""Beside the file: the copy made before a migration."""


def migrations() -> list[str]:
    """The migration scripts in order."""
    folder = files("core.store") / "migrations"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text("utf-8") for file in found]


def migrate(path: Path, *, keep: bool = True) -> None:
    """Bring the file to the newest schema, one transaction a script; with `keep` a copy is made before.

    BadConfig when it is newer than this program.
    """
    scripts = migrations()
    try:
        connection = connect(path)
    except sqlite3.Error as error:
        raise BadConfig(f"{path}: not a database this shop can open ({error})") from error
    try:
        have = connection.execute("PRAGMA user_version").fetchone()[0]
        if have > len(scripts):
            raise BadConfig(f"{path}: made by a newer zhanggui (schema {have}); this one knows up to {len(scripts)}")
        if keep and 0 < have < len(scripts):
            _keep(path, have)
        for number, script in enumerate(scripts[have:], start=have + 1):
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
    finally:
        connection.close()


def _keep(path: Path, number: int) -> None:
    """A copy under its schema's number; one that stands there already is of the same schema and older: it stays."""
    kept = path.with_name(KEPT.format(number=number))
    if not kept.exists():
        copying.copy(path, kept)


def number_of(path: Path) -> int:
    """How many migrations made this file; BadConfig when it is no file of a shop."""
    try:
        with copying.open_readonly(path) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise BadConfig(f"{path}: not a shop's database ({error})") from error


def newest() -> int:
    """The number of the schema this program makes."""
    return len(migrations())


def strange_parts(path: Path) -> list[str]:
    """What stands in the file's schema and in none of ours of the same number: a trigger, a view, another table."""
    with copying.open_readonly(path) as connection:
        theirs = _parts(connection)
    return sorted(theirs - _ours(number_of(path)))


def _ours(number: int) -> set[str]:
    connection = connect(Path(":memory:"))
    try:
        for script in migrations()[:number]:
            connection.executescript(script)
        return _parts(connection)
    finally:
        connection.close()


def _parts(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute(queries.load()["schema.parts"]).fetchall()
    return {f"{row['type']} {row['name']}: {' '.join((row['sql'] or '').split())}" for row in rows}
