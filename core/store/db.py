"""The file: open, migrate, the writer and the readers (house.md, "The writer").

A transaction is a plain function `work(tx) -> T`. `await store.write(work)` hands it to the one writer thread, which
takes what waits, runs each under its own savepoint inside one BEGIN IMMEDIATE … COMMIT and answers after the commit.
`write_each` hands over many at once: a future for each would cost more than the transaction itself.
No await can stand inside a transaction, and a refused one undoes itself alone. Reads are aiosqlite, query_only, two
connections: one for the flows, one for people.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from core.errors import BadConfig, Transient
from core.store import queries as named
from core.store.vault import Vault

T = TypeVar("T")
SqlValue = str | int | float | bytes | None
Params = Mapping[str, SqlValue]

FILE = "shop.db"
OLDEST_SQLITE = (3, 37, 0)
GROUP = 200
UNWRITABLE = frozenset({5, 6, 7, 8, 10, 13, 14})
"""SQLite's result codes for a file that cannot be written: busy, locked, no memory, read-only, I/O error, full."""
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
)


class Tx:
    """One transaction on the writer's connection; statements are named (core/store/queries.py)."""

    def __init__(self, connection: sqlite3.Connection, sql: Mapping[str, str], vault: Vault) -> None:
        self._connection = connection
        self._sql = sql
        self.vault = vault
        self.ran: set[str] = set()
        """The names of the statements of this group: who waits for news learns by them."""

    def one(self, name: str, /, **params: SqlValue) -> sqlite3.Row | None:
        """The first row, or None."""
        self.ran.add(name)
        row: sqlite3.Row | None = self._connection.execute(self._sql[name], params).fetchone()
        return row

    def all(self, name: str, /, **params: SqlValue) -> list[sqlite3.Row]:
        """Every row."""
        return self._connection.execute(self._sql[name], params).fetchall()

    def run(self, name: str, /, **params: SqlValue) -> int:
        """Execute a change; how many rows it touched."""
        self.ran.add(name)
        return self._connection.execute(self._sql[name], params).rowcount

    def insert(self, name: str, /, **params: SqlValue) -> int:
        """Execute an INSERT; the new row's id."""
        self.ran.add(name)
        return self._connection.execute(self._sql[name], params).lastrowid or 0

    def run_each(self, name: str, rows: Iterable[Params]) -> int:
        """Execute a change for each row of parameters; how many rows were touched in all."""
        self.ran.add(name)
        return self._connection.executemany(self._sql[name], rows).rowcount


class Reader:
    """A query_only connection: the same named statements, awaited."""

    def __init__(self, connection: aiosqlite.Connection, sql: Mapping[str, str], vault: Vault) -> None:
        self._connection = connection
        self._sql = sql
        self.vault = vault

    async def one(self, name: str, /, **params: SqlValue) -> sqlite3.Row | None:
        """The first row, or None."""
        rows = await self.all(name, **params)
        return rows[0] if rows else None

    async def all(self, name: str, /, **params: SqlValue) -> list[sqlite3.Row]:
        """Every row."""
        return list(await self._connection.execute_fetchall(self._sql[name], params))

    async def close(self) -> None:
        """Close the connection and its thread."""
        await self._connection.close()


class _Job:
    """Transactions on their way to the writer thread, and whoever waits for them."""

    def __init__(self, works: Sequence[Callable[[Tx], Any]], loop: asyncio.AbstractEventLoop) -> None:
        self.works = works
        self.loop = loop
        self.future: asyncio.Future[list[Any]] = loop.create_future()
        self.outcomes: list[Any] = []
        """A result or an error for each."""

    def answer(self) -> None:
        """Tell whoever waits (on its own loop)."""
        if not self.future.done():
            self.future.set_result(self.outcomes)


