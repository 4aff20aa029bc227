"""The one thread that writes: group commit with a savepoint for each transaction (house.md, "The writer")."""

import asyncio
import queue
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import orjson

from core.errors import Transient
from core.store.vault import Vault

SqlValue = str | int | float | bytes | None
Params = Mapping[str, SqlValue]

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
        self.sums: list[tuple[str, tuple[tuple[str, SqlValue], ...], int]] = []
        """What this group adds to roll-ups, not yet written."""
        self.rows: list[tuple[str, tuple[SqlValue, ...]]] = []
        """What else it left for its end."""

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

    def add_up(self, name: str, value: int, /, **key: SqlValue) -> None:
        """Add to a roll-up. Written once for the whole group, just before its commit: thousands add to the same row."""
        self.sums.append((name, tuple(key.items()), value))

    def later(self, name: str, *row: SqlValue) -> None:
        """Change a row together with others of the group, by one statement that takes them all as a list `rows`.

        Only for what no transaction reads and no constraint can refuse: a refusal would be the whole group's.
        """
        self.rows.append((name, row))

    def left(self) -> tuple[int, int]:
        """How much is left for the end so far."""
        return len(self.sums), len(self.rows)

    def drop_rest(self, left: tuple[int, int] = (0, 0)) -> None:
        """Forget what was left for the end since then: the transaction that left it was undone."""
        del self.sums[left[0] :], self.rows[left[1] :]

    def write_rest(self) -> None:
        """Write what was left for the end: sums (the statement takes the key and the `value` to add) and rows."""
        totals: Counter[tuple[str, tuple[tuple[str, SqlValue], ...]]] = Counter()
        for name, key, value in self.sums:
            totals[name, key] += value
        self.sums.clear()
        for (name, key), value in totals.items():
            self.run(name, value=value, **dict(key))
        for name in {name for name, _ in self.rows}:
            self.run(name, rows=orjson.dumps([row for one, row in self.rows if one == name]).decode())
        self.rows.clear()


class Job:
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
    """The one thread that writes: group commit with a savepoint for each transaction. sqlite3.Error without a file."""

    def __init__(self, path: Path, sql: Mapping[str, str], vault: Vault) -> None:
        self.on_commit: Callable[[AbstractSet[str]], None] = lambda _: None
        self._closed = False
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._sql = sql
        self._vault = vault
        self._connection = connect(path)  # here: a thread that died of it would leave every write waiting for ever
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a transaction; RuntimeError when the store is closed."""
        if self._closed:
            raise RuntimeError("the store is closed")
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        connection = self._connection
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

    def _answer(self, loop: asyncio.AbstractEventLoop, jobs: Sequence[Job], ran: AbstractSet[str]) -> None:
        def answer_all() -> None:
            for job in jobs:
                job.answer()
            self.on_commit(ran)

        if not loop.is_closed():
            loop.call_soon_threadsafe(answer_all)

    def _take(self) -> tuple[list[Job], bool]:
        group: list[Job] = []
        size = 0
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            size += len(job.works)
            if size >= GROUP or self._jobs.empty():
                return group, True
            job = self._jobs.get()
        return group, False

    def _commit(self, connection: sqlite3.Connection, tx: Tx, group: Sequence[Job]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in group:
                job.outcomes = [_run(connection, tx, work) for work in job.works]
            tx.write_rest()
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            tx.drop_rest()
            unwritable = Transient("store_unwritable", reason=str(error))
            unwritable.__cause__ = error
            for job in group:
                job.outcomes = [unwritable] * len(job.works)


def _run(connection: sqlite3.Connection, tx: Tx, work: Callable[[Tx], object]) -> object:
    """Run one transaction under its savepoint: its result, or its own error, which undid it alone."""
    connection.execute("SAVEPOINT job")
    left = tx.left()
    try:
        outcome = work(tx)
    except BaseException as error:
        if is_unwritable(error) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO job")
        tx.drop_rest(left)
        outcome = error
    connection.execute("RELEASE job")
    return outcome


def is_unwritable(error: BaseException) -> bool:
    """Whether the file is the reason, and no statement of ours: then nothing of the group can be kept."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in UNWRITABLE


def connect(path: Path) -> sqlite3.Connection:
    """A writing connection with the shop's pragmas."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
