"""Backups: consistent while the shop writes, useless without the key, believed only after everything was looked at."""

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core import lock
from core.errors import BadConfig
from core.store.db import FILE, prepare
from core.store.packing import pack as backup
from core.store.schema import migrate, migrations
from core.tools import backup as tool
from core.tools.backup import MANIFEST, read_key, read_manifest, restore

ZONE = ZoneInfo("Asia/Shanghai")
WRONG_BOOKS = (
    "INSERT INTO products (title, delay_min_minutes, delay_max_minutes, counted, free, low_at, created_at, updated_at) "
    "VALUES ('x', 0, 0, 1, 5, 1, 1, 1)"
)
"""Five units that never came in."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    path, vault = prepare(folder)
    with sqlite3.connect(path) as file:
        file.execute(
            "INSERT INTO inbox (source, key, kind, state, raw, received_at) VALUES ('request', 'k', 'request', 'done', ?, 1)",
            (vault.seal("the buyer's address"),),
        )
    file.close()
    return folder


def keys(folder: Path) -> list[str]:
    file = sqlite3.connect(folder / FILE)
    found = [row[0] for row in file.execute("SELECT key FROM inbox ORDER BY id")]
    file.close()
    return found


def stops(folder: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / FILE)) as file:
        return file.execute("SELECT scope, by, reason FROM pauses WHERE ended_at IS NULL").fetchall()


def add(folder: Path, key: str) -> None:
    with sqlite3.connect(folder / FILE) as file:
        file.execute(
            "INSERT INTO inbox (source, key, kind, state, received_at) VALUES ('request', ?, 'request', 'done', 1)",
            (key,),
        )
    file.close()


def test_a_restored_shop_is_the_one_that_was_backed_up_and_the_former_file_is_kept(shop: Path) -> None:
    backup(shop, shop.parent / "one.zip")
    add(shop, "later")
    made, kept = restore(shop, shop.parent / "one.zip", ZONE)
    assert keys(shop) == ["k"]
    assert kept is not None
    with closing(sqlite3.connect(kept)) as file:
        assert file.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
    assert made.schema_number == len(migrations())
    assert stops(shop) == [("stop", "restore", made.made_at.isoformat())], "nothing leaves before a person says so"
    assert not list(shop.glob(".*-*")), "nothing is left lying about"


def test_a_backup_taken_while_somebody_writes_is_of_one_moment(shop: Path) -> None:
    over = threading.Event()

    def write() -> None:
        file = sqlite3.connect(shop / FILE, timeout=5)
        for n in range(100_000):
            if over.is_set():
                break
            with file:
                file.execute("INSERT INTO rooms (chat, kind, bound_at) VALUES (?, 'group', 1)", (f"a{n}",))
                file.execute("INSERT INTO rooms (chat, kind, bound_at) VALUES (?, 'group', 1)", (f"b{n}",))
        file.close()

    writer = threading.Thread(target=write)
    writer.start()
    for n in range(5):
        backup(shop, shop.parent / f"{n}.zip")
    over.set()
    writer.join()
    counts = []
    for n in range(5):
        restore(shop, shop.parent / f"{n}.zip", ZONE)
        file = sqlite3.connect(shop / FILE)
        counts.append([file.execute(f"SELECT count(*) FROM rooms WHERE chat LIKE '{c}%'").fetchone()[0] for c in "ab"])
        file.close()
    assert all(a == b for a, b in counts)
    assert counts[-1][0] > counts[0][0], "the writer did write meanwhile"


def test_neither_the_key_nor_a_secret_stands_in_a_backup(shop: Path) -> None:
    backup(shop, shop.parent / "one.zip")
    raw = (shop.parent / "one.zip").read_bytes()
    packed = zipfile.ZipFile(shop.parent / "one.zip")
    everything = raw + packed.read(FILE) + packed.read(MANIFEST)
    assert read_key(shop).strip().encode() not in everything
    assert b"the buyer's address" not in everything


def refused(shop: Path, match: str, source: str = "one.zip") -> None:
    before = keys(shop)
    with pytest.raises(BadConfig, match=match):
        restore(shop, shop.parent / source, ZONE)
    assert keys(shop) == before, "a refused restore changes nothing"
    assert not list(shop.glob("*.before-2*"))


def test_a_restore_beside_a_running_shop_is_refused(shop: Path) -> None:
    backup(shop, shop.parent / "one.zip")
    with lock.hold(shop):
        refused(shop, "another zhanggui runs")


def test_a_backup_of_another_key_is_refused(shop: Path) -> None:
    prepare(shop.parent / "other")
    backup(shop.parent / "other", shop.parent / "one.zip")
    refused(shop, "not the key this backup was made with")


def repack(shop: Path, change: Callable[[dict[str, object], bytes], tuple[dict[str, object], bytes]]) -> None:
    backup(shop, shop.parent / "true.zip")
    true = zipfile.ZipFile(shop.parent / "true.zip")
    manifest, raw = change(json.loads(true.read(MANIFEST)), true.read(FILE))
    with zipfile.ZipFile(shop.parent / "one.zip", "w") as forged:
        forged.writestr(MANIFEST, json.dumps(manifest))
        forged.writestr(FILE, raw)


def test_a_damaged_backup_is_refused(shop: Path) -> None:
    repack(shop, lambda manifest, raw: (manifest, raw[:5000] + b"X" + raw[5001:]))
    refused(shop, "checksum")


def test_a_backup_that_is_larger_than_it_says_is_refused(shop: Path) -> None:
    repack(shop, lambda manifest, raw: ({**manifest, "size": 100}, raw))
    refused(shop, "checksum")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"x" * 1000])
def test_what_is_no_backup_is_refused(shop: Path, content: bytes) -> None:
    (shop.parent / "one.zip").write_bytes(content)
    refused(shop, "not a backup|damaged")


def forge(shop: Path, statement: str) -> None:
    """A backup with a right checksum whose database somebody changed."""

    def change(manifest: dict[str, object], raw: bytes) -> tuple[dict[str, object], bytes]:
        path = shop.parent / "forged.db"
        path.write_bytes(raw)
        with sqlite3.connect(path) as file:
            file.executescript(statement)
        file.close()
        fresh = path.read_bytes()
        return {**manifest, "sha256": sha256(fresh).hexdigest(), "size": len(fresh)}, fresh

    repack(shop, change)


def test_a_backup_with_a_trigger_in_it_is_refused(shop: Path) -> None:
    forge(shop, "CREATE TRIGGER steal AFTER INSERT ON inbox BEGIN DELETE FROM orders; END")
    refused(shop, "not a shop's: trigger steal")


def test_a_backup_of_a_newer_program_is_refused(shop: Path) -> None:
    forge(shop, "PRAGMA user_version = 999")
    refused(shop, "newer zhanggui")


def test_a_backup_that_breaks_a_law_is_refused(shop: Path) -> None:
    forge(
        shop,
        "INSERT INTO products (id, title, delay_min_minutes, delay_max_minutes, counted, free, low_at, created_at, updated_at)"
        " VALUES (1, 't', 0, 0, 1, 5, 5, 1, 1)",
    )
    refused(shop, "breaks a law: law 7")


def test_without_those_looks_such_a_file_would_be_taken(shop: Path) -> None:
    """The control: an untouched backup passes the same gate."""
    forge(shop, "SELECT 1")
    restore(shop, shop.parent / "one.zip", ZONE)


def test_a_damaged_shop_can_be_restored_and_is_kept_as_it_was(shop: Path) -> None:
    backup(shop, shop.parent / "one.zip")
    (shop / FILE).write_bytes(b"this is no database" * 500)
    _, kept = restore(shop, shop.parent / "one.zip", ZONE)
    assert keys(shop) == ["k"]
    assert kept is not None
    assert kept.read_bytes().startswith(b"this is no database")


def test_the_log_of_the_former_file_never_reaches_the_restored_one(shop: Path) -> None:
    backup(shop, shop.parent / "one.zip")
    writer = sqlite3.connect(shop / FILE)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    with writer:
        writer.execute("DELETE FROM inbox")
    log = (shop / f"{FILE}-wal").read_bytes()
    writer.close()
    (shop / f"{FILE}-wal").write_bytes(log)
    restore(shop, shop.parent / "one.zip", ZONE)
    assert keys(shop) == ["k"]


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_done(shop: Path) -> None:
    target = shop.parent / "one.zip"
    target.write_text("mine")
    with pytest.raises(BadConfig, match="exists already"):
        backup(shop, target)
    assert target.read_text() == "mine"
    with pytest.raises(BadConfig, match="no shop here"):
        backup(shop.parent, shop.parent / "two.zip")
    assert not (shop.parent / "two.zip").exists()


def test_a_migration_keeps_a_copy_of_what_was(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with sqlite3.connect(path) as file:
        file.executescript(migrations()[0] + "; PRAGMA user_version = 1")
        file.execute("INSERT INTO group_chats VALUES ('dummy:1', 5)")
    file.close()
    migrate(path)
    kept = sqlite3.connect(tmp_path / "before-schema-1.db")
    assert kept.execute("SELECT chat FROM group_chats").fetchall() == [("dummy:1",)]
    kept.close()
    fresh = sqlite3.connect(path)
    assert fresh.execute("SELECT chat, kind FROM rooms").fetchall() == [("dummy:1", "group")]
    fresh.close()


def test_an_older_backup_is_brought_up_to_date_at_the_next_start(shop: Path) -> None:
    old = shop.parent / "old"
    old.mkdir()
    (old / "key").write_bytes((shop / "key").read_bytes())
    with sqlite3.connect(old / FILE) as file:
        file.executescript(migrations()[0] + "; PRAGMA user_version = 1")
    file.close()
    made = backup(old, shop.parent / "one.zip")
    assert made.schema_number == 1
    assert read_manifest(shop.parent / "one.zip") == made
    restore(shop, shop.parent / "one.zip", ZONE)
    prepare(shop)
    assert keys(shop) == []
    assert stops(shop) == [("stop", "restore", made.made_at.isoformat())], "also in a file of an older schema"


def test_a_copy_says_what_lies_there_and_whether_it_could_come_back(shop: Path) -> None:
    """What is printed is the file's own, as `sha256sum` says it; what a restore would refuse is told when it is made."""
    made = tool.backup(shop, shop.parent / "one.zip", ZONE)
    raw = (shop.parent / "one.zip").read_bytes()
    assert (made.size, made.sha256, made.wrong) == (len(raw), sha256(raw).hexdigest(), "")
    with closing(sqlite3.connect(shop / FILE)) as file, file:
        file.execute(WRONG_BOOKS)
    made = tool.backup(shop, shop.parent / "two.zip", ZONE)
    assert "breaks a law" in made.wrong
    with pytest.raises(BadConfig, match="breaks a law"):
        restore(shop, shop.parent / "two.zip", ZONE)
    assert not list(shop.parent.glob(".*")), "nothing is left lying about"