class Writer:
    """The one thread that writes: group commit with a savepoint for each transaction."""

    def __init__(self, path: Path, sql: Mapping[str, str], vault: Vault) -> None:
        self.on_commit: Callable[[AbstractSet[str]], None] = lambda _: None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._path = path
        self._sql = sql
        self._vault = vault
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: _Job) -> None:
        """Queue a transaction."""
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        connection = connect(self._path)
        tx = Tx(connection, self._sql, self._vault)
        open_ = True
        while open_:
            group, open_ = self._take()
            if group:
                self._commit(connection, tx, group)
                for loop in {id(job.loop): job.loop for job in group}.values():
                    self._answer(loop, [job for job in group if job.loop is loop], tx.ran)
                tx.ran = set()
        connection.close()

    def _answer(self, loop: asyncio.AbstractEventLoop, jobs: Sequence[_Job], ran: AbstractSet[str]) -> None:
        def answer_all() -> None:
            for job in jobs:
                job.answer()
            self.on_commit(ran)

        if not loop.is_closed():
            loop.call_soon_threadsafe(answer_all)

    def _take(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        size = 0
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            size += len(job.works)
            if size >= GROUP or self._jobs.empty():
                return group, True
            job = self._jobs.get()
        return group, False

    def _commit(self, connection: sqlite3.Connection, tx: Tx, group: Sequence[_Job]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in group:
                job.outcomes = [_run(connection, tx, work) for work in job.works]
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            unwritable = Transient("store_unwritable", reason=str(error))
            unwritable.__cause__ = error
            for job in group:
                job.outcomes = [unwritable] * len(job.works)


def _run(connection: sqlite3.Connection, tx: Tx, work: Callable[[Tx], object]) -> object:
    """Run one transaction under its savepoint: its result, or its own error, which undid it alone."""
    connection.execute("SAVEPOINT job")
    try:
        outcome = work(tx)
    except BaseException as error:
        if is_unwritable(error) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO job")
        outcome = error
    connection.execute("RELEASE job")
    return outcome


def is_unwritable(error: BaseException) -> bool:
    """Whether the file is the reason, and no statement of ours: then nothing of the group can be kept."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in UNWRITABLE


class Store:
    """The shop's memory: one file, one writer, two readers."""

    def __init__(self, path: Path, writer: Writer, flows: Reader, people: Reader, vault: Vault) -> None:
        self.path = path
        self.flows = flows
        self.people = people
        self.vault = vault
        self._writer = writer

    @classmethod
    async def open(cls, data_dir: Path, replaced: Mapping[str, str] | None = None) -> "Store":
        """Open (and make or migrate) the file of a data folder; BadConfig when it cannot be used."""
        path, vault = await asyncio.to_thread(prepare, data_dir)
        sql = {**named.load(), **(replaced or {})}
        flows, people = [await _open_reader(path, sql, vault) for _ in range(2)]
        return cls(path, Writer(path, sql, vault), flows, people, vault)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run a transaction; returns (or raises) after it is durable."""
        outcome = (await self.write_each([work]))[0]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def write_each(self, works: Sequence[Callable[[Tx], T]]) -> list[T | BaseException]:
        """Run transactions in their order, each for itself; a result or an error for each, after they are durable."""
        job = _Job(works, asyncio.get_running_loop())
        self._writer.submit(job)
        return await job.future

    def on_commit(self, tell: Callable[[AbstractSet[str]], None]) -> None:
        """Have someone told after each group commit which statements it ran: there may be news for whoever waits."""
        self._writer.on_commit = tell

    async def close(self) -> None:
        """Finish what is queued and close every connection."""
        await asyncio.to_thread(self._writer.close)
        await self.flows.close()
        await self.people.close()


def prepare(data_dir: Path) -> tuple[Path, Vault]:
    """Make the folder, the key and the file, and bring the schema up to date."""
    check_sqlite(sqlite3.sqlite_version_info)
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE
    vault = Vault.at(data_dir)
    migrate(path)
    return path, vault


def check_sqlite(version: tuple[int, ...]) -> None:
    """BadConfig when the library is older than STRICT tables (3.37)."""
    if version < OLDEST_SQLITE:
        raise BadConfig(f"SQLite {'.'.join(map(str, version))} is too old; 3.37 or newer is needed")


def connect(path: Path) -> sqlite3.Connection:
    """A writing connection with the shop's pragmas."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


async def _open_reader(path: Path, sql: Mapping[str, str], vault: Vault) -> Reader:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=256)
    connection.row_factory = sqlite3.Row
    await connection.execute("PRAGMA query_only = ON")
    await connection.execute("PRAGMA busy_timeout = 5000")
    await connection.execute("PRAGMA cache_size = -4000")
    return Reader(connection, sql, vault)


def migrations() -> list[str]:
    """The migration scripts in order."""
    folder = files("core.store") / "migrations"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [file.read_text("utf-8") for file in found]


def migrate(path: Path) -> None:
    """Bring the file to the newest schema, one transaction a script; BadConfig when it is newer than this program."""
    scripts = migrations()
    try:
        connection = connect(path)
    except sqlite3.Error as error:
        raise BadConfig(f"{path}: not a database this shop can open ({error})") from error
    try:
        have = connection.execute("PRAGMA user_version").fetchone()[0]
        if have > len(scripts):
            raise BadConfig(f"{path}: made by a newer zhanggui (schema {have}); this one knows up to {len(scripts)}")
        for number, script in enumerate(scripts[have:], start=have + 1):
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
    finally:
        connection.close()
