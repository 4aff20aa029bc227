"""The yardstick: the very rows that the shop wrote, written again by bare SQLite in groups of 100."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from core.store.db import connect
from core.store.schema import migrate

GROUP = 100
ROWS = {
    "inbox": "kind = 'order'",
    "payloads": "inbox_id IN (SELECT id FROM inbox WHERE kind = 'order')",
    "orders": "1",
    "history": "machine = 'order' AND version = 1",
    "outbox": "kind = 'look_up'",
}
"""What each order frame leaves behind: its raw record, the order, its birth, and the look-up planned for it."""


def rows_per_s(file: Path, copy: Path, count: int) -> float:
    """Order frames' rows a second, `synchronous=FULL`, the same schema and indexes, one commit for 100 of them."""
    migrate(copy)
    with closing(sqlite3.connect(file)) as source, closing(connect(copy)) as target:
        return _copy(source, target, count)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, count: int) -> float:
    target.execute("PRAGMA foreign_keys = OFF")
    inserts, rows = {}, {}
    for table, where in ROWS.items():
        found = source.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY rowid LIMIT ?", (count,)).fetchall()
        rows[table] = found
        inserts[table] = f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})"
    began_s = time.perf_counter()
    for start in range(0, count, GROUP):
        target.execute("BEGIN IMMEDIATE")
        for table, insert in inserts.items():
            target.executemany(insert, rows[table][start : start + GROUP])
        target.execute("COMMIT")
    return count / (time.perf_counter() - began_s)
