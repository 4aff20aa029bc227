"""The file: open, migrate, the writer and the readers (house.md, "The writer").

A transaction is a plain function `work(tx) -> T`. `await store.write(work)` hands it to the one writer thread, which
takes what waits, runs each under its own savepoint inside one BEGIN IMMEDIATE … COMMIT and answers after the commit.
`write_each` hands over many at once: a future for each would cost more than the transaction itself.
No await can stand inside a transaction, and a refused one undoes itself alone. Reads are aiosqlite, query_only, two
connections: one for the flows, one for people.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiosqlite

from core.errors import BadConfig
from core.store import copying
from core.store import queries as named
from core.store.rows import Row
from core.store.schema import migrate, newest, number_of
from core.store.vault import KEY_FILE, Vault
from core.store.writer import Job, SqlValue, Tx, Writer, connect

__all__ = ["FILE", "Reader", "Row", "SqlValue", "Store", "Tx", "connect", "prepare"]

T = TypeVar("T")

FILE = "shop.db"
OLDEST_SQLITE = (3, 37, 0)


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
        try:
            writer = Writer(path, sql, vault)
            flows, people = [await _open_reader(path, sql, vault) for _ in range(2)]
        except sqlite3.Error as error:
            raise BadConfig(f"{path}: cannot be opened ({error})") from error
        return cls(path, writer, flows, people, vault)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run a transaction; returns (or raises) after it is durable."""
        outcome = (await self.write_each([work]))[0]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def write_each(self, works: Sequence[Callable[[Tx], T]]) -> list[T | BaseException]:
        """Run transactions in their order, each for itself; a result or an error for each, after they are durable."""
        job = Job(works, asyncio.get_running_loop())
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


@asynccontextmanager
async def open_reader(data_dir: Path) -> AsyncIterator[Reader]:
    """Read the file of a data folder beside a running shop, changing nothing.

    BadConfig when there is none, or its schema is not this program's: the shop brings it up to date when it starts.
    """
    path = data_dir / FILE
    if not path.is_file():
        raise BadConfig(f"{path}: there is no shop here")
    if (have := number_of(path)) != newest():
        raise BadConfig(f"{path}: its schema is {have}, not {newest()}; start the shop with this program first")
    reader = await _open_reader(path, named.load(), Vault.read(data_dir / KEY_FILE))
    try:
        yield reader
    finally:
        await reader.close()


def prepare(data_dir: Path) -> tuple[Path, Vault]:
    """Make the folder, the key and the file, and bring the schema up to date.

    BadConfig for a file without its key: a new one would open nothing that is sealed, and seal beside it.
    """
    check_sqlite(sqlite3.sqlite_version_info)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / FILE
    used = path.exists() and number_of(path) > 0
    vault = Vault.read(data_dir / KEY_FILE) if used else Vault.at(data_dir)
    copying.make_private(path)
    migrate(path)
    return path, vault


def check_sqlite(version: tuple[int, ...]) -> None:
    """BadConfig when the library is older than STRICT tables (3.37)."""
    if version < OLDEST_SQLITE:
        raise BadConfig(f"SQLite {'.'.join(map(str, version))} is too old; 3.37 or newer is needed")


async def _open_reader(path: Path, sql: Mapping[str, str], vault: Vault) -> Reader:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=256)
    connection.row_factory = sqlite3.Row
    await connection.execute("PRAGMA query_only = ON")
    await connection.execute("PRAGMA busy_timeout = 5000")
    await connection.execute("PRAGMA cache_size = -4000")
    return Reader(connection, sql, vault)
