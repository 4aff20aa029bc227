"""The writer: one commit for what waits, each transaction for itself, nothing answered that is not durable."""

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest

from core.errors import BadConfig, IllegalMove, Transient
from core.store import copying
from core.store.db import FILE, Store, Tx, check_sqlite, prepare
from core.store.schema import migrate, migrations
from core.store.vault import KEY_FILE, Vault
from core.store.writer import Writer

FULL = {"test.full": "PRAGMA max_page_count = 1"}


@pytest.fixture
async def store(tmp_path: Path):
    store = await Store.open(tmp_path, FULL)
    yield store
    await store.close()


def bind(tx: Tx, chat: str) -> None:
    tx.run("rooms.bind", chat=chat, kind="group", title="", now=0)


async def chats(store: Store) -> int:
    return (await store.people._connection.execute_fetchall("SELECT count(*) FROM rooms"))[0][0]


async def test_many_at_once_are_each_answered(store: Store) -> None:
    results = await asyncio.gather(*(store.write(lambda tx, n=n: (bind(tx, f"c{n}"), n)[1]) for n in range(500)))
    assert results == list(range(500))
    assert await chats(store) == 500


async def test_a_refused_one_undoes_itself_alone(store: Store) -> None:
    def refuse(tx: Tx) -> None:
        bind(tx, "refused")
        raise IllegalMove("no")

    works = [lambda tx, n=n: bind(tx, f"c{n}") for n in range(3)]
    results = await asyncio.gather(
        store.write(works[0]), store.write(refuse), store.write(works[1]), return_exceptions=True
    )
    assert isinstance(results[1], IllegalMove)
    assert await chats(store) == 2


async def test_many_handed_over_together_are_each_for_themselves(store: Store) -> None:
    def refuse(tx: Tx) -> None:
        bind(tx, "refused")
        raise IllegalMove("no")

    outcomes = await store.write_each([lambda tx: bind(tx, "a"), refuse, lambda tx: bind(tx, "b")])
    assert [type(outcome) for outcome in outcomes] == [type(None), IllegalMove, type(None)]
    assert await chats(store) == 2


async def test_a_bug_in_one_does_not_end_the_writer(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.write(lambda tx: tx.run("no.such_statement"))
    with pytest.raises(sqlite3.ProgrammingError):
        await store.write(lambda tx: tx.run("rooms.bind"))
    await store.write(lambda tx: bind(tx, "after"))
    assert await chats(store) == 1


async def test_whoever_stopped_waiting_still_had_it_written(store: Store) -> None:
    task = asyncio.create_task(store.write(lambda tx: bind(tx, "left")))
    await asyncio.sleep(0)
    task.cancel()
    await store.write(lambda tx: bind(tx, "next"))
    assert await chats(store) == 2


async def test_a_full_disk_is_transient_for_the_whole_group_and_no_bug(store: Store) -> None:
    await store.write(lambda tx: tx.all("test.full"))

    def grow(tx: Tx) -> None:
        for n in range(2000):
            bind(tx, f"{n}-{'x' * 500}")

    results = await asyncio.gather(store.write(lambda tx: bind(tx, "small")), store.write(grow), return_exceptions=True)
    assert isinstance(results[1], Transient)
    assert results[1].key == "store_unwritable"
    assert await chats(store) in (0, 1)


async def test_an_error_swallowed_after_the_disk_was_full_cannot_be_answered_as_done(store: Store) -> None:
    await store.write(lambda tx: tx.all("test.full"))

    def swallow(tx: Tx) -> str:
        try:
            for n in range(2000):
                bind(tx, f"{n}-{'x' * 500}")
        except sqlite3.OperationalError:
            raise ValueError("hidden") from None
        return "done"

    with pytest.raises((ValueError, Transient)):
        await store.write(swallow)
    with pytest.raises((Transient, sqlite3.OperationalError)):
        await store.write(lambda tx: [bind(tx, f"{n}-{'x' * 500}") for n in range(2000)])
    await store.write(lambda tx: tx.one("health.heartbeat"))


async def test_what_was_answered_is_in_the_file_when_the_power_goes(tmp_path: Path) -> None:
    store = await Store.open(tmp_path)
    await store.write(lambda tx: bind(tx, "durable"))
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob(f"{FILE}*"):
        (copy / file.name).write_bytes(file.read_bytes())
    connection = sqlite3.connect(copy / FILE)
    assert connection.execute("SELECT chat FROM rooms").fetchall() == [("durable",)]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    await store.close()


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await store.flows.all("rooms.bind", chat="c", kind="group", title="", now=0)


async def test_a_commit_tells_which_statements_it_ran(store: Store) -> None:
    heard: list[set[str]] = []
    store.on_commit(lambda names: heard.append(set(names)))
    await store.write(lambda tx: bind(tx, "c"))
    await asyncio.sleep(0)
    assert {"rooms.bind"} in heard


def test_the_file_is_brought_up_to_date_once(tmp_path: Path) -> None:
    path, _ = prepare(tmp_path)
    migrate(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
    connection.close()


@pytest.mark.parametrize("before", [None, 0o644])
async def test_only_its_user_may_read_the_file_and_its_log(tmp_path: Path, before: int | None) -> None:
    if before is not None:
        prepare(tmp_path)
        (tmp_path / FILE).chmod(before)
    former = os.umask(0)
    try:
        store = await Store.open(tmp_path)
        await store.write(lambda tx: bind(tx, "here"))
        copying.copy(tmp_path / FILE, tmp_path / "copy.db")
        files = [path for path in tmp_path.iterdir() if path.is_file()]
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in files}
        await store.close()
    finally:
        os.umask(former)
    assert set(modes.values()) == {"0o600"}, modes
    assert {FILE, f"{FILE}-wal", "copy.db", "key"} <= set(modes)


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path, _ = prepare(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(BadConfig, match="newer"):
        migrate(path)


def test_something_else_than_a_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is a letter to my aunt, not a database " * 40)
    with pytest.raises(BadConfig, match="not a database"):
        prepare(tmp_path)


def test_an_old_sqlite_is_refused() -> None:
    check_sqlite((3, 37, 0))
    with pytest.raises(BadConfig, match="too old"):
        check_sqlite((3, 36, 9))


def test_a_file_that_cannot_be_written_is_said_at_once(tmp_path):
    """A writer that died in its thread would leave everybody waiting."""
    with pytest.raises(sqlite3.OperationalError):
        Writer(tmp_path / "nowhere" / "shop.db", {}, Vault.at(tmp_path))


async def test_a_shop_whose_key_is_gone_does_not_get_a_new_one(tmp_path):
    await (await Store.open(tmp_path)).close()
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(BadConfig, match="no key file"):
        await Store.open(tmp_path)
    assert not (tmp_path / KEY_FILE).exists()
